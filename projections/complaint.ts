import type { ComplaintReceived } from '../schemas/complaint.ts'
import type { CauseAttributed } from '../schemas/attribution.ts'
import { actRef, actUndoneBy, addAct, withoutAct, type UndoneAct } from './act.ts'
import { moveCauses } from './cluster-cause.ts'
import {
  attributions,
  byCauseHeard,
  byCluster,
  byCustomer,
  byDay,
  byOutage,
  clusterMembers,
  complaints,
  looseCluster,
  looseMembers,
  looseToCallBack,
  memberCluster,
  memberOutage,
  outageMembers,
  story,
  toCallBack,
  toCorrect,
  toDispatch,
  troubledAt,
  troubleMap,
  type AttributionSummary,
  type ComplaintRow,
  type ComplaintStatus,
  type Heard,
} from './complaint-row.ts'
import { callbackReason, causeHeard, isCalledBack, isToldSinceLast, mayBeWrong } from './expectation.ts'
import { key, newestFirst } from './key.ts'
import { tell } from './story.ts'
import { moveEntries, nowhere, type ListEntry, type Places } from './listing.ts'
import { moveMember } from './members.ts'
import { boxOfPoint } from './quadkey.ts'
import {
  projection,
  type Draft,
  type ProjectedEvent,
  type ProjectedEventOf,
  type Table,
} from './projection.ts'

/** Complaints as they stand, each with its whole story. Shapes: `complaint-row.ts`; queries: `complaint-queries.ts`. */
export const complaintProjection = projection('complaint', 4, {
  ComplaintReceived: receive,
  ComplaintAmended: amend,
  ComplaintWithdrawn: (event, rows) =>
    act(event, rows, (row) => ({ withdrawals: addAct(row.withdrawals, actRef(event)) })),
  CauseAttributed: attribute,
  ClusterOpened: (event, rows) => {
    const { clusterId, complaintIds } = event.data
    for (const id of complaintIds) join(event, rows, id, clusterId)
  },
  ComplaintClustered: (event, rows) => join(event, rows, event.data.complaintId, event.data.clusterId),
  ClusterSplitByHand: (event, rows) => {
    const { newClusterId, complaintIds } = event.data
    const splitInto = { clusterId: newClusterId, eventId: event.id }
    for (const id of complaintIds) {
      change(rows, id, (row) => ({ ...row, splitInto }))
      tell(event, rows, story, id, { clusterId: newClusterId })
    }
  },
  CauseConfirmed: judge,
  CauseRejected: judge,
  ReplyGiven: (event, rows) => {
    const { complaintId: _id, ...reply } = event.data
    act(event, rows, (row) => {
      const heard = heardIn(rows, reply.attributionId) ?? (row.attribution && heardOf(row.attribution))
      return { replies: addAct(row.replies, { ...actRef(event), ...reply, heard }) }
    })
  },
  ComplaintDispatched: (event, rows) =>
    act(event, rows, (row) => ({
      dispatches: addAct(row.dispatches, { ...actRef(event), orderId: event.data.orderId }),
    })),
  ComplaintResolved: (event, rows) =>
    act(event, rows, (row) => ({
      resolutions: addAct(row.resolutions, { ...actRef(event), resolution: event.data.resolution }),
    })),
  CallbackMade: (event, rows) =>
    act(event, rows, (row) => {
      const { outcome, channel, againAt, outageId = memberOutage(row) } = event.data
      return {
        callbacks: addAct(row.callbacks, { ...actRef(event), outcome, channel, againAt, outageId }),
      }
    }),
  NoteAdded: (event, rows) => {
    const { kind, id } = event.data.about
    if (kind !== 'complaint') return
    change(rows, id, (row) => ({ ...row, notes: row.notes + 1 }))
    tell(event, rows, story, id, event.data)
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone !== undefined) undo(event, rows, undone)
  },
})

function receive(event: ProjectedEventOf<'ComplaintReceived'>, rows: Draft): void {
  const { complaintId } = event.data
  tell(event, rows, story, complaintId, event.data)
  if (rows.get(complaints, key(complaintId)) !== undefined) return
  const row: ComplaintRow = {
    complaintId,
    status: 'open',
    facts: event.data,
    source: event.meta.source,
    actor: event.meta.actor,
    recordedAt: event.recordedAt,
    backfilled: event.meta.backfilled,
    attributions: 0,
    notes: 0,
  }
  rows.put(complaints, key(complaintId), row)
  moveEntries(rows, complaintId, nowhere, placesOf(row))
}

