import { toInstant, toMs } from '../schemas/instant.ts'
import { outageMembers } from './complaint-row.ts'
import { childList } from './element.ts'
import { key, prefix } from './key.ts'
import { affectedElements } from './outage-extent.ts'
import type { OutageView } from './outage-queries.ts'
import { maxPageLimit, type Page, type PageRequest } from './page.ts'
import { pageInOrder } from './page-in-order.ts'
import { pageOfBox, type ListEntry } from './listing.ts'
import { silenceMap, silences, silencesOfElement, type SilenceRow } from './silent.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'
import { outageThen } from './world-at.ts'

/** An outage must cover more than this share of a silence, to be worth a look. */
const minSilenceShare = 0.5
/** The most elements of an outage whose silent customers are looked for by what served them. */
const maxElements = 5_000
/** Silences that began longer before an outage than this are not looked at, nor more days than these of a longer one. */
const maxLookBackMs = 31 * 86_400_000
const maxDays = 62

/** A customer whose silence an outage may explain, and why it may. */
export interface SilentCustomer extends SilenceRow {
  readonly likelihood: 'possible'
  /** Of the silence, the part during the outage, 0 to 1. */
  readonly share: number
  readonly why: {
    /** An element of the outage served the customer last, or the customer's place lies where the outage is felt. */
    readonly by: 'served-by' | 'place'
    readonly elementId?: string | undefined
    readonly coveredMs: number
    readonly silentMs: number
    readonly outage: { readonly from: string; readonly to?: string | undefined }
  }
}

/**
 * Customers without traffic where an outage covers most of their silence, the largest share first. Who has complained of it is
 * listed with its complaints.
 */
export function silentCustomers(
  rows: Rows,
  outage: OutageView,
  nowMs: number,
  request: PageRequest,
): Page<SilentCustomer> {
  return pageInOrder(inOrder(rows, outage, nowMs), request)
}

function* inOrder(
  rows: Rows,
  outage: OutageView,
  nowMs: number,
): Generator<readonly [string, SilentCustomer]> {
  const { from = outage.since, to } = outageThen(rows, outage, toInstant(nowMs))
  const span = { from, to }
  const end = to ?? toInstant(nowMs)
  // Of a silence that began longer before the outage than that lasted, it cannot cover the most.
  const lengthMs = Math.max(0, toMs(end) - toMs(from))
  const begun = { from: toInstant(toMs(from) - Math.min(lengthMs, maxLookBackMs)), to: end }
  for (const { at, elementId } of found(rows, outage, begun)) {
    const row = rowOf(rows, silences, at)
    if (row === undefined || hasComplained(rows, outage, row)) continue
    const coveredMs = overlapMs(row, span)
    const silentMs = toMs(row.until) - toMs(row.silentSince)
    const share = silentMs > 0 ? Math.round((coveredMs / silentMs) * shareScale) / shareScale : 0
    if (share <= minSilenceShare) continue
    const by = elementId === undefined ? 'place' : 'served-by'
    yield [
      key(String(Math.round((1 - share) * shareScale)).padStart(4, '0'), row.customerRef, row.silentSince),
      { ...row, likelihood: 'possible', share, why: { by, elementId, coveredMs, silentMs, outage: span } },
    ]
  }
}
/** Shares are told in thousandths. */
const shareScale = 1_000

type Begun = { readonly from: string; readonly to: string }

/** The silences begun in a span that an outage may bear on, each once: by what served the customer, else by place. */
function* found(
  rows: Rows,
  outage: OutageView,
  begun: Begun,
): Generator<{ readonly at: string; readonly elementId?: string }> {
  const elementIds = elementsOf(rows, outage)
  for (const elementId of elementIds) {
    for (const at of servedBy(rows, elementId, begun)) yield { at, elementId }
  }
  const { box } = outage
  if (box === undefined) return
  for (const day of daysOf(begun)) {
    let cursor: string | undefined
    do {
      const page = pageOfBox(rows, silenceMap, day, box, { limit: maxPageLimit, cursor }, (at) => ({ at }))
      for (const { at } of page.items) {
        const served = rowOf(rows, silences, at)?.servedBy
        if (served === undefined || !elementIds.has(served)) yield { at }
      }
      cursor = page.next
    } while (cursor !== undefined)
  }
}

function* servedBy(rows: Rows, elementId: string, { from, to }: Begun): Generator<string> {
  let cursor: string | undefined
  do {
    const page = rows.scan(silencesOfElement.name, {
      prefix: prefix(elementId),
      from: key(elementId, from),
      to: key(elementId, to),
      limit: maxPageLimit,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { value } of page.rows) yield (value as ListEntry).id
    cursor = page.next
  } while (cursor !== undefined)
}

function* daysOf({ from, to }: Begun): Generator<string> {
  const last = to.slice(0, 10)
  const dayMs = 86_400_000
  for (
    let ms = toMs(last), days = 0;
    toInstant(ms).slice(0, 10) >= from.slice(0, 10) && days < maxDays;
    days += 1
  ) {
    yield toInstant(ms).slice(0, 10)
    ms -= dayMs
  }
}

/** The element that it lies on, those whose alarms hang on it, and the cells of either. */
function elementsOf(rows: Rows, { elementId, parts }: OutageView): ReadonlySet<string> {
  const ids = new Set<string>(elementId === undefined ? [] : [elementId])
  for (const part of parts) {
    for (const { elementId: affected } of eachRow(rows, affectedElements, prefix(part))) {
      if (ids.size >= maxElements) return ids
      ids.add(affected)
    }
  }
  for (const id of ids) {
    for (const { id: child } of eachRow(rows, childList, prefix(id))) {
      if (ids.size >= maxElements) return ids
      ids.add(child)
    }
  }
  return ids
}

function hasComplained(rows: Rows, { parts }: OutageView, { customerRef }: SilenceRow): boolean {
  return parts.some((part) => rowOf(rows, outageMembers.customers, key(part, customerRef)) !== undefined)
}

function overlapMs(
  { silentSince, until }: SilenceRow,
  { from, to }: { readonly from: string; readonly to?: string | undefined },
): number {
  const end = to === undefined || to > until ? until : to
  const begin = from > silentSince ? from : silentSince
  return Math.max(0, toMs(end) - toMs(begin))
}
