import type { OutageEnded, OutageState } from '../schemas/outage.ts'
import { actRef, type ActRef } from './act.ts'
import { complaints, memberOutage } from './complaint-row.ts'
import { key } from './key.ts'
import { maxParts, type Mergeable } from './merged.ts'
import { table, type Draft, type ProjectedEvent, type ProjectedEventOf, type Table } from './projection.ts'

/*
 * A customer who is called back and still out opens the outage again, from its first beginning. That is said by the read
 * model alone: the engine weighs no callbacks, so its decisions, and what it says of the cause, are the same without them.
 */

/** Why an outage counts as open though its cause is over. */
export interface StillOut extends ActRef {
  /** The first who said so; kept from whoever may not see it. */
  readonly complaintId?: string | undefined
  /** How many complaints hold it open. */
  readonly complaints: number
  /** The calls that opened others which have become part of it, the newest `maxOpenings`. */
  readonly also?: readonly string[] | undefined
}

/** What of an outage's row this is about. */
interface Holdable extends Mergeable {
  readonly outageId: string
  readonly state: OutageState
  readonly ended?: { readonly at: string; readonly reason: OutageEnded['reason'] } | undefined
  readonly stillOut?: StillOut | undefined
  readonly settledAt?: string | undefined
}

/** The most openings of parts that an outage remembers. */
const maxOpenings = 50

/** A complaint that holds an outage open. Key: complaint id. */
interface Hold {
  readonly outageId: string
  /** The call that opened it; of another opening the hold is void. */
  readonly openedBy: string
  readonly eventId: string
}

export const holds = table<Hold>('outage.hold')

/** The complaint and the outage that a call was about. */
export function aboutOf(
  { data: { complaintId, outageId } }: ProjectedEventOf<'CallbackMade'>,
  rows: Draft,
): { readonly complaintId: string; readonly outageId: string | undefined } {
  return { complaintId, outageId: outageId ?? memberOutage(rows.get(complaints, key(complaintId))) }
}

/** The outage with a complaint that holds it open, where it was over; else `undefined`. */
export function heldBy<Row extends Holdable>(
  event: ProjectedEventOf<'CallbackMade'>,
  rows: Draft,
  outages: Table<Row>,
): Row | undefined {
  const { complaintId, outageId } = aboutOf(event, rows)
  const row = outageId === undefined ? undefined : headRow(rows, outages, outageId)
  if (row === undefined || event.meta.backfilled || !isOver(row)) return undefined
  const hold = rows.get(holds, key(complaintId))
  const { stillOut } = row
  if (hold !== undefined && opensIt(stillOut, hold)) return undefined
  const openedBy = stillOut?.eventId ?? event.id
  rows.put(holds, key(complaintId), { outageId: row.outageId, openedBy, eventId: event.id })
  const first = stillOut ?? { ...actRef(event), complaintId, complaints: 0 }
  return { ...row, stillOut: { ...first, complaints: first.complaints + 1 } }
}

/** The outage without a complaint that held it open; else `undefined`. The last one gives the moment from which a dwell runs. */
export function releasedBy<Row extends Holdable>(
  event: ProjectedEvent,
  complaintId: string,
  rows: Draft,
  outages: Table<Row>,
): Row | undefined {
  const hold = rows.get(holds, key(complaintId))
  if (hold === undefined) return undefined
  rows.put(holds, key(complaintId), undefined)
  const row = heldRow(rows, outages, hold)
  if (row?.stillOut === undefined) return undefined
  if (row.stillOut.complaints > 1) {
    return { ...row, stillOut: { ...row.stillOut, complaints: row.stillOut.complaints - 1 } }
  }
  // A call that is taken back was a mistake: it had been over all the time.
  if (event.type === 'DecisionUndone') return { ...row, stillOut: undefined }
  const at = event.recordedAt
  return { ...row, stillOut: undefined, settledAt: at, ended: row.ended && { ...row.ended, at } }
}

/** The same where the complaint turns out to belong to another trouble, or to none. */
export function releasedByMove<Row extends Holdable>(
  event: ProjectedEvent,
  { complaintId, outageId }: { readonly complaintId: string; readonly outageId?: string | undefined },
  rows: Draft,
  outages: Table<Row>,
): Row | undefined {
  const hold = rows.get(holds, key(complaintId))
  if (hold === undefined) return undefined
  const now = outageId === undefined ? undefined : headRow(rows, outages, outageId)?.outageId
  if (now !== undefined && now === headRow(rows, outages, hold.outageId)?.outageId) return undefined
  return releasedBy(event, complaintId, rows, outages)
}

/** The same where the call is taken back. */
export function releasedByUndo<Row extends Holdable>(
  event: ProjectedEvent,
  call: { readonly id: string; readonly complaintId: string },
  rows: Draft,
  outages: Table<Row>,
): Row | undefined {
  const hold = rows.get(holds, key(call.complaintId))
  return hold?.eventId === call.id ? releasedBy(event, call.complaintId, rows, outages) : undefined
}

function isOver({ state, ended }: Pick<Holdable, 'state' | 'ended'>): boolean {
  return ended === undefined ? state === 'restored' : ended.reason === 'restored'
}

/** What holds an outage open goes with it into another one that is over; where that one goes on, nobody need hold it. */
export function heldTogether(
  into: Pick<Holdable, 'state' | 'ended' | 'stillOut'>,
  moved: StillOut | undefined,
): StillOut | undefined {
  if (moved === undefined || (into.stillOut === undefined && !isOver(into))) return into.stillOut
  if (into.stillOut === undefined) return moved
  const { also = [], complaints } = into.stillOut
  return {
    ...into.stillOut,
    complaints: complaints + moved.complaints,
    also: [...also, moved.eventId, ...(moved.also ?? [])].slice(-maxOpenings),
  }
}

function opensIt(stillOut: StillOut | undefined, { openedBy }: Hold): boolean {
  return stillOut?.eventId === openedBy || stillOut?.also?.includes(openedBy) === true
}

/** The outage that a complaint holds open: the one of the call, or what that has become part of. */
function heldRow<Row extends Holdable>(rows: Draft, outages: Table<Row>, hold: Hold): Row | undefined {
  let row = rows.get(outages, key(hold.outageId))
  for (let steps = 0; row?.mergedInto !== undefined && steps < maxParts; steps += 1) {
    if (opensIt(row.stillOut, hold)) return row
    row = rows.get(outages, key(row.mergedInto.id))
  }
  return opensIt(row?.stillOut, hold) ? row : undefined
}

function headRow<Row extends Holdable>(rows: Draft, outages: Table<Row>, id: string): Row | undefined {
  let row = rows.get(outages, key(id))
  for (let steps = 0; row?.mergedInto !== undefined && steps < maxParts; steps += 1) {
    row = rows.get(outages, key(row.mergedInto.id))
  }
  return row
}