function amend(event: ProjectedEventOf<'ComplaintAmended'>, rows: Draft): void {
  const { complaintId, set, unset = [] } = event.data
  change(rows, complaintId, (row) => {
    const facts: Record<string, unknown> = { ...row.facts, ...set }
    for (const name of unset) delete facts[name]
    return { ...row, facts: facts as ComplaintReceived }
  })
  tell(event, rows, story, complaintId, event.data)
}

function attribute(event: ProjectedEventOf<'CauseAttributed'>, rows: Draft): void {
  const { complaintId } = event.data
  const summary = summaryOf(event.id, event.recordedAt, event.data)
  rows.put(attributions, key(event.id), {
    id: event.id,
    at: event.recordedAt,
    occurredAt: event.occurredAt,
    attribution: event.data,
  })
  change(rows, complaintId, (row) => ({
    ...row,
    attribution: summary,
    attributions: row.attributions + 1,
    replies:
      row.attribution === undefined
        ? row.replies?.map((reply) => ({ ...reply, heard: reply.heard ?? heardOf(summary) }))
        : row.replies,
  }))
  const { supersedes, changed } = event.data
  tell(event, rows, story, complaintId, { ...summary, supersedes, changed })
}

function summaryOf(id: string, at: string, data: CauseAttributed): AttributionSummary {
  const { verdict, direct, root, probability, state, band, expectedEnd } = data
  const { outageId, repeatOf, confirmed, disputed, tooLate } = data
  return {
    id,
    at,
    verdict,
    probability,
    band,
    ...(direct && { direct }),
    ...(root && { root }),
    ...(state && { state }),
    ...(expectedEnd !== undefined && { expectedEnd }),
    ...(outageId !== undefined && { outageId }),
    ...(repeatOf !== undefined && { repeatOf }),
    ...(confirmed && { confirmed }),
    ...(disputed && { disputed }),
    ...(tooLate && { tooLate }),
  }
}

function heardIn(rows: Draft, attributionId: string | undefined): Heard | undefined {
  const row = attributionId === undefined ? undefined : rows.get(attributions, key(attributionId))
  return row && heardOf(summaryOf(row.id, row.at, row.attribution))
}

function heardOf({ id, verdict, band, root, state, outageId }: AttributionSummary): Heard {
  return { id, verdict, band, root, state, outageId }
}

function join(event: ProjectedEvent, rows: Draft, complaintId: string, clusterId: string | undefined): void {
  change(rows, complaintId, (row) => ({ ...row, clusterId }))
  tell(event, rows, story, complaintId, { clusterId })
}

function judge(event: ProjectedEventOf<'CauseConfirmed' | 'CauseRejected'>, rows: Draft): void {
  const verdict = event.type === 'CauseConfirmed' ? 'confirmed' : 'rejected'
  act(event, rows, (row) => ({
    verdicts: addAct(row.verdicts, { ...actRef(event), verdict, cause: event.data.cause }),
  }))
}

type ActOnComplaint = ProjectedEvent & { readonly data: { readonly complaintId: string } }

function act(event: ActOnComplaint, rows: Draft, patch: (row: ComplaintRow) => Partial<ComplaintRow>): void {
  const { complaintId } = event.data
  change(rows, complaintId, (row) => ({ ...row, ...patch(row) }))
  tell(event, rows, story, complaintId, event.data)
}

function undo(event: ProjectedEventOf<'DecisionUndone'>, rows: Draft, undone: UndoneAct): void {
  for (const complaintId of complaintsOf(undone)) {
    change(rows, complaintId, (row) => takeBack(row, undone))
    tell(event, rows, story, complaintId, {
      eventId: undone.id,
      type: undone.type,
      reason: event.data.reason,
    })
  }
}

function complaintsOf({ type, data }: UndoneAct): readonly string[] {
  if (type === 'ClusterSplitByHand') return data.complaintIds
  if (type === 'NoteAdded') return data.about.kind === 'complaint' ? [data.about.id] : []
  return 'complaintId' in data ? [data.complaintId] : []
}

