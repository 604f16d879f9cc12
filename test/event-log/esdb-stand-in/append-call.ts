import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js'
import { serverError, type Fault } from './faults.ts'
import type { Expected, ProposedEvent, ServerStore, StoreResult } from './server-store.ts'

export type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>

export interface AppendOptions {
  readonly store: ServerStore
  readonly takeFault: () => Fault | undefined
  readonly dropWire: () => void
  readonly halfCloseWire: () => void
  readonly leaderPort: number
  readonly onStored: () => void
}

/** One append with its own stream of messages: options first, then an event each. */
export function answerAppend(
  call: AppendCall,
  answer: sendUnaryData<streams.AppendResp>,
  { store, takeFault, dropWire, halfCloseWire, leaderPort, onStored }: AppendOptions,
): void {
  let stream = ''
  let expected: Expected = 'any'
  const proposed: ProposedEvent[] = []
  call.on('data', (request: streams.AppendReq) => {
    const options = request.getOptions()
    const message = request.getProposedMessage()
    if (options !== undefined) {
      stream = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()
      expected = expectedOf(options)
    } else if (message !== undefined) proposed.push(proposedOf(message))
  })
  call.on('error', () => {})
  // A call that was given up ends too, with a part of its events, and is known to be cancelled a moment later.
  call.on('end', () => setImmediate(() => setImmediate(() => (call.cancelled ? undefined : handle()))))
  const handle = () => {
    const fault = takeFault()
    switch (fault) {
      case 'not-leader':
      case 'starting':
      case 'shutting-down':
      case 'denied':
        return answer(serverError(fault, leaderPort))
      case 'silent':
        return undefined
      case 'silent-after':
      case 'lost-after':
      case 'half-closed-after':
      case 'answered-twice':
      case 'ended':
      case undefined:
    }
    const result = store.append(stream, proposed, expected)
    if (result.kind === 'stored') onStored()
    if (fault === 'lost-after') return dropWire()
    if (fault === 'half-closed-after') return halfCloseWire()
    if (fault === 'silent-after') return undefined
    if (fault === 'answered-twice' && result.kind === 'stored') answer(null, responseOf(result))
    return result.kind === 'too-large'
      ? answer(serverError('too-large', leaderPort))
      : answer(null, responseOf(result))
  }
}

function expectedOf(options: streams.AppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream'
  return options.hasRevision() ? Number(options.getRevision()) : 'any'
}

function proposedOf(message: streams.AppendReq.ProposedMessage): ProposedEvent {
  const { mostSignificantBits = '0', leastSignificantBits = '0' } =
    message.getId()?.getStructured()?.toObject() ?? {}
  return {
    id: message.getId()?.getString() || uuidOf(BigInt(mostSignificantBits), BigInt(leastSignificantBits)),
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

function uuidOf(high: bigint, low: bigint): string {
  const hex = [high, low].map((bits) => BigInt.asUintN(64, bits).toString(16).padStart(16, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function responseOf(result: Exclude<StoreResult, { kind: 'too-large' }>): streams.AppendResp {
  const response = new streams.AppendResp()
  if (result.kind === 'stored') {
    const success = new streams.AppendResp.Success()
    success.setCurrentRevision(String(result.last))
    const position = new streams.AppendResp.Position()
    position.setCommitPosition(String(result.position))
    position.setPreparePosition(String(result.position))
    success.setPosition(position)
    response.setSuccess(success)
    return response
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion()
  if (result.current === -1) wrong.setCurrentNoStream(new shared.Empty())
  else wrong.setCurrentRevision(String(result.current))
  response.setWrongExpectedVersion(wrong)
  return response
}
