import { clusters, clusterById } from './cluster.ts'
import {
  attributions,
  byCluster,
  byCustomer,
  byDay,
  byOutage,
  complaints,
  story,
  toDispatch,
  type AttributionRow,
  type ComplaintRow,
} from './complaint-row.ts'
import { key } from './key.ts'
import { fromKnown, pageOfList } from './listing.ts'
import { headOf, partsOf } from './merged.ts'
import { ordersOfPage, takesCareOf } from './order-of-complaint.ts'
import { orderInShort, type OrderInShort } from './order.ts'
import { outages } from './outage.ts'
import type { Page, PageRequest } from './page.ts'
import { rowOf, type Rows } from './rows.ts'
import { storyOf, type StoryEntry } from './story.ts'

/** A complaint in a list, with the order that it has joined. */
export interface ComplaintOfList extends ComplaintRow {
  readonly order?: OrderInShort | undefined
}

/** A complaint with its current attribution whole, and the cluster and outage that its own have become part of. */
export interface ComplaintView extends ComplaintOfList {
  readonly current?: AttributionRow | undefined
  readonly outageId?: string | undefined
  readonly clusterId?: string | undefined
  readonly repeatOf?: string | undefined
}

export function complaintById(rows: Rows, complaintId: string): ComplaintView | undefined {
  const row = complaintsOfPage(rows)(complaintId)
  if (row === undefined) return undefined
  const { attribution, splitInto, clusterId: automatic } = row
  const clusterId = splitInto?.clusterId ?? automatic
  return {
    ...row,
    current: attribution && attributionById(rows, attribution.id),
    outageId: attribution?.outageId && headOf(rows, outages, attribution.outageId),
    clusterId: clusterId && headOf(rows, clusters, clusterId),
    repeatOf: attribution?.repeatOf,
  }
}

function complaintRow(rows: Rows, complaintId: string): ComplaintRow | undefined {
  return rowOf(rows, complaints, key(complaintId))
}

/** Loads complaints for one page. */
export function complaintsOfPage(rows: Rows): (complaintId: string) => ComplaintOfList | undefined {
  const orderOf = ordersOfPage(rows)
  return (complaintId) => {
    const row = complaintRow(rows, complaintId)
    return row && { ...row, order: orderInShort(orderOf(row)) }
  }
}

/** Any attribution, current or superseded, by its event id. */
export function attributionById(rows: Rows, id: string): AttributionRow | undefined {
  return rowOf(rows, attributions, key(id))
}

/** Everything that happened to it, the oldest first. */
export function complaintStory(rows: Rows, complaintId: string, request: PageRequest): Page<StoryEntry> {
  return storyOf(rows, story, complaintId, request)
}

/** Newest report first, as all lists of complaints. */
export function complaintsOfCustomer(
  rows: Rows,
  customerRef: string,
  request: PageRequest,
): Page<ComplaintOfList> {
  return pageOfList(rows, byCustomer, [[customerRef]], request, complaintsOfPage(rows))
}

/** Of an outage and all merged into it, part after part. */
export function complaintsOfOutage(
  rows: Rows,
  outageId: string,
  request: PageRequest,
): Page<ComplaintOfList> {
  const parts = partsOf(rows, outages, headOf(rows, outages, outageId))
  return pageOfList(
    rows,
    byOutage,
    parts.map((part) => [part]),
    request,
    complaintsOfPage(rows),
  )
}

/** Of a cluster and all merged into it, part after part. */
export function complaintsOfCluster(
  rows: Rows,
  clusterId: string,
  request: PageRequest,
): Page<ComplaintOfList> {
  const parts = clusterById(rows, clusterId)?.parts ?? [clusterId]
  return pageOfList(
    rows,
    byCluster,
    parts.map((part) => [part]),
    request,
    complaintsOfPage(rows),
  )
}

/** Reported on a day of UTC, `YYYY-MM-DD`. */
export function complaintsOfDay(rows: Rows, day: string, request: PageRequest): Page<ComplaintOfList> {
  return pageOfList(rows, byDay, [[day]], request, complaintsOfPage(rows))
}

/**
 * Those that nobody could answer and no order takes care of, for network operations, by when they came; what an order was given
 * back with is among them again. History loaded from files is left out.
 */
export function complaintsToDispatch(rows: Rows, request: PageRequest): Page<ComplaintOfList> {
  const load = complaintsOfPage(rows)
  const waiting = (id: string) => {
    const row = load(id)
    return row?.order !== undefined && takesCareOf(row.order, row) ? undefined : row
  }
  return pageOfList(rows, toDispatch, [[]], request, waiting, fromKnown(rows))
}
