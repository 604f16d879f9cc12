import type {
  OrderAbout,
  OrderOpened,
  OrderReopened,
  OrderResolved,
  OrderReturned,
  OrderUpdated,
} from '../schemas/order.ts'
import { actRef, type ActRef } from './act.ts'
import { key, newestFirst } from './key.ts'
import { moveEntries, nowhere, type ListEntry, type Places } from './listing.ts'
import { projection, table, type Draft, type ProjectedEvent, type ProjectedEventOf } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'
import { tell, type StoryEntry } from './story.ts'

export type OrderStatus = 'open' | 'accepted' | 'in-progress' | 'resolved' | 'returned'

/** A work order as it stands. Table `order`, key: order id. */
export interface OrderRow extends Omit<OrderOpened, 'about' | 'note'> {
  readonly status: OrderStatus
  /** What it was opened for, and what joined it; the newest `maxSubjects`. */
  readonly about: readonly OrderAbout[]
  readonly openedAt: string
  readonly actor: string
  /** 1, and one more each time that it was opened again. */
  readonly round: number
  readonly externalId?: string | undefined
  readonly assignee?: string | undefined
  readonly expectedEnd?: string | undefined
  /** Its size as it was told last. */
  readonly grown?: OrderUpdated['grown']
  /** In force: absent while it is open. */
  readonly resolved?: (ActRef & Omit<OrderResolved, 'orderId'>) | undefined
  readonly returned?: (ActRef & Omit<OrderReturned, 'orderId'>) | undefined
  /** The last time. */
  readonly reopened?: (ActRef & Omit<OrderReopened, 'orderId'>) | undefined
}

/** The most outages and clusters that one order holds. */
const maxSubjects = 200

export const orders = table<OrderRow>('order')
export const orderStories = table<StoryEntry>('order.story')
/** Key: status, inverted time of opening (of resolved ones: of that), order id. */
export const orderList = table<ListEntry>('order.list')
/** The order of an outage or cluster. Key: kind, id. */
const orderOf = table<ListEntry>('order.of')
/** Key: the number in the order system. */
const byExternalId = table<ListEntry>('order.external')

/** Work orders. Who is a member follows from the outage or cluster: queries in `order-queries.ts`. */
export const orderProjection = projection('order', 3, {
  OrderOpened: open,
  OrderUpdated: (event, rows) => change(event, rows, (row) => updated(row, event.data, rows)),
  OrderResolved: (event, rows) => {
    const { orderId: _id, ...said } = event.data
    change(event, rows, (row) => ({
      ...row,
      status: 'resolved',
      resolved: { ...actRef(event), ...said },
      returned: undefined,
    }))
  },
  OrderReturned: (event, rows) => {
    const { orderId: _id, ...said } = event.data
    change(event, rows, (row) => ({
      ...row,
      status: 'returned',
      returned: { ...actRef(event), ...said },
      resolved: undefined,
    }))
  },
  OrderReopened: (event, rows) => {
    const { orderId: _id, ...said } = event.data
    change(event, rows, (row) => ({
      ...row,
      status: 'open',
      round: row.round + 1,
      reopened: { ...actRef(event), ...said },
      returned: undefined,
      resolved: undefined,
    }))
  },
})

function open(event: ProjectedEventOf<'OrderOpened'>, rows: Draft): void {
  const { about, note: _note, ...facts } = event.data
  tell(event, rows, orderStories, facts.orderId, event.data)
  if (rows.get(orders, key(facts.orderId)) !== undefined) return
  put(rows, undefined, {
    ...facts,
    status: 'open',
    about: [about],
    openedAt: event.recordedAt,
    actor: event.meta.actor,
    round: 1,
  })
  rows.put(orderOf, key(about.kind, about.id), { id: facts.orderId })
}

function updated(row: OrderRow, data: OrderUpdated, rows: Draft): OrderRow {
  const { orderId, externalId, progress, assignee, expectedEnd, joins, grown } = data
  if (externalId !== undefined) rows.put(byExternalId, key(externalId), { id: orderId })
  if (joins !== undefined) rows.put(orderOf, key(joins.kind, joins.id), { id: orderId })
  const isHere = row.about.some(({ kind, id }) => kind === joins?.kind && id === joins.id)
  const isOpen = row.status !== 'resolved' && row.status !== 'returned'
  return {
    ...row,
    status: isOpen && progress !== undefined ? progress : row.status,
    externalId: externalId ?? row.externalId,
    assignee: assignee ?? row.assignee,
    expectedEnd: expectedEnd ?? row.expectedEnd,
    grown: grown ?? row.grown,
    about: joins === undefined || isHere ? row.about : [...row.about, joins].slice(-maxSubjects),
  }
}

type ActOnOrder = ProjectedEvent & { readonly data: { readonly orderId: string } }

/** An act on an order that the log does not hold is told in its story and changes nothing. */
function change(event: ActOnOrder, rows: Draft, to: (row: OrderRow) => OrderRow): void {
  const { orderId } = event.data
  const row = rows.get(orders, key(orderId))
  if (row !== undefined) put(rows, row, to(row))
  tell(event, rows, orderStories, orderId, event.data)
}

function put(rows: Draft, before: OrderRow | undefined, row: OrderRow): void {
  rows.put(orders, key(row.orderId), row)
  moveEntries(rows, row.orderId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function placesOf({ orderId, status, openedAt, resolved }: OrderRow): Places {
  return { lists: [[orderList, key(status, newestFirst(resolved?.at ?? openedAt), orderId)]] }
}

/** The order of the first of these outages or clusters that has one. */
export function orderOfParts(
  rows: Rows,
  kind: OrderAbout['kind'],
  parts: readonly string[],
): OrderRow | undefined {
  for (const part of parts) {
    const found = rowOf(rows, orderOf, key(kind, part))
    if (found !== undefined) return rowOf(rows, orders, key(found.id))
  }
  return undefined
}

export function orderByExternalId(rows: Rows, externalId: string): OrderRow | undefined {
  const found = rowOf(rows, byExternalId, key(externalId))
  return found && rowOf(rows, orders, key(found.id))
}

/** An order as its outage, cluster or member shows it. */
export type OrderInShort = Pick<
  OrderRow,
  'orderId' | 'status' | 'externalId' | 'assignee' | 'expectedEnd' | 'resolved'
>

export function orderInShort(row: OrderRow | undefined): OrderInShort | undefined {
  if (row === undefined) return undefined
  const { orderId, status, externalId, assignee, expectedEnd, resolved } = row
  return { orderId, status, externalId, assignee, expectedEnd, resolved }
}

/** Somebody is working on it. */
export function isUnderWay({ status }: Pick<OrderRow, 'status'>): boolean {
  return status === 'open' || status === 'accepted' || status === 'in-progress'
}
