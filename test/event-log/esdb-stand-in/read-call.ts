import shared from '@eventstore/db-client/generated/shared_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import { serverError, type Fault, type Method } from './faults.ts'
import type { HeldEvent, ServerStore } from './server-store.ts'

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>

export interface ReadOptions {
  readonly store: ServerStore
  readonly takeFault: (method: Method) => Fault | undefined
  readonly dropWire: () => void
  readonly halfCloseWire: () => void
  readonly leaderPort: number
  /** Changes what is sent of an event, to make it look damaged. */
  readonly rewrite: (event: HeldEvent) => HeldEvent
  readonly passOver: () => Promise<void>
  /** An event has been handed to a subscription's call. */
  readonly onSent: () => void
}

/** Reads of one stream and of all, in either direction, and subscriptions to all. */
export function answerRead(call: ReadCall, server: ReadOptions): void {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options()
  call.on('error', () => {})
  const fault = server.takeFault(options.hasSubscription() ? 'subscribe' : 'read')
  switch (fault) {
    case 'not-leader':
    case 'starting':
    case 'shutting-down':
    case 'denied':
      call.emit('error', serverError(fault, server.leaderPort))
      return
    case 'silent':
    case 'silent-after':
      return
    case 'lost-after':
      return server.dropWire()
    case 'half-closed-after':
      return server.halfCloseWire()
    case 'ended':
      return void call.end()
    case 'answered-twice':
    case undefined:
  }
  if (options.hasSubscription()) subscribe(call, options, server)
  else if (options.hasStream()) readStream(call, options, server)
  else readAll(call, options, server)
}

function readStream(call: ReadCall, options: streams.ReadReq.Options, { store, rewrite }: ReadOptions): void {
  const from = options.getStream()
  const identifier = from?.getStreamIdentifier()
  const held = store.stream(Buffer.from(identifier?.getStreamName_asU8() ?? []).toString())
  if (held.length === 0) {
    const notFound = new streams.ReadResp.StreamNotFound()
    notFound.setStreamIdentifier(identifier)
    const response = new streams.ReadResp()
    response.setStreamNotFound(notFound)
    call.write(response)
  }
  const revision = from?.hasRevision() ? Number(from.getRevision()) : from?.hasEnd() ? held.length - 1 : 0
  const events = isBackwards(options) ? held.slice(0, revision + 1).toReversed() : held.slice(revision)
  void sendThenEnd(call, events.slice(0, Number(options.getCount())), rewrite)
}

function readAll(
  call: ReadCall,
  options: streams.ReadReq.Options,
  { store, rewrite, leaderPort }: ReadOptions,
): void {
  const from = options.getAll()
  const commit = from?.hasPosition() ? BigInt(from.getPosition()?.getCommitPosition() ?? 0) : undefined
  const end = store.all.at(-1)?.position ?? 0n
  if (commit !== undefined && commit <= end && !store.all.some(({ position }) => position === commit)) {
    call.emit('error', serverError('bad-position', leaderPort))
    return
  }
  const at = commit ?? (from?.hasEnd() ? end + 1n : 0n)
  const events = isBackwards(options)
    ? store.all.filter(({ position }) => position < at).toReversed()
    : store.all.filter(({ position }) => position >= at)
  void sendThenEnd(call, events.slice(0, Number(options.getCount())), rewrite)
}

/** Exclusive, filtered by the server, with checkpoints that run ahead of what the client has taken. */
function subscribe(
  call: ReadCall,
  options: streams.ReadReq.Options,
  { store, rewrite, passOver, onSent }: ReadOptions,
): void {
  const from = options.getAll()
  const prefixes = options.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? ['']
  let last = from?.hasPosition() ? BigInt(from.getPosition()?.getCommitPosition() ?? 0) : -1n
  let next = store.all.findIndex(({ position }) => position > last)
  if (next === -1) next = store.all.length
  const confirmation = new streams.ReadResp.SubscriptionConfirmation()
  confirmation.setSubscriptionId('stand-in')
  const confirmed = new streams.ReadResp()
  confirmed.setConfirmation(confirmation)
  call.write(confirmed)

  let isSending = false
  const send = async () => {
    if (isSending) return
    isSending = true
    for (; next < store.all.length && !call.cancelled && !call.destroyed; next += 1) {
      const event = store.all[next]
      if (event === undefined) break
      last = event.position
      if (prefixes.some((prefix) => event.stream.startsWith(prefix))) {
        onSent()
        await write(call, eventResponse(rewrite(event)))
      } else {
        await passOver()
        await write(call, checkpointResponse(store.all.at(-1)?.position ?? last))
      }
    }
    isSending = false
  }
  const cancel = store.onAppend(() => void send())
  call.on('cancelled', cancel)
  call.on('close', cancel)
  void send()
}

function isBackwards(options: streams.ReadReq.Options): boolean {
  return options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS
}

async function sendThenEnd(
  call: ReadCall,
  events: readonly HeldEvent[],
  rewrite: ReadOptions['rewrite'],
): Promise<void> {
  for (const event of events) {
    if (call.cancelled || call.destroyed) return
    await write(call, eventResponse(rewrite(event)))
  }
  call.end()
}

const endings = ['drain', 'cancelled', 'close']

function write(call: ReadCall, response: streams.ReadResp): Promise<void> | undefined {
  if (call.write(response)) return undefined
  return new Promise((resolve) => {
    const done = () => {
      for (const event of endings) call.removeListener(event, done)
      resolve()
    }
    for (const event of endings) call.once(event, done)
  })
}

function eventResponse(event: HeldEvent): streams.ReadResp {
  const id = new shared.UUID()
  id.setString(event.id)
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(event.stream).toString('base64'))
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
  recorded.setId(id)
  recorded.setStreamIdentifier(identifier)
  recorded.setStreamRevision(String(event.revision))
  recorded.setCommitPosition(String(event.position))
  recorded.setPreparePosition(String(event.position))
  recorded.getMetadataMap().set('type', event.type).set('content-type', event.contentType).set('created', '0')
  recorded.setData(event.data)
  recorded.setCustomMetadata(event.metadata)
  const read = new streams.ReadResp.ReadEvent()
  read.setEvent(recorded)
  read.setCommitPosition(String(event.position))
  const response = new streams.ReadResp()
  response.setEvent(read)
  return response
}

function checkpointResponse(position: bigint): streams.ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint()
  checkpoint.setCommitPosition(String(position))
  checkpoint.setPreparePosition(String(position))
  const response = new streams.ReadResp()
  response.setCheckpoint(checkpoint)
  return response
}
