import { toInstant, toMs } from '../schemas/instant.ts'
import { callFrom, type Callback, type CallbackQuery, type CallbackState } from './callback.ts'
import { byCustomer, complaints, memberOutage, toCallBack, type ComplaintRow } from './complaint-row.ts'
import { callbackReason, endsCallback } from './expectation.ts'
import { key, newestFirst, prefix } from './key.ts'
import { looseCallbacks } from './loose-callbacks.ts'
import { outageById, type OutageView } from './outage-queries.ts'
import { outageList } from './outage.ts'
import type { Page, PageRequest } from './page.ts'
import { pageInOrder } from './page-in-order.ts'
import { meet, boxOfPoint, type Box } from './quadkey.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** The most complaints of one customer that are looked at. */
const maxComplaintsOfCustomer = 200

/** Whom to call back: escalated ones first, then by customer class, then who has waited longest. */
export function callbacks(rows: Rows, query: CallbackQuery, request: PageRequest): Page<Callback> {
  return pageInOrder(inOrder(rows, query), request)
}

function* inOrder(rows: Rows, query: CallbackQuery): Generator<readonly [string, Callback]> {
  const isWanted = (callback: Callback): boolean =>
    !query.callable || (callback.callFrom ?? '') <= toInstant(query.nowMs)
  for (const outage of outagesAsked(rows, query)) {
    for (const callback of callbacksOf(rows, outage, query))
      if (isWanted(callback)) yield [orderOf(callback, query), callback]
  }
  if (query.outageId !== undefined) return
  for (const callback of looseCallbacks(rows, query))
    if (isWanted(callback)) yield [orderOf(callback, query), callback]
}

/** What a person chose to put first, and the time that the customer has waited: no evidence, only an order. */
function orderOf({ escalated, customerClass, waitingSince, complaintId }: Callback, query: CallbackQuery) {
  const { classes } = query.rules
  const named = customerClass === undefined ? -1 : classes.indexOf(customerClass.toLowerCase())
  const rank = named === -1 ? classes.length : named
  return key(escalated ? '0' : '1', String(rank).padStart(3, '0'), waitingSince, complaintId)
}

