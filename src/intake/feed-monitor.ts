import { toInstant } from '../../schemas/instant.ts'
import type { Feed } from '../config/config.ts'

/** How current one source's picture is. */
export interface FeedState {
  readonly source: string
  /** The newest moment that the source has told of. */
  readonly dataAsOf?: string
  /** When anything was last heard of it, a heartbeat included. */
  readonly heardAt?: string
  readonly stale: boolean
  /** Why it is stale. */
  readonly reason?: 'never-heard' | 'silent' | 'lagging'
}

/**
 * Watches the sources whose silence matters. A source is stale when nothing, not even a heartbeat, came within its
 * `heartbeatMs`, or when its newest event was more than `maxLagMs` on its way; of a lag that has lasted no longer than
 * that nothing is known any more, since nothing may have happened. Where the clock was set back, what was heard before counts
 * as heard at the first look after that: a silence must not go unnoticed until the clock has made up for it.
 */
export interface FeedMonitor {
  /** An event came, now or (from the log, at a start) earlier. */
  heard(source: string, occurredAtMs: number, recordedAtMs?: number): void
  /** Nothing has happened up to now. */
  heartbeat(source: string): void
  /** One for each source that is configured or was heard, by name. Only configured ones can be stale. */
  states(): readonly FeedState[]
  stale(): readonly string[]
}

/** Sources beyond this many, of those not configured, are not followed. */
const maxSources = 1_000

interface Heard {
  /** When anything was last heard, and up to when it tells. */
  heardMs: number
  toldMs: number
  /** Of the newest event: when it happened, when it came. */
  event?: { readonly occurredMs: number; readonly recordedMs: number }
}

export function createFeedMonitor(feeds: readonly Feed[], nowMs: () => number): FeedMonitor {
  const configured = new Map(feeds.map((feed) => [feed.source, feed]))
  const heard = new Map<string, Heard>()

  const note = (source: string, heardMs: number, toldMs: number): Heard | undefined => {
    const known = heard.get(source)
    if (known !== undefined) {
      known.heardMs = Math.max(known.heardMs, heardMs)
      known.toldMs = Math.max(known.toldMs, toldMs)
      return known
    }
    if (heard.size >= maxSources && !configured.has(source)) return undefined
    const fresh = { heardMs, toldMs }
    heard.set(source, fresh)
    return fresh
  }

  const lastOf = (source: string): Heard | undefined => {
    const last = heard.get(source)
    if (last !== undefined) bringBack(last, nowMs())
    return last
  }

  const stateOf = (source: string): FeedState => {
    const last = lastOf(source)
    const reason = whyStale(configured.get(source), last, nowMs())
    return {
      source,
      ...(last === undefined ? {} : { dataAsOf: toInstant(last.toldMs), heardAt: toInstant(last.heardMs) }),
      stale: reason !== undefined,
      ...(reason === undefined ? {} : { reason }),
    }
  }

  return {
    heard: (source, occurredMs, recordedMs = nowMs()) => {
      const entry = note(source, recordedMs, occurredMs)
      if (entry === undefined || occurredMs < (entry.event?.occurredMs ?? 0)) return
      entry.event = { occurredMs, recordedMs }
    },
    heartbeat: (source) => void note(source, nowMs(), nowMs()),
    states: () => [...new Set([...configured.keys(), ...heard.keys()])].sort().map(stateOf),
    stale: () =>
      [...configured].flatMap(([source, feed]) =>
        whyStale(feed, lastOf(source), nowMs()) === undefined ? [] : [source],
      ),
  }
}

/** Nothing was heard in the future. */
function bringBack(last: Heard, nowMs: number): void {
  if (last.heardMs <= nowMs) return
  last.heardMs = nowMs
  last.toldMs = Math.min(last.toldMs, nowMs)
  if (last.event !== undefined) {
    last.event = { ...last.event, recordedMs: Math.min(last.event.recordedMs, nowMs) }
  }
}

function whyStale(feed: Feed | undefined, last: Heard | undefined, nowMs: number): FeedState['reason'] {
  if (feed === undefined) return undefined
  if (last === undefined) return 'never-heard'
  if (nowMs - last.heardMs > feed.heartbeatMs) return 'silent'
  if (last.event === undefined) return undefined
  const { occurredMs, recordedMs } = last.event
  const isRecent = nowMs - recordedMs <= feed.maxLagMs
  return isRecent && recordedMs - occurredMs > feed.maxLagMs ? 'lagging' : undefined
}
