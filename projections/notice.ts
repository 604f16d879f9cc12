import { openSilences, type FeedSilence } from './feed-silence.ts'
import { clustersByStatus, type ClusterView } from './cluster.ts'
import { looseMembers, outageMembers } from './complaint-row.ts'
import type { Counts, MemberTables } from './members.ts'
import { countsOf } from './merged.ts'
import { muteOf, type Mute } from './mute.ts'
import { rankOf, type NoticeWeights } from './notice-rank.ts'
import { joined, type Notice, type NoticeDraft } from './notice-row.ts'
import { outagesByStatus, type OutageView } from './outage-queries.ts'
import { allOf } from './page.ts'
import type { Rows } from './rows.ts'
import { groupTogether } from './together.ts'

/** Elements that failed together come back within this time of each other, and their clears are heard. */
const lingerMs = 30 * 60_000

interface NoticeQuestion {
  readonly nowMs: number
  readonly weights: NoticeWeights
  /** A cluster is listed from so many customers on whom nothing explains: as many as open one. */
  readonly minCustomers: number
  /** See `groupTogether`. */
  readonly togetherMs: number
  readonly muted: WantedByMute
  readonly maxNotices: number
}

/** Whether what is muted is left out, listed alone, or listed with all. */
export type WantedByMute = 'hidden' | 'only' | 'shown'

/**
 * Everything that is open and wanted, the most pressing first. `then` is what was known when growth is counted from. Not complete where
 * more than `maxNotices` outages or clusters are open.
 */
export function noticesOpen(
  rows: Rows,
  then: Rows | undefined,
  { nowMs, weights, minCustomers, togetherMs, muted, maxNotices }: NoticeQuestion,
): { readonly notices: readonly Notice[]; readonly complete: boolean } {
  const outages = allOf(maxNotices, (request) => outagesByStatus(rows, 'open', request))
  const clusters = allOf(maxNotices, (request) => clustersByStatus(rows, 'open', request))
  const grown = (tables: MemberTables, { parts }: OutageView | ClusterView, customers: number): number =>
    customers - (then === undefined ? 0 : countsOf(then, tables.counts, parts).customers)
  const ended = togetherMs === 0 ? [] : endedLately(rows, nowMs, maxNotices)
  const mutedNow = (kind: Notice['kind'], id: string): Mute | undefined => muteOf(rows, kind, id, nowMs)
  const groups: (readonly NoticeDraft[])[] = groupTogether(rows, [...outages.items, ...ended], togetherMs)
    .filter((group) => !isOverWith(group))
    .map((group) =>
      group
        .filter(({ status }) => status === 'open')
        .map((outage) => ({
          ...noticeOfOutage(outage, nowMs),
          growth: grown(outageMembers, outage, outage.customers),
          muted: mutedNow('outage', outage.outageId),
        })),
    )
  for (const cluster of clusters.items) {
    const loose = countsOf(rows, looseMembers.counts, cluster.parts)
    if (loose.customers < (cluster.splitFrom === undefined ? minCustomers : 1)) continue
    groups.push([
      {
        ...noticeOfCluster(cluster),
        ...loose,
        growth: grown(looseMembers, cluster, loose.customers),
        muted: mutedNow('cluster', cluster.clusterId),
      },
    ])
  }
  for (const silence of openSilences(rows))
    groups.push([{ ...noticeOfSilence(silence), muted: mutedNow('feed', silence.source) }])
  const isWanted = (draft: NoticeDraft): boolean =>
    muted === 'shown' || (draft.muted !== undefined) === (muted === 'only')
  // A mute is of one outage: its row is joined of the others.
  const notices = groups
    .flatMap((group) => joined(group.filter(isWanted)))
    .map((draft) => ({ ...draft, points: rankOf(draft, nowMs, weights) }))
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
