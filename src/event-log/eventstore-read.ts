import type { RecordedEvent as ServerEvent, ResolvedEvent, StreamingRead } from '@eventstore/db-client'
import { closedError } from './batches.ts'
import type { ReadAllOptions, ReadStreamOptions, RecordedEvent } from './event-log.ts'
import { patience, type EventStoreParts } from './eventstore-calls.ts'
import type { Lease } from './eventstore-client.ts'
import { failureOf } from './eventstore-errors.ts'
import { openFeed } from './eventstore-feed.ts'
import { fromServerEvent, toCommit } from './eventstore-record.ts'

/** The most events of a batch. */
const batchSize = 500
/** Where few events are wanted, so many are asked for first, lest the server send what nobody reads; then four times as many. */
const firstPageSize = 16
const pageGrowth = 4

interface ServerRead {
  /** Reads so many events behind the one that was read last; `undefined` where nothing can lie there. */
  open(
    lease: Lease,
    last: ServerEvent | undefined,
    maxCount: number,
  ): StreamingRead<ResolvedEvent> | undefined
  /** Ends the read with this event. */
  isEnd(event: ServerEvent): boolean
  readonly maxEvents: number
}

/** A finite read, which goes on behind the last event where the server was away in between. */
async function* readOn(parts: EventStoreParts, read: ServerRead): AsyncGenerator<readonly RecordedEvent[]> {
  const { connection, limits, prefix, closing } = parts
  const patient = patience(parts)
  let last: ServerEvent | undefined
  let left = read.maxEvents
  let pageSize = left > batchSize ? Number.MAX_SAFE_INTEGER : Math.max(left, firstPageSize)
  while (left > 0) {
    if (closing.aborted) throw closedError()
    const lease = connection.lease()
    const stream = read.open(lease, last, pageSize)
    if (stream === undefined) return
    const feed = openFeed(stream, lease, closing)
    let inPage = 0
    try {
      for (;;) {
        const passed = await feed.take(batchSize, limits.callTimeoutMs)
        if (closing.aborted) throw closedError()
        if (passed.length === 0) break
        patient.renew()
        inPage += passed.length
        const ours: RecordedEvent[] = []
        for (const event of passed) {
          if (event.streamId.startsWith(prefix) && ours.length < left) {
            ours.push(fromServerEvent(event, prefix))
          }
          last = event
        }
        left -= ours.length
        if (ours.length > 0) yield ours
        if (left === 0 || (last !== undefined && read.isEnd(last))) return
      }
      if (inPage < pageSize) return
      pageSize *= pageGrowth
    } catch (error) {
      if (failureOf(error).kind === 'no-stream') return
      await patient.afterFailure(lease, error)
    } finally {
      feed.close()
    }
  }
}

/** The events of one stream. One that does not exist has none. */
export function readStreamEvents(
  parts: EventStoreParts,
  stream: string,
  { fromRevision, direction = 'forwards', maxEvents = Number.POSITIVE_INFINITY }: ReadStreamOptions = {},
): AsyncGenerator<readonly RecordedEvent[]> {
  const step = direction === 'forwards' ? 1n : -1n
  const first = fromRevision === undefined ? undefined : BigInt(fromRevision)
  return readOn(parts, {
    open: ({ client }, last, maxCount) => {
      const from = last === undefined ? first : last.revision + step
      if (from !== undefined && from < 0n && direction === 'backwards') return undefined
      return client.readStream(parts.prefix + stream, {
        direction,
        maxCount,
        requiresLeader: true,
        fromRevision: from ?? (direction === 'forwards' ? 'start' : 'end'),
      })
    },
    isEnd: () => false,
    maxEvents,
  })
}

/** Our events among all that the server holds, backwards. `isEnd` is asked of other events too. */
export function readAllBackwards(
  parts: EventStoreParts,
  { after, maxEvents = Number.POSITIVE_INFINITY }: Omit<ReadAllOptions, 'direction'>,
  isEnd: ServerRead['isEnd'] = () => false,
): AsyncGenerator<readonly RecordedEvent[]> {
  const start = after === undefined ? undefined : toCommit(after)
  return readOn(parts, {
    open: ({ client }, last, maxCount) => {
      if (start === 0n) return undefined
      const commit = last === undefined ? start : last.position?.commit
      return client.readAll({
        direction: 'backwards',
        maxCount,
        fromPosition: commit === undefined ? 'end' : { commit, prepare: commit },
      }) as StreamingRead<ResolvedEvent>
    },
    isEnd,
    maxEvents,
  })
}
