import { clustersByStatus, type ClusterView } from './cluster.ts'
import { looseMembers } from './complaint-row.ts'
import { countsOf } from './merged.ts'
import { notesByTime, type NoteRow } from './note.ts'
import { ordersByStatus, unresolvedOrders, type OrderView } from './order-queries.ts'
import { outagesByStatus, type OutageView } from './outage-queries.ts'
import { allOf } from './page.ts'
import { brokenPromises, type BrokenPromise } from './promise.ts'
import type { Table } from './projection.ts'
import { rejectionsByTime, type RejectionRow } from './rejection.ts'
import { eachRow, type Rows } from './rows.ts'

/** An end that was stated and passed while the trouble went on. */
export interface MissedPromise {
  readonly outageId: string
  readonly title: string
  readonly promised: string
  /** Who stated it, and when; absent where it was the plan's. */
  readonly by?: string | undefined
  readonly statedAt?: string | undefined
  /** Absent where it goes on still. */
  readonly repairedAt?: string | undefined
}

/** A cluster that is over, and how many of its customers nothing explained. */
export interface ClosedCluster extends ClusterView {
  readonly unexplained: number
}

/** What happened to outages in a span of time, and what people wrote and rejected in it. Lists are the newest first. */
export interface Shift {
  readonly opened: readonly OutageView[]
  readonly closed: readonly OutageView[]
  readonly clustersClosed: readonly ClosedCluster[]
  readonly promisesMissed: readonly MissedPromise[]
  /** The same of ends that customers were told. */
  readonly promisesBroken: readonly BrokenPromise[]
  readonly ordersOpened: readonly OrderView[]
  readonly ordersResolved: readonly OrderView[]
  readonly rejected: readonly RejectionRow[]
  readonly notes: readonly NoteRow[]
  /** False where there was more of something than `max`. */
  readonly complete: boolean
}

/** The shift from `since` to `until`, the moment of the rows; both are `instant`s. Of each list at most `max`. */
export function shiftOf(rows: Rows, since: string, until: string, max: number): Shift {
  const open = allOf(max, (request) => outagesByStatus(rows, 'open', request))
  const ended = allOf(
    max,
    (request) => outagesByStatus(rows, 'ended', request),
    (outage) => (outage.ended?.at ?? '') < since,
  )
  const all = [...open.items, ...ended.items]
  const clusters = allOf(
    max,
    (request) => clustersByStatus(rows, 'closed', request),
    ({ closed }) => (closed?.at ?? '') < since,
  )
  const { opened, resolved, complete: allOrders } = ordersIn(rows, since, max)
  const broken = brokenPromises(rows, since, until, max)
  const rejected = newest(rows, rejectionsByTime, since, max)
  const notes = newest(rows, notesByTime, since, max)
  return {
    opened: all
      .filter(({ openedAt }) => openedAt >= since)
      .sort((a, b) => (a.openedAt < b.openedAt ? 1 : a.openedAt > b.openedAt ? -1 : 0)),
    closed: ended.items,
    clustersClosed: clusters.items.map((cluster) => ({
      ...cluster,
      unexplained: countsOf(rows, looseMembers.counts, cluster.parts).customers,
    })),
    ordersOpened: opened,
    ordersResolved: resolved,
    promisesBroken: broken.items,
    promisesMissed: all.flatMap((outage) => promisesOf(outage).filter(isMissed(outage, since, until))),
    rejected: rejected.items,
    notes: notes.items,
    complete: [open, ended, clusters, broken, rejected, notes].every(({ complete }) => complete) && allOrders,
  }
}

/** Orders that were opened or resolved since, the newest first. */
function ordersIn(
  rows: Rows,
  since: string,
  max: number,
): {
  readonly opened: readonly OrderView[]
  readonly resolved: readonly OrderView[]
  readonly complete: boolean
} {
  const resolved = allOf(
    max,
    (request) => ordersByStatus(rows, ['resolved'], request),
    (order) => (order.resolved?.at ?? '') < since,
  )
  const others = unresolvedOrders.map((status) =>
    allOf(
      max,
      (request) => ordersByStatus(rows, [status], request),
      ({ openedAt }) => openedAt < since,
    ),
  )
  return {
    opened: [resolved, ...others]
      .flatMap(({ items }) => items)
      .filter(({ openedAt }) => openedAt >= since)
      .sort((a, b) => (a.openedAt < b.openedAt ? 1 : a.openedAt > b.openedAt ? -1 : 0)),
    resolved: resolved.items,
    complete: [resolved, ...others].every(({ complete }) => complete),
  }
}

function promisesOf(outage: OutageView): MissedPromise[] {
  const { outageId, title, estimates, expectedEnd, repairedAt } = outage
  const about = { outageId, title, repairedAt }
  if (estimates === undefined) return expectedEnd === undefined ? [] : [{ ...about, promised: expectedEnd }]
  return estimates.map(({ expectedEnd: promised, actor: by, at: statedAt }) => ({
    ...about,
    promised,
    by,
    statedAt,
  }))
}

function isMissed({ repairedAt, ended }: OutageView, since: string, until: string) {
  const overAt = repairedAt ?? ended?.at ?? until
  return ({ promised }: MissedPromise): boolean => promised >= since && promised <= until && promised < overAt
}

function newest<Row extends { readonly at: string }>(
  rows: Rows,
  from: Table<Row>,
  since: string,
  max: number,
): { readonly items: readonly Row[]; readonly complete: boolean } {
  const items: Row[] = []
  for (const row of eachRow(rows, from)) {
    if (row.at < since) break
    if (items.length >= max) return { items, complete: false }
    items.push(row)
  }
  return { items, complete: true }
}