function takeBack(row: ComplaintRow, { id, type }: UndoneAct): ComplaintRow {
  return {
    ...row,
    notes: type === 'NoteAdded' ? row.notes - 1 : row.notes,
    splitInto: row.splitInto?.eventId === id ? undefined : row.splitInto,
    replies: withoutAct(row.replies, id),
    callbacks: withoutAct(row.callbacks, id),
    verdicts: withoutAct(row.verdicts, id),
    dispatches: withoutAct(row.dispatches, id),
    resolutions: withoutAct(row.resolutions, id),
    withdrawals: withoutAct(row.withdrawals, id),
  }
}

/** An act on a complaint that the log does not hold is told in its story and changes nothing. */
function change(rows: Draft, complaintId: string, to: (row: ComplaintRow) => ComplaintRow): void {
  const before = rows.get(complaints, key(complaintId))
  if (before === undefined) return
  const changed = to(before)
  const after = { ...changed, status: statusOf(changed) }
  rows.put(complaints, key(complaintId), after)
  moveEntries(rows, complaintId, placesOf(before), placesOf(after))
  const { customerRef } = after.facts
  moveMember(rows, outageMembers, customerRef, memberOutage(before), memberOutage(after))
  moveMember(rows, clusterMembers, customerRef, memberCluster(before), memberCluster(after))
  moveMember(rows, looseMembers, customerRef, looseCluster(before), looseCluster(after))
  moveCauses(rows, before, after)
}

/** Withdrawn goes before all. Of dispatch and resolution the later one counts: resolved work may be dispatched anew. */
function statusOf(row: ComplaintRow): ComplaintStatus {
  if (row.withdrawals !== undefined) return 'withdrawn'
  const dispatched = row.dispatches?.at(-1)?.position ?? ''
  const resolved = row.resolutions?.at(-1)?.position ?? ''
  if (dispatched > resolved) return 'dispatched'
  if (resolved !== '') return 'resolved'
  return row.replies === undefined ? 'open' : 'answered'
}

/** Whether it waits for network operations: nobody could answer it, and it is neither over nor history. */
function awaitsDispatch({ attribution, backfilled, status }: ComplaintRow): boolean {
  return (
    attribution?.band === 'dispatch' && backfilled !== true && status !== 'resolved' && status !== 'withdrawn'
  )
}

function placesOf(row: ComplaintRow): Places {
  const { complaintId, facts } = row
  const newest = newestFirst(facts.reportedAt)
  const outageId = memberOutage(row)
  const clusterId = memberCluster(row)
  const lists: (readonly [Table<ListEntry>, string])[] = [
    [byDay, key(facts.reportedAt.slice(0, 10), newest, complaintId)],
  ]
  if (facts.customerRef !== undefined) lists.push([byCustomer, key(facts.customerRef, newest, complaintId)])
  if (outageId !== undefined) lists.push([byOutage, key(outageId, newest, complaintId)])
  if (clusterId !== undefined) lists.push([byCluster, key(clusterId, newest, complaintId)])
  if (outageId !== undefined && callbackReason(row) !== undefined && !isCalledBack(row, outageId)) {
    lists.push([toCallBack, key(outageId, complaintId)])
  }
  if (outageId === undefined && callbackReason(row) !== undefined && !isToldSinceLast(row)) {
    lists.push([looseToCallBack, key(clusterId ?? '', complaintId)])
  }
  const heardAt = newestFirst(row.replies?.at(-1)?.at ?? row.recordedAt)
  if (mayBeWrong(row)) lists.push([toCorrect, key(heardAt, complaintId)])
  const heard = causeHeard(row)
  if (heard !== undefined) lists.push([byCauseHeard, key(heard.kind, heard.id, heardAt, complaintId)])
  if (awaitsDispatch(row)) lists.push([toDispatch, key(newestFirst(row.recordedAt), complaintId)])
  const point = row.status === 'withdrawn' ? undefined : facts.place?.location.point
  return {
    lists,
    map: point && { table: troubleMap, under: troubledAt(facts).slice(0, 10), box: boxOfPoint(point) },
  }
}
