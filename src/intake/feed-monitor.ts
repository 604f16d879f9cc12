import { toInstant } from '../../schemas/instant.ts'
import type { Feed } from '../config.ts'

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
 * `heartbeatMs`, or when what comes tells of moments more than `maxLagMs` ago. A heartbeat says "nothing has happened up
 * to now" and so counts for both.
 */
export interface FeedMonitor {
  heard(source: string, occurredAtMs: number): void
  heartbeat(source: string): void
  /** One for each source that is configured or was heard, by name. Only configured ones can be stale. */
  states(): readonly FeedState[]
  stale(): readonly string[]
}

/** Sources beyond this many, of those not configured, are not followed. */
const maxSources = 1_000

interface Heard {
  heardMs: number
  occurredMs: number
}

export function createFeedMonitor(feeds: readonly Feed[], nowMs: () => number): FeedMonitor {
  const configured = new Map(feeds.map((feed) => [feed.source, feed]))
  const heard = new Map<string, Heard>()

  const note = (source: string, occurredMs: number): void => {
    const known = heard.get(source)
    if (known !== undefined) {
      known.heardMs = nowMs()
      known.occurredMs = Math.max(known.occurredMs, occurredMs)
    } else if (heard.size < maxSources || configured.has(source)) {
      heard.set(source, { heardMs: nowMs(), occurredMs })
    }
  }

  const stateOf = (source: string): FeedState => {
    const last = heard.get(source)
    const reason = whyStale(configured.get(source), last, nowMs())
    return {
      source,
      ...(last === undefined
        ? {}
        : { dataAsOf: toInstant(last.occurredMs), heardAt: toInstant(last.heardMs) }),
      stale: reason !== undefined,
      ...(reason === undefined ? {} : { reason }),
    }
  }

  return {
    heard: note,
    heartbeat: (source) => note(source, nowMs()),
    states: () => [...new Set([...configured.keys(), ...heard.keys()])].sort().map(stateOf),
    stale: () =>
      [...configured].flatMap(([source, feed]) =>
        whyStale(feed, heard.get(source), nowMs()) === undefined ? [] : [source],
      ),
  }
}

function whyStale(feed: Feed | undefined, last: Heard | undefined, nowMs: number): FeedState['reason'] {
  if (feed === undefined) return undefined
  if (last === undefined) return 'never-heard'
  if (nowMs - last.heardMs > feed.heartbeatMs) return 'silent'
  return nowMs - last.occurredMs > feed.maxLagMs ? 'lagging' : undefined
}
