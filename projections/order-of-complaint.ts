import { clusters } from './cluster.ts'
import { memberCluster, memberOutage, type ComplaintRow } from './complaint-row.ts'
import { headOf, partsOf } from './merged.ts'
import { isUnderWay, orderOfParts, type OrderRow } from './order.ts'
import { outages } from './outage.ts'
import type { Rows } from './rows.ts'

/** What a complaint belongs to, by the newest word on it. */
interface Belongs {
  readonly outageId?: string | undefined
  readonly clusterId?: string | undefined
}

/**
 * The order that a complaint has joined: that of its outage, else that of its cluster. Nothing is written to members, so that
 * one event reaches all of them, also those who come later.
 */
export function orderOfMember(rows: Rows, { outageId, clusterId }: Belongs): OrderRow | undefined {
  return (
    (outageId === undefined ? undefined : orderOfOutage(rows, outageId)) ??
    (clusterId === undefined ? undefined : orderOfCluster(rows, clusterId))
  )
}

/** The same for a page of complaints: members of one outage and cluster are asked about once. */
export function ordersOfPage(rows: Rows): (row: ComplaintRow) => OrderRow | undefined {
  const found = new Map<string, OrderRow | undefined>()
  return (row) => {
    const belongs = { outageId: memberOutage(row), clusterId: memberCluster(row) }
    const name = JSON.stringify(belongs)
    if (!found.has(name)) found.set(name, orderOfMember(rows, belongs))
    return found.get(name)
  }
}

/** Its own goes before that of what it was merged into, and that before those of what was merged beside it. */
export function orderOfOutage(rows: Rows, outageId: string): OrderRow | undefined {
  return (
    orderOfParts(rows, 'outage', [outageId]) ??
    orderOfParts(rows, 'outage', partsOf(rows, outages, headOf(rows, outages, outageId)))
  )
}

export function orderOfCluster(rows: Rows, clusterId: string): OrderRow | undefined {
  return (
    orderOfParts(rows, 'cluster', [clusterId]) ??
    orderOfParts(rows, 'cluster', partsOf(rows, clusters, headOf(rows, clusters, clusterId)))
  )
}

/**
 * Whether what an order was resolved with holds for a complaint: for all but those who called after it and are still out, to
 * whom nobody may say that it is over.
 */
export function resolutionReaches(
  { resolved }: Pick<OrderRow, 'resolved'>,
  { stillOut, reportedAt }: Pick<ComplaintRow['facts'], 'stillOut' | 'reportedAt'>,
): boolean {
  return resolved !== undefined && (stillOut !== 'yes' || reportedAt <= resolved.at)
}

/** Whether an order takes care of a complaint, so that it waits for nobody: what was given back does not. */
export function takesCareOf(order: Pick<OrderRow, 'status' | 'resolved'>, row: ComplaintRow): boolean {
  return isUnderWay(order) || resolutionReaches(order, row.facts)
}
