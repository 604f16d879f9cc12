import type { OutageOpened, OutageState } from '../schemas/outage.ts'
import { actRef, actUndoneBy, addAct, withoutAct } from './act.ts'
import { acknowledgedBy, assignedBy, withoutCare } from './care.ts'
import { key } from './key.ts'
import { absorb, leadsTo, type Merge } from './merged.ts'
import { joinedAround, joinOutages, partOutages } from './outage-joined.ts'
import { withStep } from './outage-lineage.ts'
import { ownOf } from './outage-standing.ts'
import { changeOutage, outages, outageStories, putOutage, type OutageRow } from './outage.ts'
import { projection, type Draft, type ProjectedEvent, type ProjectedEventOf } from './projection.ts'
import { withRoot } from './root-spell.ts'
import { aboutOf, heldBy, heldTogether, releasedBy, releasedByMove, releasedByUndo } from './still-out.ts'
import { tell } from './story.ts'

/** Outages, each with its story. Queries: `outage-queries.ts`; which alarms hang on them: `outage-extent.ts`. */
export const outageProjection = projection('outage', 3, {
  OutageOpened: open,
  OutageChanged: (event, rows) => {
    const { outageId, ...set } = event.data
    changeOutage(rows, outageId, (row) => ({
      ...row,
      ...(set.state !== undefined && stateSet(set.state, event.recordedAt)),
      root: set.root ?? row.root,
      title: set.title ?? row.title,
      elementId: set.elementId ?? row.elementId,
      repairedAt: repairedAt(row, set.state, event.recordedAt),
      expectedEnd: set.expectedEnd ?? row.expectedEnd,
      services: set.services ?? row.services,
      point: set.point ?? row.point,
      box: set.box ?? row.box,
      subscribers: set.subscribers ?? row.subscribers,
      roots: set.root === undefined ? row.roots : withRoot(row.roots, set.root, event.recordedAt),
    }))
    tell(event, rows, outageStories, outageId, event.data)
  },
  OutageEnded: end,
  OutageAcknowledged: (event, rows) => {
    const { outageId } = event.data
    changeOutage(rows, outageId, (row) => acknowledgedBy(row, event))
    tell(event, rows, outageStories, outageId, event.data)
  },
  OutageAssigned: (event, rows) => {
    const { outageId, assignee } = event.data
    changeOutage(rows, outageId, (row) => assignedBy(row, event, assignee))
    tell(event, rows, outageStories, outageId, event.data)
  },
  OutageConfirmed: judge,
  OutageRejected: judge,
  OutageWorded: (event, rows) => {
    const { outageId, words, until } = event.data
    changeOutage(rows, outageId, (row) => ({
      ...row,
      worded: addAct(row.worded, { ...actRef(event), words, until }),
    }))
    tell(event, rows, outageStories, outageId, event.data)
  },
  EndEstimated: (event, rows) => {
    const { about, expectedEnd } = event.data
    if (about.kind !== 'outage') return
    changeOutage(rows, about.id, (row) => ({
      ...row,
      estimates: addAct(row.estimates, { ...actRef(event), expectedEnd }),
    }))
    tell(event, rows, outageStories, about.id, event.data)
  },
  NoteAdded: (event, rows) => {
    const { kind, id } = event.data.about
    if (kind === 'outage') tell(event, rows, outageStories, id, event.data)
  },
  CallbackMade: (event, rows) => {
    const { complaintId, outcome } = event.data
    switch (outcome) {
      case 'still-out':
        hold(event, rows, releasedByMove(event, aboutOf(event, rows), rows, outages))
        return hold(event, rows, heldBy(event, rows, outages))
      case 'fine':
      case 'declined':
        return hold(event, rows, releasedBy(event, complaintId, rows, outages))
      case 'no-answer':
        return
    }
  },
  ComplaintResolved: (event, rows) =>
    hold(event, rows, releasedBy(event, event.data.complaintId, rows, outages)),
  ComplaintWithdrawn: (event, rows) =>
    hold(event, rows, releasedBy(event, event.data.complaintId, rows, outages)),
  CauseAttributed: (event, rows) => hold(event, rows, releasedByMove(event, event.data, rows, outages)),
  OutageMergedByHand: (event, rows) => {
    const { outageId, into } = event.data
    joinOutages(rows, event, outageId, into)
    for (const id of new Set([outageId, into])) tell(event, rows, outageStories, id, event.data)
  },
  NoticeMuted: tellOfNotice,
  NoticeUnmuted: tellOfNotice,
  DecisionUndone: undo,
})

/** Once it goes on by the engine's word too, nobody needs to hold it open. */
function stateSet(state: OutageState, at: string): Pick<OutageRow, 'state' | 'restoredAt' | 'stillOut'> {
  return state === 'restored'
    ? { state, restoredAt: at }
    : { state, restoredAt: undefined, stillOut: undefined }
}

/** What a call or the end of its matter made of an outage. */
function hold(event: ProjectedEvent, rows: Draft, row: OutageRow | undefined): void {
  if (row === undefined) return
  putOutage(rows, ownOf(row))
  const { stillOut } = row
  tell(event, rows, outageStories, row.outageId, { ...event.data, heldOpenBy: stillOut?.complaints ?? 0 })
}

function tellOfNotice(event: ProjectedEventOf<'NoticeMuted' | 'NoticeUnmuted'>, rows: Draft): void {
  const { kind, id } = event.data.about
  if (kind === 'outage') tell(event, rows, outageStories, id, event.data)
}

