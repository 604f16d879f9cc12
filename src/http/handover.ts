import { openSilences, silencesEnded, type FeedSilence } from '../../projections/feed-silence.ts'
import type { Notice } from '../../projections/notice-row.ts'
import type { OutageView } from '../../projections/outage-queries.ts'
import { orderById, type OrderView } from '../../projections/order-queries.ts'
import { shiftOf, type ClosedCluster, type Shift } from '../../projections/shift.ts'
import type { ClusterOfShift, OrderOfShift, OutageInShort } from '../../schemas/answer-handover.ts'
import { toInstant } from '../../schemas/instant.ts'
import { noticesSeen } from './notices-seen.ts'
import type { OnBehalf, Services } from './services.ts'
import type { Sight } from './sight.ts'

interface FeedDown {
  readonly source: string
  readonly reason: FeedSilence['reason']
  readonly from: string
  readonly to?: string | undefined
}

export interface DeadOrder {
  readonly system: string
  readonly orderId: string
  readonly type: string
  readonly reason: string
  readonly at: string
}

/** What one shift hands to the next. */
export interface Handover extends Omit<
  Shift,
  'opened' | 'closed' | 'clustersClosed' | 'ordersOpened' | 'ordersResolved'
> {
  readonly since: string
  readonly until: string
  readonly opened: readonly OutageInShort[]
  readonly closed: readonly OutageInShort[]
  readonly clustersClosed: readonly ClusterOfShift[]
  readonly ordersOpened: readonly OrderOfShift[]
  readonly ordersResolved: readonly OrderOfShift[]
  readonly ordersDead: readonly DeadOrder[]
  readonly stillOpen: readonly Notice[]
  readonly feedsDown: readonly FeedDown[]
}

/** The shift that began at `since`, an `instant`, and ends with the sight. */
export function handoverOf(services: OnBehalf, sight: Sight, since: string): Handover {
  const until = toInstant(sight.nowMs)
  const shift = shiftOf(sight.rows, since, until, services.config.noc.maxNotices)
  const { notices, complete } = noticesSeen(services, sight, 'shown')
  return {
    since,
    until,
    ...shift,
    opened: shift.opened.map(inShort),
    closed: shift.closed.map(inShort),
    clustersClosed: shift.clustersClosed.map(clusterInShort),
    ordersOpened: shift.ordersOpened.map(orderOf),
    ordersResolved: shift.ordersResolved.map(orderOf),
    ordersDead: deadBy(services, sight),
    // Silent sources have a place of their own.
    stillOpen: notices.filter(({ kind }) => kind !== 'feed'),
    feedsDown: feedsDown(services, sight, since),
    complete: shift.complete && complete,
  }
}

function inShort(outage: OutageView): OutageInShort {
  const { outageId, title, stage, since, openedAt, ended, complaints, customers, assigned, expectedEnd } =
    outage
  const owner = assigned?.at(-1)?.assignee
  return { outageId, title, stage, since, openedAt, ended, complaints, customers, owner, expectedEnd }
}

function clusterInShort(cluster: ClosedCluster): ClusterOfShift {
  const { clusterId, family, openedAt, closed, complaints, customers, unexplained, assigned } = cluster
  const owner = assigned?.at(-1)?.assignee
  return { clusterId, family, openedAt, closed, complaints, customers, unexplained, owner }
}

function orderOf(order: OrderView): OrderOfShift {
  const { orderId, status, title, openedAt, externalId, assignee, complaints, customers, resolved } = order
  return { orderId, status, title, openedAt, externalId, assignee, complaints, customers, resolved }
}

/** Whenever it was given up: it waits for somebody to send it again. What was sent again since is in no list. */
function deadBy({ orderExchange, ground }: OnBehalf, { asOf, rows }: Sight): readonly DeadOrder[] {
  const systems = orderExchange?.states() ?? []
  return systems
    .flatMap(({ name }) =>
      (orderExchange?.deadLetters(name) ?? []).map(({ orderId, type, reason, at }) => {
        return { system: name, orderId, type, reason, at }
      }),
    )
    .filter(({ at }) => asOf === undefined || at <= asOf.at)
    .filter(({ orderId }) => ground === undefined || orderById(rows, orderId) !== undefined)
    .sort((a, b) => (a.at < b.at ? 1 : -1))
}

/** By what was recorded; and now also those of which it is about to be. */
function feedsDown({ feeds, config }: Services, { asOf, rows }: Sight, since: string): readonly FeedDown[] {
  const open = openSilences(rows).map(({ source, reason, since: from }) => ({ source, reason, from }))
  const past = silencesEnded(rows, since, config.noc.maxNotices).map(
    ({ source, reason, since: from, until: to }) => ({ source, reason, from, to }),
  )
  const now = asOf === undefined ? feeds.states() : []
  const fresh = now.flatMap(({ source, reason, goodUntil: from }) =>
    reason === undefined || from === undefined || open.some((other) => other.source === source)
      ? []
      : [{ source, reason, from }],
  )
  return [...open, ...fresh, ...past]
}
