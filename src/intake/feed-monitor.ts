import { toInstant } from '../../schemas/instant.ts'
import type { Feed } from '../config/config.ts'

/** How current one source's picture is. */
export interface FeedState {
  readonly source: string
  /** The newest moment that the source has told of. */
  readonly dataAsOf?: string
  /** When anything was last heard of it, a heartbeat included. */
  readonly heardAt?: string
  readonly heartbeatAt?: string
  readonly stale: boolean
  /** Why it is stale. */
  readonly reason?: 'never-heard' | 'silent' | 'lagging'
  /** Since when it is stale, and up to when it was heard in time. */
  readonly staleSince?: string
  readonly goodUntil?: string
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
  /** Nothing has happened up to now, or (from the log) up to an earlier moment. */
  heartbeat(source: string, atMs?: number): void
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
  heartbeatMs?: number
  /** Of the newest event: when it happened, when it came. */
  event?: { readonly occurredMs: number; readonly recordedMs: number }
}

export function createFeedMonitor(feeds: readonly Feed[], nowMs: () => number): FeedMonitor {
  const configured = new Map(feeds.map((feed) => [feed.source, feed]))
  const heard = new Map<string, Heard>()
  /** Nobody listened before: silence counts from here. */
  const listeningMs = nowMs()

  const note = (source: string, heardMs: number, toldMs: number): Heard | undefined => {
    const known = heard.get(source)
    if (known !== undefined) {
      known.heardMs = Math.max(known.heardMs, heardMs)
      known.toldMs = Math.max(known.toldMs, toldMs)
      return known
    }
    if (heard.size >= maxSources && !configured.has(source)) return undefined
    const fresh: Heard = { heardMs, toldMs }
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
    const feed = configured.get(source)
    const reason = whyStale(feed, last, nowMs())
    return {
      source,
      ...(last === undefined ? {} : { dataAsOf: toInstant(last.toldMs), heardAt: toInstant(last.heardMs) }),
      ...(last?.heartbeatMs === undefined ? {} : { heartbeatAt: toInstant(last.heartbeatMs) }),
      stale: reason !== undefined,
      ...(reason === undefined ? {} : { reason }),
      ...(feed === undefined || reason === undefined
        ? {}
        : sinceWhen(feed, reason, last, Math.min(listeningMs, nowMs()))),
    }
  }

  return {
    heard: (source, occurredMs, recordedMs = nowMs()) => {
      const entry = note(source, recordedMs, occurredMs)
      if (entry === undefined || occurredMs < (entry.event?.occurredMs ?? 0)) return
      entry.event = { occurredMs, recordedMs }
    },
    heartbeat: (source, atMs = nowMs()) => {
      const entry = note(source, atMs, atMs)
      if (entry !== undefined) entry.heartbeatMs = atMs
    },
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

/** Of what is late nothing later was known when it came; of a silence before anybody listened nothing can be told. */
function sinceWhen(
  { heartbeatMs }: Feed,
  reason: NonNullable<FeedState['reason']>,
  last: Heard | undefined,
  listeningMs: number,
): Pick<FeedState, 'staleSince' | 'goodUntil'> {
  const lateMs = last?.event?.recordedMs
  if (reason === 'lagging' && lateMs !== undefined) {
    return { staleSince: toInstant(lateMs), goodUntil: toInstant(lateMs) }
  }
  const heardMs = last?.heardMs ?? listeningMs
  return {
    staleSince: toInstant(Math.max(heardMs, listeningMs) + heartbeatMs),
    goodUntil: toInstant(heardMs),
  }
}
