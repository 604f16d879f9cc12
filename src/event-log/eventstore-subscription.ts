import { setTimeout as pause } from 'node:timers/promises'
import {
  LogUnavailableError,
  type Batch,
  type Position,
  type RecordedEvent,
  type SubscribeOptions,
} from './event-log.ts'
import type { EventStoreParts } from './eventstore-calls.ts'
import { failureOf, LostClientError, SilentServerError, toLogError } from './eventstore-errors.ts'
import type { Feed } from './eventstore-feed.ts'
import { subscribeAfter } from './eventstore-filter.ts'
import type { Heads } from './eventstore-heads.ts'
import { beforeAll, fromServerEvent, laterOf } from './eventstore-record.ts'

/** The most events of a batch, where its reader names no number. */
const defaultBatchSize = 500

export interface FollowOptions extends SubscribeOptions {
  /** Told of every failure that is got over. */
  readonly onTrouble: (error: unknown) => void
}

/**
 * Catches up, then follows, until the signal aborts or the log closes. The client's subscriptions end with the first error;
 * this one begins again behind the last event that its reader was given, with growing pauses, for as long as it takes.
 */
export async function* followLog(
  parts: EventStoreParts,
  heads: Heads,
  { after, signal, batchSize = defaultBatchSize, onTrouble }: FollowOptions,
): AsyncGenerator<Batch> {
  const { connection, limits } = parts
  const over = eitherOf(signal, parts.closing)
  let last = after ?? beforeAll
  let toldCaughtUp = false
  let failures = 0
  try {
    while (!over.signal.aborted) {
      const lease = connection.lease()
      let feed: Feed | undefined
      try {
        await heads.ask()
        last = laterOf(last, heads.beginning())
        feed = subscribeAfter(parts, lease, last, over.signal)
        while (!over.signal.aborted) {
          const events = await gather(parts, heads, feed, { last, atLeast: toldCaughtUp ? 1 : 0, batchSize })
          if (over.signal.aborted) return
          failures = 0
          last = events.at(-1)?.position ?? last
          const caughtUp = last >= heads.known()
          toldCaughtUp ||= caughtUp
          yield { events, caughtUp }
        }
      } catch (error) {
        if (over.signal.aborted) return
        const trouble = toLogError(connection.server, error)
        if (!(trouble instanceof LogUnavailableError)) throw trouble
        if (failureOf(error).kind === 'silent') connection.giveUp(lease)
        onTrouble(trouble)
        const pauseMs = Math.min(limits.maxRetryMs, limits.firstRetryMs * 2 ** failures)
        failures += 1
        await pause(pauseMs, undefined, { signal: over.signal }).catch(() => {})
      } finally {
        feed?.close()
      }
    }
  } finally {
    over.release()
  }
}

/**
 * The next events: a whole batch, or fewer that reach the end of the log as far as it is known. A subscription that is silent
 * while the log goes on has died unseen.
 */
async function gather(
  { limits, prefix }: EventStoreParts,
  heads: Heads,
  feed: Feed,
  { last, atLeast, batchSize }: { last: Position; atLeast: number; batchSize: number },
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  const end = () => events.at(-1)?.position ?? last
  while (events.length < atLeast || (events.length < batchSize && end() < heads.known())) {
    try {
      const taken = await feed.take(batchSize - events.length, limits.silenceMs)
      if (taken.length === 0) throw new LostClientError('its subscription ended')
      for (const event of taken) events.push(fromServerEvent(event, prefix))
      heads.hear(end())
    } catch (error) {
      if (!(error instanceof SilentServerError) || (await heads.ask()) > end()) throw error
    }
  }
  return events
}

/** Aborts with the first of the two. Unlike `AbortSignal.any` it leaves nothing behind on a signal that lives long. */
function eitherOf(one: AbortSignal, other: AbortSignal): { signal: AbortSignal; release(): void } {
  const either = new AbortController()
  const abort = () => either.abort()
  for (const signal of [one, other]) {
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
  }
  return {
    signal: either.signal,
    release() {
      for (const signal of [one, other]) signal.removeEventListener('abort', abort)
    },
  }
}
