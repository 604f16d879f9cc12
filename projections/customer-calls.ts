import { toMs } from '../schemas/instant.ts'
import { key } from './key.ts'
import type { Draft } from './projection.ts'
import { customerCalls, type Call, type CallsRow, type CountedComplaint } from './statistics-row.ts'

/** A call again within this span is a repeat. */
export const repeatDays = 7
const repeatMs = repeatDays * 86_400_000
/** The most calls of one customer within one such span; what lies beyond, a default number, is not judged. */
const maxCallsPerSpan = 200

type CallsSides = NonNullable<CountedComplaint['calls']>
type Caller = Pick<CountedComplaint, 'customerRef' | 'reportedAt' | 'complaintId'>

/** A call, and whether one of the same customer lies shortly before or behind it; left out: as it was. */
export interface CallChange extends Partial<CallsSides> {
  readonly complaintId: string
}

/** How a call stands that was entered, absent where it is not judged; and how those beside it now do. */
interface Entered {
  readonly own?: CallsSides
  readonly others: readonly CallChange[]
}

/** Enters a call of a known customer. */
export function enterCall(rows: Draft, caller: Caller): Entered {
  const { customerRef, reportedAt: at, complaintId } = caller
  if (customerRef === undefined) return { others: [] }
  const held = callsIn(rows, customerRef, spanOf(at))
  if (held.length >= maxCallsPerSpan) return { others: [] }
  putCalls(rows, customerRef, spanOf(at), [...held, { at, complaintId }].toSorted(inOrder))
  const { before, after } = beside(rows, customerRef, { at, complaintId })
  return {
    own: { before: before !== undefined, after: after !== undefined },
    others: [
      ...(before === undefined ? [] : [{ complaintId: before.complaintId, after: true }]),
      ...(after === undefined ? [] : [{ complaintId: after.complaintId, before: true }]),
    ],
  }
}

/** Takes a call out again. Gives how those beside it now stand. */
export function removeCall(rows: Draft, caller: Caller): readonly CallChange[] {
  const { customerRef, reportedAt: at, complaintId } = caller
  if (customerRef === undefined) return []
  const held = callsIn(rows, customerRef, spanOf(at))
  const left = held.filter((call) => call.complaintId !== complaintId)
  if (left.length === held.length) return []
  putCalls(rows, customerRef, spanOf(at), left)
  const { before, after } = beside(rows, customerRef, { at, complaintId })
  const areNear = before !== undefined && after !== undefined && toMs(after.at) - toMs(before.at) <= repeatMs
  return [
    ...(before === undefined ? [] : [{ complaintId: before.complaintId, after: areNear }]),
    ...(after === undefined ? [] : [{ complaintId: after.complaintId, before: areNear }]),
  ]
}

/** The last call before a moment and the first behind it, where they are near enough to be one trouble. */
function beside(
  rows: Draft,
  customerRef: string,
  call: Call,
): { readonly before?: Call | undefined; readonly after?: Call | undefined } {
  const span = spanOf(call.at)
  const others = [span - 1, span, span + 1].flatMap((at) => callsIn(rows, customerRef, at))
  const before = others.findLast((other) => inOrder(other, call) < 0)
  const after = others.find((other) => inOrder(other, call) > 0)
  return {
    before: before && toMs(call.at) - toMs(before.at) <= repeatMs ? before : undefined,
    after: after && toMs(after.at) - toMs(call.at) <= repeatMs ? after : undefined,
  }
}

function callsIn(rows: Draft, customerRef: string, span: number): readonly Call[] {
  return rows.get(customerCalls, key(customerRef, String(span)))?.calls ?? []
}

function putCalls(rows: Draft, customerRef: string, span: number, calls: CallsRow['calls']): void {
  rows.put(customerCalls, key(customerRef, String(span)), calls.length === 0 ? undefined : { calls })
}

function spanOf(instant: string): number {
  return Math.floor(toMs(instant) / repeatMs)
}

function inOrder(a: Call, b: Call): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  return a.complaintId === b.complaintId ? 0 : a.complaintId < b.complaintId ? -1 : 1
}
