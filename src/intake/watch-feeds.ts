import type { FeedSilence } from '../../projections/feed-silence.ts'
import { eventId } from '../../schemas/event-id.ts'
import { schemaVersionOf, type Event } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Clock } from '../pipeline/clock.ts'
import type { Writer } from '../pipeline/writer.ts'
import type { FeedMonitor, FeedState } from './feed-monitor.ts'

export interface FeedWatchOptions {
  readonly feeds: Pick<FeedMonitor, 'states'>
  /** What the log has of it. */
  readonly silences: () => readonly FeedSilence[]
  /** Of several processes the one that decides tells. */
  readonly decides: () => Promise<boolean>
  readonly clock: Clock
  readonly writer: Pick<Writer, 'write'>
  /** See `limits`. */
  readonly feedSteadyMs: number
  /** Told where the log takes nothing; it is looked at again. */
  readonly onTrouble: (error: unknown) => void
}

export interface FeedWatch {
  /** Resolves once no look is under way. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** How often it looks. */
const lookEveryMs = 5_000

/**
 * Records that a source fell silent, and that it returned, once either has held for `feedSteadyMs`. What was recorded is
 * compared with what the monitor sees, so a restart says nothing twice: and what a silence is named by, its source and
 * beginning, names the event too.
 */
export function watchFeeds(options: FeedWatchOptions): FeedWatch {
  const { clock, writer, feeds, feedSteadyMs } = options
  /** Since when silent sources are well again. */
  const wellSinceMs = new Map<string, number>()
  let looking = Promise.resolve()
  let cancel: (() => void) | undefined
  let isOver = false

  async function look(): Promise<void> {
    const states = new Map(feeds.states().map((state) => [state.source, state]))
    const recorded = new Map(options.silences().map((silence) => [silence.source, silence]))
    if (recorded.size === 0 && ![...states.values()].some(({ stale }) => stale)) return
    if (!(await options.decides())) return wellSinceMs.clear()
    const nowMs = clock.nowMs()
    const events: Event[] = []
    for (const state of states.values()) {
      if (state.stale && !recorded.has(state.source)) events.push(...fallen(state, nowMs, feedSteadyMs))
    }
    for (const silence of recorded.values()) {
      const { source } = silence
      if (states.get(source)?.stale === true) {
        wellSinceMs.delete(source)
        continue
      }
      const sinceMs = Math.min(wellSinceMs.get(source) ?? nowMs, nowMs)
      wellSinceMs.set(source, sinceMs)
      if (nowMs - sinceMs >= feedSteadyMs) events.push(returned(silence, sinceMs, nowMs))
    }
    if (events.length > 0) await writer.write(events)
  }

  function lookAgain(): void {
    cancel = clock.at(clock.nowMs() + lookEveryMs, () => {
      looking = look()
        .catch(options.onTrouble)
        .then(() => (isOver ? undefined : lookAgain()))
    })
  }
  lookAgain()

  return {
    settled: () => looking,
    async stop() {
      isOver = true
      cancel?.()
      await looking
    },
  }
}

function fallen(
  { source, reason, staleSince, goodUntil }: FeedState,
  nowMs: number,
  steadyMs: number,
): Event[] {
  if (reason === undefined || staleSince === undefined || goodUntil === undefined) return []
  if (nowMs - toMs(staleSince) < steadyMs) return []
  const data = { source, since: goodUntil, reason }
  return [
    ownEvent('FeedFellSilent', data, {
      notification: `${source}@${goodUntil}`,
      atMs: toMs(staleSince),
      nowMs,
    }),
  ]
}

function returned({ source, since }: FeedSilence, sinceMs: number, nowMs: number): Event {
  const data = { source, since, silentMs: Math.max(0, sinceMs - toMs(since)) }
  return ownEvent('FeedReturned', data, { notification: `${source}@${since}`, atMs: sinceMs, nowMs })
}

interface Stamp {
  readonly notification: string
  readonly atMs: number
  readonly nowMs: number
}

/** An event that the machine writes about what it hears. */
export function ownEvent<T extends 'FeedFellSilent' | 'FeedReturned' | 'FeedHeard'>(
  type: T,
  data: Extract<Event, { type: T }>['data'],
  { notification, atMs, nowMs }: Stamp,
): Event {
  return {
    id: eventId('engine', type, notification),
    type,
    schemaVersion: schemaVersionOf(type),
    occurredAt: toInstant(atMs),
    recordedAt: toInstant(nowMs),
    data,
    meta: { source: 'engine', actor: 'engine' },
  } as Event
}
