import type { LonLat } from '../schemas/geo.ts'
import type { Service } from '../schemas/service.ts'
import { openSilences, type FeedSilence } from './feed-silence.ts'
import { clustersByStatus, type ClusterView } from './cluster.ts'
import { looseMembers, outageMembers } from './complaint-row.ts'
import type { Counts, MemberTables } from './members.ts'
import { countsOf } from './merged.ts'
import { muteOf, type Mute } from './mute.ts'
import { rankOf, type NoticeWeights } from './notice-rank.ts'
import { outagesByStatus, type OutageView } from './outage-queries.ts'
import { allOf } from './page.ts'
import { union, type Box } from './quadkey.ts'
import type { Rows } from './rows.ts'
import { groupTogether } from './together.ts'

/** Elements that failed together come back within this time of each other, and their clears are heard. */
const lingerMs = 30 * 60_000

/**
 * A row of the list that network operations watches: an outage, a cluster of complaints that nothing explains, or a source
 * that fell silent, so that nobody knows what it would tell.
 */
export interface Notice extends Counts {
  readonly kind: 'outage' | 'cluster' | 'feed'
  readonly id: string
  /** Nobody knows the cause of a cluster: something may have failed unseen. */
  readonly state: 'suspected' | 'open' | 'watched' | 'restored'
  readonly since: string
  readonly title?: string | undefined
  /** Of a cluster: what its customers complain of. */
  readonly family?: string | undefined
  /** Of a source: why nothing that it tells can be relied on. */
  readonly reason?: FeedSilence['reason'] | undefined
  readonly services?: readonly Service[] | undefined
  readonly network?: string | undefined
  readonly point?: LonLat | undefined
  readonly box?: Box | undefined
  /** Customers more than `growthMs` ago. */
  readonly growth: number
  readonly subscribers?: number | undefined
  readonly points: number
  readonly acknowledged: boolean
  readonly owner?: string | undefined
  readonly expectedEnd?: string | undefined
  /** Its stated end has passed, and it is not over. */
  readonly overdue?: true | undefined
  readonly muted?: Mute | undefined
  /** Other outages that this row stands for: they began together under one element, and no alarm says why. */
  readonly together?: readonly string[] | undefined
}

interface NoticeQuestion {
  readonly nowMs: number
  readonly weights: NoticeWeights
  /** A cluster is listed from so many customers on whom nothing explains: as many as open one. */
  readonly minCustomers: number
  /** See `groupTogether`. */
  readonly togetherMs: number
  readonly maxNotices: number
}

/**
 * Everything that is open, the most pressing first. `then` is what was known when growth is counted from. Not complete where
 * more than `maxNotices` outages or clusters are open.
 */
export function noticesOpen(
  rows: Rows,
  then: Rows | undefined,
  { nowMs, weights, minCustomers, togetherMs, maxNotices }: NoticeQuestion,
): { readonly notices: readonly Notice[]; readonly complete: boolean } {
  const outages = allOf(maxNotices, (request) => outagesByStatus(rows, 'open', request))
  const clusters = allOf(maxNotices, (request) => clustersByStatus(rows, 'open', request))
  const grown = (tables: MemberTables, { parts }: OutageView | ClusterView, customers: number): number =>
    customers - (then === undefined ? 0 : countsOf(then, tables.counts, parts).customers)
  const ended = togetherMs === 0 ? [] : endedLately(rows, nowMs, maxNotices)
  const drafts: OutageDraft[] = groupTogether(rows, [...outages.items, ...ended], togetherMs).flatMap(
    (group) =>
      isOverWith(group)
        ? []
        : rowOfGroup(
            group
              .filter(({ status }) => status === 'open')
              .map((outage) => ({
                ...noticeOfOutage(outage, nowMs),
                growth: grown(outageMembers, outage, outage.customers),
              })),
          ),
  )
  for (const cluster of clusters.items) {
    const loose = countsOf(rows, looseMembers.counts, cluster.parts)
    if (loose.customers < (cluster.splitFrom === undefined ? minCustomers : 1)) continue
    drafts.push({
      ...noticeOfCluster(cluster),
      ...loose,
      growth: grown(looseMembers, cluster, loose.customers),
    })
  }
  drafts.push(...openSilences(rows).map(noticeOfSilence))
  const notices = drafts.map((draft) => ({
    ...draft,
    points: rankOf(draft, nowMs, weights),
    muted: muteOf(rows, draft.kind, draft.id, nowMs),
  }))
  notices.sort((a, b) => b.points - a.points || (a.id < b.id ? -1 : 1))
  return { notices, complete: outages.complete && clusters.complete }
}

