import { setMaxListeners } from 'node:events'
import { encodeCall } from './append-limits.ts'
import { closedError } from './batches.ts'
import { AppendRefusedError, type AppendResult, type EventLog, type ExpectedRevision } from './event-log.ts'
import { appendCall, catchUp, requireSize, type AppendCall } from './eventstore-append.ts'
import type { EventStoreParts } from './eventstore-calls.ts'
import { connect } from './eventstore-client.ts'
import { createHeads } from './eventstore-heads.ts'
import { defaultEventStoreLimits, type EventStoreLimits } from './eventstore-limits.ts'
import { readAllForwards } from './eventstore-read-all.ts'
import { readAllBackwards, readStreamEvents } from './eventstore-read.ts'
import { beforeAll, toCommit } from './eventstore-record.ts'
import { followLog } from './eventstore-subscription.ts'
import { lanes } from './lanes.ts'
import { streamMemories } from './stream-memory.ts'

export interface EventStoreLogOptions extends Partial<EventStoreLimits> {
  /** `esdb://user:password@host:2113`, several hosts divided by commas, or `esdb+discover://name`. */
  readonly connectionString: string
  /** Names this log among all that the server holds; letters, digits, "_" and "-". */
  readonly prefix?: string
  /** Told of failures that a subscription gets over by itself. */
  readonly onTrouble?: (error: unknown) => void
}

/**
 * A log in EventStoreDB, KurrentDB or whatever speaks their gRPC protocol, beside other data. Several processes may share
 * it. One call is one append in the server: whole or not at all, at one exact revision, and so below `maxAppendBytes`.
 *
 * A server that is away is borne with for `retryForMs`; then calls throw `LogUnavailableError`, and subscriptions go on
 * trying. Throws that error too where the connection string cannot be used.
 */
export async function openEventStoreLog({
  connectionString,
  prefix = 'causeway',
  onTrouble = () => {},
  ...given
}: EventStoreLogOptions): Promise<EventLog> {
  const limits = { ...defaultEventStoreLimits, ...given }
  const closing = new AbortController()
  // Every read under way listens to it.
  setMaxListeners(0, closing.signal)
  // Names divide at the first colon, so no log's streams begin like those of another.
  const parts: EventStoreParts = {
    connection: connect(connectionString),
    limits,
    prefix: `${checkedPrefix(prefix)}:`,
    closing: closing.signal,
  }
  // What was being appended when the log closes is brought to its end, with the reads that it needs.
  const toItsEnd = new AbortController().signal
  setMaxListeners(0, toItsEnd)
  const appending: EventStoreParts = { ...parts, closing: toItsEnd }
  const heads = createHeads(parts)
  const memories = streamMemories(limits)
  const queue = lanes(limits.maxAppendsInFlight)
  let waitingBytes = 0
  let closed: Promise<void> | undefined

  const requireOpen = () => {
    if (closed !== undefined) throw closedError()
  }

  const revisionOf = async (stream: string): Promise<ExpectedRevision> => {
    requireOpen()
    const lastOne = readStreamEvents(parts, stream, { direction: 'backwards', maxEvents: 1 })
    for await (const [last] of lastOne) if (last !== undefined) return last.revision
    memories.learnIsNew(stream)
    return 'no_stream'
  }

  const enqueue = async (call: AppendCall): Promise<AppendResult> => {
    const bytes = call.events.reduce((sum, { text }) => sum + text.length, 0)
    if (waitingBytes > 0 && waitingBytes + bytes > limits.maxQueueBytes) {
      throw new AppendRefusedError(
        'queue-full',
        `${waitingBytes} bytes wait for the server, and ${limits.maxQueueBytes} may (maxQueueBytes): send again later`,
      )
    }
    waitingBytes += bytes
    try {
      return await queue.inTurn(call.stream, () => appendCall(appending, memories, heads, call))
    } finally {
      waitingBytes -= bytes
      memories.trim((stream) => queue.isBusy(stream))
    }
  }

  return {
    maxAppendBytes: limits.maxAppendBytes,
    append: async (stream, events, expected) => {
      requireOpen()
      const encoded = encodeCall(stream, events, limits)
      requireSize(encoded, limits.maxAppendBytes)
      if (encoded.length > 0) return enqueue({ stream, events: encoded, expected })
      // The server takes an empty append, whatever revision it names, and makes no stream of it.
      const last = await revisionOf(stream)
      const revision = last === 'no_stream' ? -1 : last
      return { kind: 'appended', revision, position: beforeAll, stored: [], duplicates: [], differing: [] }
    },
    readStream: (stream, options) => readStreamEvents(parts, stream, options),
    readAll: ({ direction, ...options } = {}) => {
      if (options.after !== undefined) toCommit(options.after)
      return direction === 'backwards'
        ? readAllBackwards(parts, options)
        : readAllForwards(parts, heads, options)
    },
    subscribe: (options) => followLog(parts, heads, { ...options, onTrouble }),
    prepare: async (stream) => {
      requireOpen()
      await queue.inTurn(stream, () => catchUp(parts, memories, memories.of(stream), stream))
    },
    revisionOf,
    head: async () => {
      requireOpen()
      const head = await heads.ask()
      return head === beforeAll ? undefined : head
    },
    close: () => {
      closed ??= (async () => {
        closing.abort()
        await queue.drain()
        parts.connection.release()
      })()
      return closed
    },
  }
}

function checkedPrefix(prefix: string): string {
  if (/^[\w-]{1,100}$/.test(prefix)) return prefix
  throw new RangeError(
    `"${prefix}" cannot begin the names of streams: use up to 100 letters, digits, "_" and "-"`,
  )
}
