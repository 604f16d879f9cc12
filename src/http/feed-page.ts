import { feeds as feedsOf, newestOfFeed, type Feed } from '../../projections/feed.ts'
import { silenceOf } from '../../projections/feed-silence.ts'
import { localDays } from '../../projections/local-day.ts'
import { knownAsOf } from '../../projections/moment.ts'
import type { AnswerPull } from '../../schemas/feed-pull.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { ImpactTable } from '../correlate/impact.ts'
import type { FeedState } from '../intake/feed-monitor.ts'
import type { PullBook } from '../intake/pull-book.ts'
import type { Services } from './services.ts'
import { unmappedOfFeed } from './unmapped-of-feed.ts'

const hourMs = 3_600_000
/** Where no ruleset names a zone. */
const defaultTimeZone = 'UTC'

/** Every source that is configured, was heard or is pulled, by name. */
export function feedPage(services: Services, pulls: PullBook, impacts: ImpactTable | undefined): object[] {
  const { rows, clock, correlator } = services
  const nowMs = clock()
  const total = countsBySource(feedsOf(rows))
  const beforeToday = countsAt(services, midnightMs(nowMs, correlator.ruleset()?.timeZone ?? defaultTimeZone))
  const beforeHour = countsAt(services, nowMs - hourMs)
  return currencyPage(services, pulls, total.keys()).map(({ source, ...current }) => {
    const feed = total.get(source)
    const count = feed?.count ?? 0
    return {
      source,
      ...current,
      counts: {
        total: count,
        today: count - (beforeToday.get(source)?.count ?? 0),
        lastHour: count - (beforeHour.get(source)?.count ?? 0),
        byType: feed?.countByType ?? {},
      },
      refused: {
        kept: services.refused.keptOf(source),
        link: `/v1/refused?source=${encodeURIComponent(source)}`,
      },
      unmapped: unmappedInShort(services, source, impacts),
      pulls: pulls.of(source) satisfies readonly AnswerPull[],
    }
  })
}

/** The same for callers of some regions: how current every source is, and nothing of how much came, which is others' too. */
export function feedPageInRegions(services: Services, pulls: PullBook): object[] {
  const heard = feedsOf(services.rows).map(({ source }) => source)
  return currencyPage(services, pulls, heard).map((current) => ({
    ...current,
    pulls: pulls.of(current.source).map(withoutCounts),
  }))
}

/** When drawing began and went well; what was read, and the words on why it failed, may be of any place. */
function withoutCounts({
  rows: _r,
  items: _i,
  refused: _n,
  error: _e,
  file: _f,
  ...pull
}: AnswerPull): object {
  return pull
}

function currencyPage(services: Services, pulls: PullBook, heard: Iterable<string>) {
  const states = new Map(services.feeds.states().map((state) => [state.source, state]))
  return [...new Set([...states.keys(), ...pulls.sources(), ...heard])].sort().map((source) => ({
    ...stateOf(services, source, states.get(source)),
    source,
    newest: newestOf(services, source),
  }))
}

/** One source as the monitor has it, and as it was recorded. */
export function stateOf(
  { config, rows }: Pick<Services, 'config' | 'rows'>,
  source: string,
  state: FeedState | undefined,
): object {
  const expected = config.feeds.find((feed) => feed.source === source)
  const silence = silenceOf(rows, source)
  return {
    ...(state ?? { source, stale: false }),
    expected: expected && { heartbeatMs: expected.heartbeatMs, maxLagMs: expected.maxLagMs },
    silence: silence && {
      since: silence.since,
      reason: silence.reason,
      acknowledged: silence.acknowledged !== undefined,
    },
  }
}

function newestOf({ rows }: Services, source: string): object | undefined {
  const newest = newestOfFeed(rows, source)
  if (newest === undefined) return undefined
  const { type, occurredAt, recordedAt, lagMs } = newest
  return { type, occurredAt, recordedAt, lagMs }
}

function unmappedInShort({ rows }: Services, source: string, impacts: ImpactTable | undefined): object {
  const all = unmappedOfFeed(rows, source, impacts)
  const kinds = all.filter(({ what }) => what === 'kind' || what === 'more-kinds')
  return {
    kinds: kinds.filter(({ what }) => what === 'kind').length,
    alarms: kinds.reduce((sum, { count }) => sum + count, 0),
    elements: all.filter(({ what }) => what === 'element').length,
    link: `/v1/feeds/${encodeURIComponent(source)}/unmapped`,
  }
}

/** Counts are kept in total alone: what came since a moment is that less what was known then. */
function countsAt({ rows }: Services, ms: number): ReadonlyMap<string, Feed> {
  const then = knownAsOf(rows, toInstant(ms))
  return countsBySource(then.kind === 'known' ? feedsOf(then.rows) : [])
}

function countsBySource(all: readonly Feed[]): ReadonlyMap<string, Feed> {
  return new Map(all.map((feed) => [feed.source, feed]))
}

const quarterMs = 900_000

/** When the day began in a zone: found by halves, for days have 23 to 25 hours and zones odd offsets. */
function midnightMs(nowMs: number, timeZone: string): number {
  const dayOf = localDays(timeZone)
  const today = dayOf(toInstant(nowMs))
  let before = Math.floor((nowMs - 26 * hourMs) / quarterMs)
  let within = Math.floor(nowMs / quarterMs)
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2)
    if (dayOf(toInstant(middle * quarterMs)) < today) before = middle
    else within = middle
  }
  // What was recorded in this very moment belongs to the day.
  return within * quarterMs - 1
}