function judge(event: ProjectedEventOf<'OutageConfirmed' | 'OutageRejected'>, rows: Draft): void {
  const { outageId, cause, note } = event.data
  const verdict = event.type === 'OutageConfirmed' ? 'confirmed' : 'rejected'
  changeOutage(rows, outageId, (row) => ({
    ...row,
    verdicts: addAct(row.verdicts, { ...actRef(event), verdict, cause, note }),
  }))
  tell(event, rows, outageStories, outageId, event.data)
}

function repairedAt(
  row: OutageRow,
  state: OutageOpened['state'] | undefined,
  at: string,
): string | undefined {
  if (state === undefined) return row.repairedAt
  return state === 'open' ? undefined : (row.repairedAt ?? at)
}

function open(event: ProjectedEventOf<'OutageOpened'>, rows: Draft): void {
  const { outageId, splitFrom } = event.data
  const before = rows.get(outages, key(outageId))
  // It was part of another one, as far as anybody knew, and is itself again.
  const wholes = [before?.mergedInto?.byHand ? undefined : before?.mergedInto?.id, splitFrom]
  const whole = wholes.find((id) => id !== undefined && id !== outageId)
  if (whole === undefined) putOpened(event, rows, undefined)
  else {
    joinedAround(rows, [outageId, whole], () => {
      changeOutage(rows, whole, (row) => ({
        ...row,
        absorbed: row.absorbed?.filter(({ id }) => id !== outageId),
        lineage: withStep(row.lineage, event, 'split-off', outageId),
      }))
      putOpened(event, rows, whole)
    })
    tell(event, rows, outageStories, whole, event.data)
  }
  tell(event, rows, outageStories, outageId, event.data)
}

function putOpened(event: ProjectedEventOf<'OutageOpened'>, rows: Draft, whole: string | undefined): void {
  const { splitFrom: _from, ...data } = event.data
  const known = rows.get(outages, key(data.outageId))
  const before = known && ownOf(known)
  putOutage(rows, {
    ...before,
    ...data,
    lineage: whole === undefined ? before?.lineage : withStep(before?.lineage, event, 'split-from', whole),
    repairedAt: data.state === 'open' ? undefined : event.recordedAt,
    status: 'open',
    openedAt: before?.openedAt ?? event.recordedAt,
    ...stateSet(data.state, event.recordedAt),
    backfilled: event.meta.backfilled,
    ended: undefined,
    mergedInto: before?.mergedInto?.byHand ? before.mergedInto : undefined,
    roots: withRoot(before?.roots ?? [], data.root, event.recordedAt),
  })
}

function end(event: ProjectedEventOf<'OutageEnded'>, rows: Draft): void {
  const { outageId, reason, into } = event.data
  const ended = { at: event.recordedAt, reason }
  if (into === undefined || into === outageId) {
    changeOutage(rows, outageId, (row) => ({
      ...row,
      ended,
      stillOut: reason === 'restored' ? row.stillOut : undefined,
      mergedInto: row.mergedInto?.byHand ? row.mergedInto : undefined,
    }))
  } else {
    joinedAround(rows, [outageId, into], () => absorbInto(event, rows, into, ended))
    tell(event, rows, outageStories, into, event.data)
  }
  tell(event, rows, outageStories, outageId, event.data)
}

function absorbInto(
  event: ProjectedEventOf<'OutageEnded'>,
  rows: Draft,
  into: string,
  ended: NonNullable<OutageRow['ended']>,
): void {
  const { outageId } = event.data
  const merges = !leadsTo(rows, outages, into, outageId)
  const link = (id: string): Merge => ({ id, at: event.recordedAt, eventId: event.id })
  const stillOut = rows.get(outages, key(outageId))?.stillOut
  changeOutage(rows, outageId, (row) => ({
    ...row,
    ended,
    stillOut: undefined,
    mergedInto: merges ? link(into) : undefined,
    lineage: merges ? withStep(row.lineage, event, 'merged', into) : row.lineage,
  }))
  if (!merges) return
  changeOutage(rows, into, (row) => ({
    ...row,
    absorbed: absorb(row.absorbed, link(outageId)),
    stillOut: heldTogether(row, stillOut),
    lineage: withStep(row.lineage, event, 'absorbed', outageId),
  }))
}

function undo(event: ProjectedEventOf<'DecisionUndone'>, rows: Draft): void {
  const undone = actUndoneBy(event, rows)
  if (undone?.type === 'CallbackMade') {
    const { complaintId } = undone.data
    hold(event, rows, releasedByUndo(event, { id: undone.id, complaintId }, rows, outages))
  }
  if (undone?.type === 'OutageMergedByHand') {
    const { outageId, into } = undone.data
    partOutages(rows, event, outageId, undone.id)
    for (const id of new Set([outageId, into])) tell(event, rows, outageStories, id, event.data)
    return
  }
  const outageId = undone && outageOf(undone.data)
  if (undone === undefined || outageId === undefined) return
  changeOutage(rows, outageId, (row) => ({
    ...withoutCare(row, undone.id),
    estimates: withoutAct(row.estimates, undone.id),
    verdicts: withoutAct(row.verdicts, undone.id),
    worded: withoutAct(row.worded, undone.id),
  }))
  tell(event, rows, outageStories, outageId, event.data)
}

function outageOf(data: object): string | undefined {
  if ('outageId' in data) return String(data.outageId)
  const { about } = data as { readonly about?: { readonly kind: string; readonly id: string } }
  return about?.kind === 'outage' ? about.id : undefined
}