/** The outages whose callbacks may be in the state that is asked for; what ended longer ago than `expiryMs` is not looked at. */
function* outagesAsked(rows: Rows, query: CallbackQuery): Generator<OutageView> {
  const { outageId, nowMs, rules } = query
  const asked = outageId === undefined ? undefined : outageById(rows, outageId)
  if (outageId !== undefined) {
    if (asked !== undefined) yield asked
    return
  }
  for (const { id } of eachRow(rows, outageList, prefix('open'))) yield* viewOf(rows, id)
  if (query.state !== 'due') return
  const end = prefix('ended')
  const oldest = toInstant(Math.max(0, nowMs - rules.expiryMs))
  let cursor: string | undefined
  do {
    const page = rows.scan(outageList.name, {
      prefix: end,
      to: key('ended', newestFirst(oldest), '\uffff'),
      limit: outagesPerScan,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { value } of page.rows) yield* viewOf(rows, (value as { readonly id: string }).id)
    cursor = page.next
  } while (cursor !== undefined)
}
const outagesPerScan = 200

function* viewOf(rows: Rows, id: string): Generator<OutageView> {
  const view = outageById(rows, id)
  if (view !== undefined) yield view
}

/** Where the callbacks of an outage stand, and since when; `undefined` where nothing is to be told: it explained nobody after all. */
function standingOf(
  { state, ended, stillOut, restoredAt, settledAt }: OutageView,
  { nowMs, dwellMs, rules }: CallbackQuery,
): { readonly state: CallbackState; readonly dueSince?: string } | undefined {
  if (stillOut !== undefined) return { state: 'halted' }
  if (ended !== undefined && ended.reason !== 'restored') return undefined
  if (state !== 'restored' || restoredAt === undefined) return { state: 'waiting' }
  const settledMs = settledAt === undefined ? 0 : toMs(settledAt) + dwellMs
  const dueMs = Math.max(toMs(restoredAt), settledMs)
  if (dueMs > nowMs) return { state: 'waiting' }
  return dueMs + rules.expiryMs < nowMs ? undefined : { state: 'due', dueSince: toInstant(dueMs) }
}

function* callbacksOf(rows: Rows, outage: OutageView, query: CallbackQuery): Generator<Callback> {
  const standing = standingOf(outage, query)
  if (standing === undefined || standing.state !== query.state) return
  const seen = new Set<string>()
  const parts = new Set(outage.parts)
  for (const part of outage.parts) {
    for (const { id } of eachRow(rows, toCallBack, prefix(part))) {
      const row = rowOf(rows, complaints, key(id))
      if (row === undefined) continue
      const { customerRef } = row.facts
      // A customer of two complaints is called once; an unknown one counts for each.
      if (customerRef !== undefined && seen.has(customerRef)) continue
      if (customerRef !== undefined) seen.add(customerRef)
      const own = customerRef === undefined ? [row] : complaintsIn(rows, customerRef, parts)
      const callback = callbackOf(own, { outage, parts, standing, query })
      if (callback !== undefined) yield callback
    }
  }
}

/** A customer's complaints of an outage, and those on which a call was made about it. */
function complaintsIn(rows: Rows, customerRef: string, parts: ReadonlySet<string>): readonly ComplaintRow[] {
  const page = rows.scan(byCustomer.name, { prefix: prefix(customerRef), limit: maxComplaintsOfCustomer })
  return page.rows.flatMap(({ value }) => {
    const row = rowOf(rows, complaints, key((value as { readonly id: string }).id))
    return row !== undefined && (isIn(parts, memberOutage(row)) || callsAbout(row, parts).length > 0)
      ? [row]
      : []
  })
}

interface About {
  readonly outage: OutageView
  readonly parts: ReadonlySet<string>
  readonly standing: { readonly state: CallbackState; readonly dueSince?: string }
  readonly query: CallbackQuery
}

function callbackOf(own: readonly ComplaintRow[], about: About): Callback | undefined {
  const { outage, parts, standing, query } = about
  const calls = own
    .flatMap((row) => callsAbout(row, parts))
    .sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0))
  if (calls.some(endsCallback)) return undefined
  const waiting = own
    .filter((row) => isIn(parts, memberOutage(row)) && callbackReason(row) !== undefined)
    .sort((a, b) => (a.facts.reportedAt + a.complaintId < b.facts.reportedAt + b.complaintId ? -1 : 1))
  const [first] = waiting
  const reason = first && callbackReason(first)
  const last = waiting
    .flatMap(({ replies = [] }) => replies)
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .at(-1)
  if (first === undefined || reason === undefined || last === undefined) return undefined
  if (!waiting.some((row) => isWithin(row, outage, query.box))) return undefined
  const { maxAttempts } = query.rules
  const lastStillOut = calls.findLastIndex(({ outcome }) => outcome === 'still-out')
  const attempts = calls.length - lastStillOut - 1
  if (attempts >= maxAttempts) return undefined
  const { words, language, statedEnd, at } = last
  const channel =
    last.callback?.channel ?? waiting.find(({ facts }) => facts.channel !== undefined)?.facts.channel
  return {
    complaintId: first.complaintId,
    customerRef: first.facts.customerRef,
    outageId: outage.outageId,
    outageTitle: outage.title,
    ...standing,
    reason,
    told: { words, language, statedEnd, at },
    channel,
    customerClass: waiting.find(({ facts }) => facts.customerClass !== undefined)?.facts.customerClass,
    escalated: waiting.some(({ facts }) => facts.escalated) ? true : undefined,
    waitingSince: first.facts.reportedAt,
    callFrom: standing.state === 'due' ? callFrom(calls.at(-1), query) : undefined,
    attempts,
    attemptsLeft: maxAttempts - attempts,
    lastOutcome: calls.at(-1)?.outcome,
  }
}

/** A call made while nothing explained the complaint was about the same trouble. */
function callsAbout(row: ComplaintRow, parts: ReadonlySet<string>) {
  return (row.callbacks ?? []).filter(({ outageId = memberOutage(row) }) => isIn(parts, outageId))
}

function isIn(parts: ReadonlySet<string>, outageId: string | undefined): boolean {
  return outageId !== undefined && parts.has(outageId)
}

function isWithin({ facts }: ComplaintRow, outage: OutageView, box: Box | undefined): boolean {
  if (box === undefined) return true
  const point = facts.place?.location.point ?? outage.point
  return point !== undefined && meet(boxOfPoint(point), box)
}