function noticeOfOutage(outage: OutageView, nowMs: number): Omit<Notice, 'points' | 'growth'> {
  const { outageId, state, expectedEnd, acknowledged, assigned } = outage
  const { since, title, services, network, point, box, subscribers, complaints, customers } = outage
  const isOverdue = state === 'open' && expectedEnd !== undefined && Date.parse(expectedEnd) <= nowMs
  return {
    kind: 'outage',
    id: outageId,
    state,
    since,
    title,
    services,
    network,
    point,
    box,
    subscribers,
    complaints,
    customers,
    acknowledged: acknowledged !== undefined,
    owner: assigned?.at(-1)?.assignee,
    expectedEnd,
    overdue: isOverdue || undefined,
  }
}

function endedLately(rows: Rows, nowMs: number, maxNotices: number): readonly OutageView[] {
  const fromMs = nowMs - lingerMs
  const isBefore = ({ ended }: OutageView): boolean => Date.parse(ended?.at ?? '') < fromMs
  const { items } = allOf(maxNotices, (request) => outagesByStatus(rows, 'ended', request), isBefore)
  return items.filter(({ ended }) => ended?.reason === 'restored')
}

/** What is restored goes with the first of its group that has ended: the others have had as long, to some minutes. */
function isOverWith(group: readonly OutageView[]): boolean {
  return (
    group.every(({ status, state }) => status === 'ended' || state === 'restored') &&
    group.some(({ status }) => status === 'ended')
  )
}

type OutageDraft = Omit<Notice, 'points' | 'muted'>

/** One row under the name of the first: it is over when all are. */
function rowOfGroup([first, ...others]: readonly OutageDraft[]): OutageDraft[] {
  if (first === undefined) return []
  const row = others.reduce<OutageDraft>(
    (row, other) => ({
      ...row,
      state: stages.find((state) => state === row.state || state === other.state) ?? row.state,
      since: other.since < row.since ? other.since : row.since,
      box: row.box && other.box ? union(row.box, other.box) : (row.box ?? other.box),
      complaints: row.complaints + other.complaints,
      customers: row.customers + other.customers,
      growth: row.growth + other.growth,
      subscribers: sumOf(row.subscribers, other.subscribers),
      owner: row.owner ?? other.owner,
      overdue: row.overdue ?? other.overdue,
      together: [...(row.together ?? []), other.id],
    }),
    first,
  )
  return [row]
}

const stages = ['open', 'watched', 'restored'] as const

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}

function noticeOfCluster(cluster: ClusterView): Omit<Notice, 'points' | 'growth' | keyof Counts> {
  const { clusterId, since, openedAt, family, service, network, center, acknowledged, assigned } = cluster
  return {
    kind: 'cluster',
    id: clusterId,
    state: 'suspected',
    since: since ?? openedAt,
    family,
    services: service && [service],
    network,
    point: center,
    acknowledged: acknowledged !== undefined,
    owner: assigned?.at(-1)?.assignee,
  }
}

/** Nobody complains of it, and everybody may have reason to. */
function noticeOfSilence({ source, since, reason, acknowledged }: FeedSilence): Omit<Notice, 'points'> {
  return {
    kind: 'feed',
    id: source,
    state: 'open',
    since,
    title: source,
    reason,
    complaints: 0,
    customers: 0,
    growth: 0,
    acknowledged: acknowledged !== undefined,
  }
}
