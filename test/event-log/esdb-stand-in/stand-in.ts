import { setTimeout as pause } from 'node:timers/promises'
import features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import type streams from '@eventstore/db-client/generated/streams_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { Server, ServerCredentials, status, type sendUnaryData, type ServerDuplexStream } from '@grpc/grpc-js'
import type { Envelope } from '../../../schemas/envelope.ts'
import { answerAppend, type AppendCall } from './append-call.ts'
import { createFaults, type Faults } from './faults.ts'
import { answerRead, type ReadCall } from './read-call.ts'
import { createServerStore, foreignEvent, type HeldEvent, type ServerStore } from './server-store.ts'
import { openWire, type Wire } from './wire.ts'

/** A server that speaks EventStoreDB's protocol over real gRPC on loopback, with what a real one was seen to do wrong. */
export interface StandIn {
  readonly connectionString: string
  readonly store: ServerStore
  readonly faults: Faults
  readonly wire: Wire
  /** Calls that came, by method; `batchAppend` is the way that ends processes. */
  readonly calls: Record<'append' | 'batchAppend' | 'read', number>
  /** Events handed to the calls of subscriptions. */
  sent: number
  /** The names under which clients have called; each makes up its own. */
  readonly clients: ReadonlySet<string>
  /** Appends are stored here just before the server looks at one, as if by another process; once each. */
  readonly intrusions: (() => void)[]
  /** Stores an event as a log would, without going through one. */
  copyEvent(stream: string, event: Envelope): void
  /** Forgets all subscriptions without a word, and keeps their calls open. */
  muteSubscriptions(): void
  /** How long a filtered subscription takes to pass over an event of others. */
  passOverMs: number
  /** Changes what readers get of an event. */
  rewrite: (event: HeldEvent) => HeldEvent
  close(): Promise<void>
}

/** `isAlone`: neither the server itself nor other programs store anything beside what is asked for. */
export async function startStandIn({ isAlone = false } = {}): Promise<StandIn> {
  const store = createServerStore()
  const faults = createFaults()
  const server = new Server()
  const calls = { append: 0, batchAppend: 0, read: 0 }
  const intrusions: (() => void)[] = []
  const clients = new Set<string>()
  const note = ({ metadata }: AppendCall | ReadCall) => clients.add(metadata.get('connection-name').join())
  let foreign = 0
  // Whatever is stored, the server and other programs store something beside it.
  const addForeign = () => {
    if (isAlone) return
    store.append('$stats-127.0.0.1', [foreignEvent((foreign += 1), '$statsCollected')], 'any')
    store.append('others:orders-1', [foreignEvent((foreign += 1), 'OrderPlaced')], 'any')
  }
  const serve = () => ({
    store,
    leaderPort: wire.port,
    dropWire: () => wire.drop(),
    halfCloseWire: () => wire.halfClose(),
    rewrite: (event: HeldEvent) => standIn.rewrite(event),
    passOver: () => pause(standIn.passOverMs),
    onSent: () => {
      standIn.sent += 1
    },
  })
  server.addService(streamsService.StreamsService, {
    append: (call: AppendCall, answer: sendUnaryData<streams.AppendResp>) => {
      calls.append += 1
      note(call)
      const takeFault = () => {
        intrusions.shift()?.()
        return faults.take('append')
      }
      answerAppend(call, answer, { ...serve(), takeFault, onStored: addForeign })
    },
    read: (call: ReadCall) => {
      calls.read += 1
      note(call)
      answerRead(call, { ...serve(), takeFault: (method) => faults.take(method) })
    },
    batchAppend: (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
      calls.batchAppend += 1
      call.emit('error', { code: status.UNIMPLEMENTED, details: 'not this way' })
    },
  })
  server.addService(featuresService.ServerFeaturesService, {
    getSupportedMethods: (_: unknown, answer: sendUnaryData<features.SupportedMethods>) => {
      const batch = new features.SupportedMethod()
      batch.setServiceName('event_store.client.streams.streams')
      batch.setMethodName('batchappend')
      const supported = new features.SupportedMethods()
      supported.setEventStoreServerVersion('24.10.0')
      supported.setMethodsList([batch])
      answer(null, supported)
    },
  })
  const serverPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    )
  })
  const wire = await openWire(serverPort)
  addForeign()
  const standIn: StandIn = {
    connectionString: `esdb://127.0.0.1:${wire.port}?tls=false`,
    store,
    faults,
    wire,
    calls,
    sent: 0,
    clients,
    intrusions,
    copyEvent: (stream, { id, type, data, ...metadata }) => {
      const bytes = {
        data: Buffer.from(JSON.stringify(data)),
        metadata: Buffer.from(JSON.stringify(metadata)),
      }
      const last = store.stream(stream).length - 1
      store.append(stream, [{ id, type, contentType: 'application/json', ...bytes }], last)
    },
    muteSubscriptions: () => store.forgetListeners(),
    passOverMs: 0,
    rewrite: (event) => event,
    async close() {
      await wire.close()
      server.forceShutdown()
    },
  }
  return standIn
}
