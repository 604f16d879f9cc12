import { toInstant, toMs } from '../schemas/instant.ts'
import { callFrom, type Callback, type CallbackQuery, type CallbackState } from './callback.ts'
import { clusters } from './cluster.ts'
import { complaints, looseToCallBack, memberCluster, type ComplaintRow } from './complaint-row.ts'
import { callbackReason, isToldSinceLast } from './expectation.ts'
import { key, prefix } from './key.ts'
import { headOf, partsOf } from './merged.ts'
import { orderOfMember, resolutionReaches } from './order-of-complaint.ts'
import type { OrderRow } from './order.ts'
import { boxOfPoint, meet } from './quadkey.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** One complaint that no outage explains, and what became of it. */
interface Loose {
  readonly row: ComplaintRow
  readonly order: OrderRow | undefined
  /** Since when there is something to tell the customer; absent while there is not. */
  readonly overAt: string | undefined
}

/**
 * Customers whose trouble was passed on without an outage. They are called when it is resolved, by its order or by itself, or
 * explained otherwise; one customer once a cluster. While somebody of a cluster who was called is still out, nobody else is called.
 */
export function* looseCallbacks(rows: Rows, query: CallbackQuery): Generator<Callback> {
  const seen = new Set<string>()
  for (const { id } of eachRow(rows, looseToCallBack)) {
    const row = rowOf(rows, complaints, key(id))
    if (row === undefined || seen.has(id)) continue
    const group = groupOf(rows, row)
    for (const { row: member } of group) seen.add(member.complaintId)
    const isHalted = group.some(isStillOut)
    for (const own of ofCustomers(group)) {
      const callback = callbackOf(own, isHalted, query)
      if (callback !== undefined) yield callback
    }
  }
}

/** The complaint with the others of its cluster that wait for a call. */
function groupOf(rows: Rows, row: ComplaintRow): readonly Loose[] {
  const clusterId = memberCluster(row)
  if (clusterId === undefined) return [looseOf(rows, row)]
  return partsOf(rows, clusters, headOf(rows, clusters, clusterId)).flatMap((part) =>
    [...eachRow(rows, looseToCallBack, prefix(part))].flatMap(({ id }) => {
      const member = rowOf(rows, complaints, key(id))
      return member === undefined ? [] : [looseOf(rows, member)]
    }),
  )
}

function looseOf(rows: Rows, row: ComplaintRow): Loose {
  const order = orderOfMember(rows, { clusterId: memberCluster(row) })
  const told = row.replies?.at(-1)?.at ?? ''
  const { attribution } = row
  const isExplained =
    attribution !== undefined && attribution.verdict !== 'unexplained' && attribution.at > told
  const moments = [
    row.resolutions?.at(-1)?.at,
    order !== undefined && resolutionReaches(order, row.facts) ? order.resolved?.at : undefined,
    isExplained ? attribution.at : undefined,
  ].filter((at) => at !== undefined)
  return {
    row,
    order,
    overAt: moments.reduce<string | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined),
  }
}

/** Called after it was over, and it was not. */
function isStillOut({ row: { callbacks }, overAt }: Loose): boolean {
  const last = callbacks?.at(-1)
  return last?.outcome === 'still-out' && overAt !== undefined && last.at >= overAt
}

function ofCustomers(group: readonly Loose[]): readonly (readonly Loose[])[] {
  const byCustomer = new Map<string, Loose[]>()
  for (const loose of group) {
    const { customerRef, complaintId } = { ...loose.row.facts, complaintId: loose.row.complaintId }
    const name = customerRef === undefined ? key('complaint', complaintId) : key('customer', customerRef)
    byCustomer.set(name, [...(byCustomer.get(name) ?? []), loose])
  }
  return [...byCustomer.values()]
}

function callbackOf(own: readonly Loose[], isHalted: boolean, query: CallbackQuery): Callback | undefined {
  const [first] = own.toSorted((a, b) => (placed(a) < placed(b) ? -1 : 1))
  if (first === undefined || own.some(({ row }) => isToldSinceLast(row))) return undefined
  const { row, order, overAt } = first
  const reason = callbackReason(row)
  const last = own
    .flatMap(({ row: { replies = [] } }) => replies)
    .toSorted((a, b) => (a.position < b.position ? -1 : 1))
    .at(-1)
  const standing = standingOf(overAt, isHalted, query)
  if (reason === undefined || last === undefined || standing !== query.state || !isWithin(row, query))
    return undefined
  const calls = own
    .flatMap(({ row: { callbacks = [] } }) => callbacks)
    .toSorted((a, b) => (a.position < b.position ? -1 : 1))
  const attempts = calls.length - calls.findLastIndex(({ outcome }) => outcome === 'still-out') - 1
  const { maxAttempts } = query.rules
  if (attempts >= maxAttempts) return undefined
  const { words, language, statedEnd, at } = last
  return {
    complaintId: row.complaintId,
    customerRef: row.facts.customerRef,
    orderId: order?.orderId,
    state: standing,
    reason,
    told: { words, language, statedEnd, at },
    channel: last.callback?.channel ?? row.facts.channel,
    customerClass: row.facts.customerClass,
    escalated: own.some((loose) => loose.row.facts.escalated) ? true : undefined,
    waitingSince: row.facts.reportedAt,
    dueSince: standing === 'due' ? overAt : undefined,
    callFrom: standing === 'due' ? callFrom(calls.at(-1), query) : undefined,
    attempts,
    attemptsLeft: maxAttempts - attempts,
    lastOutcome: calls.at(-1)?.outcome,
  }
}

/** What was over longer ago than `expiryMs` is told to nobody any more. */
function standingOf(
  overAt: string | undefined,
  isHalted: boolean,
  { nowMs, rules }: CallbackQuery,
): CallbackState | undefined {
  if (isHalted) return 'halted'
  if (overAt === undefined || overAt > toInstant(nowMs)) return 'waiting'
  return toMs(overAt) + rules.expiryMs < nowMs ? undefined : 'due'
}

function placed({ row }: Loose): string {
  return row.facts.reportedAt + row.complaintId
}

function isWithin({ facts: { place } }: ComplaintRow, { box }: CallbackQuery): boolean {
  return box === undefined || (place !== undefined && meet(boxOfPoint(place.location.point), box))
}
