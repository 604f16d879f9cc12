import type { OrderAbout } from '../schemas/order.ts'
import { clusterById, clusters } from './cluster.ts'
import { complaintsOfPage, type ComplaintOfList } from './complaint-queries.ts'
import { byCluster, byOutage, memberOutage } from './complaint-row.ts'
import { key } from './key.ts'
import { pageOfList } from './listing.ts'
import type { Counts } from './members.ts'
import { headOf, partsOf } from './merged.ts'
import { orderList, orders, orderStories, type OrderRow, type OrderStatus } from './order.ts'
import { outageById } from './outage-queries.ts'
import { outages } from './outage.ts'
import type { Page, PageRequest } from './page.ts'
import { rowOf, type Rows } from './rows.ts'
import { storyOf, type StoryEntry } from './story.ts'

/** An order with how many its members are now; who belongs to two of what it is about counts in both. */
export interface OrderView extends OrderRow, Counts {}

/** All but those resolved, the ones given back first. */
export const unresolvedOrders = ['returned', 'open', 'accepted', 'in-progress'] as const

export function orderById(rows: Rows, orderId: string): OrderView | undefined {
  const row = rowOf(rows, orders, key(orderId))
  return row && { ...row, ...countMembers(rows, row) }
}

function countMembers(rows: Rows, { about }: OrderRow): Counts {
  const sum = { complaints: 0, customers: 0 }
  const seen = new Set<string>()
  for (const { kind, id } of about) {
    const group = kind === 'outage' ? outageById(rows, id) : clusterById(rows, id)
    // Two that were merged since are one group now.
    const [head = id] = group?.parts ?? []
    if (group === undefined || seen.has(`${kind} ${head}`)) continue
    seen.add(`${kind} ${head}`)
    sum.complaints += group.complaints
    sum.customers += group.customers
  }
  return sum
}

/** One status after the other, each by when they were opened, resolved ones by when that was, the newest first. */
export function ordersByStatus(
  rows: Rows,
  statuses: readonly OrderStatus[],
  request: PageRequest,
): Page<OrderView> {
  return pageOfList(
    rows,
    orderList,
    statuses.map((status) => [status]),
    request,
    (id) => orderById(rows, id),
  )
}

/**
 * Its complaints: those of its outages, part after part, then those of its clusters. Who belongs to another order by now is left
 * out, so that a page may be short.
 */
export function membersOfOrder(rows: Rows, order: OrderRow, request: PageRequest): Page<ComplaintOfList> {
  const partsOfKind = (kind: OrderAbout['kind']) =>
    order.about.filter((about) => about.kind === kind).map(({ id }) => id)
  const outageParts = [
    ...new Set(partsOfKind('outage').flatMap((id) => partsOf(rows, outages, headOf(rows, outages, id)))),
  ]
  const clusterParts = [
    ...new Set(partsOfKind('cluster').flatMap((id) => partsOf(rows, clusters, headOf(rows, clusters, id)))),
  ]
  const load = complaintsOfPage(rows)
  const member = (id: string, listed: 'outage' | 'cluster'): ComplaintOfList | undefined => {
    const row = load(id)
    if (row?.order?.orderId !== order.orderId) return undefined
    const isListedBefore = listed === 'cluster' && outageParts.includes(memberOutage(row) ?? '')
    return isListedBefore ? undefined : row
  }
  const [index = '0', ...within] = request.cursor?.split('.') ?? []
  const behind = Number(index) - outageParts.length
  if (behind < 0) {
    const under = outageParts.map((part) => [part])
    const page = pageOfList(rows, byOutage, under, request, (id) => member(id, 'outage'))
    return page.next === undefined && clusterParts.length > 0
      ? { ...page, next: String(outageParts.length) }
      : page
  }
  const page = pageOfList(
    rows,
    byCluster,
    clusterParts.map((part) => [part]),
    { limit: request.limit, cursor: [String(behind), ...within].join('.') },
    (id) => member(id, 'cluster'),
  )
  if (page.next === undefined) return page
  const [next = '0', ...rest] = page.next.split('.')
  return { items: page.items, next: [String(Number(next) + outageParts.length), ...rest].join('.') }
}

export function orderStory(rows: Rows, orderId: string, request: PageRequest): Page<StoryEntry> {
  return storyOf(rows, orderStories, orderId, request)
}
