import type { OutageEnded, OutageOpened, OutageState } from '../schemas/outage.ts'
import { actRef, actUndoneBy, addAct, withoutAct, type ActRef } from './act.ts'
import { acknowledgedBy, assignedBy, withoutCare, type Care } from './care.ts'
import { key, newestFirst } from './key.ts'
import { moveEntries, nowhere, type ListEntry, type MapEntry, type Places } from './listing.ts'
import { absorb, leadsTo, type Merge, type Mergeable } from './merged.ts'
import { withStep, type LineageStep, type OutageVerdictAct, type WordedAct } from './outage-lineage.ts'
import {
  projection,
  table,
  type Draft,
  type ProjectedEvent,
  type ProjectedEventOf,
  type Table,
} from './projection.ts'
import { boxOfPoint } from './quadkey.ts'
import { withRoot, type RootSpell } from './root-spell.ts'
import { spellKeys } from './spell.ts'
import { aboutOf, heldBy, releasedBy, releasedByMove, releasedByUndo, type StillOut } from './still-out.ts'
import { tell, type StoryEntry } from './story.ts'

export type OutageStatus = 'open' | 'ended'

/** An outage as it stands. Table `outage`, key: outage id. Its complaints are counted and listed with the complaints. */
export interface OutageRow extends Mergeable, Care, Omit<OutageOpened, 'box'> {
  readonly status: OutageStatus
  readonly openedAt: string
  readonly backfilled?: true | undefined
  /** West, south, east, north of what it serves. */
  readonly box?: OutageOpened['box']
  readonly ended?: { readonly at: string; readonly reason: OutageEnded['reason'] } | undefined
  /** When the clear had held for the dwell; absent while that is not so. */
  readonly restoredAt?: string | undefined
  /** A customer who was called back is still out: it counts as open, whatever the engine says. */
  readonly stillOut?: StillOut | undefined
  /** When the last who had been still out was no longer. */
  readonly settledAt?: string | undefined
  /** Every root that it has had, the present one last; the newest `maxRootsKept`. */
  readonly roots: readonly RootSpell[]
  /** The last is the one in force. */
  readonly estimates?: readonly (ActRef & { readonly expectedEnd: string })[] | undefined
  readonly verdicts?: readonly OutageVerdictAct[] | undefined
  readonly worded?: readonly WordedAct[] | undefined
  /** When it was first known to be repaired, if it still is. */
  readonly repairedAt?: string | undefined
  /** Its merges and splits, the newest last. */
  readonly lineage?: readonly LineageStep[] | undefined
}

export const outages = table<OutageRow>('outage')
export const outageStories = table<StoryEntry>('outage.story')
/** Key: status, inverted `since` (of ended ones: inverted end), outage id. Those merged into another are in no list. */
export const outageList = table<ListEntry>('outage.list')
/** Key: cause kind, cause id, inverted `since`, outage id; for every root it has had. */
export const outagesOfCause = table<ListEntry>('outage.of-cause')
/** By when they were open, as `spell.ts` files it. Those merged into another are left out. */
export const outageSpells = table<ListEntry>('outage.spell')
/** Filed under the status. */
export const outageMap = table<MapEntry>('outage.map')

/** Outages, each with its story. Queries: `outage-queries.ts`; which alarms hang on them: `outage-extent.ts`. */
export const outageProjection = projection('outage', 2, {
  OutageOpened: open,
  OutageChanged: (event, rows) => {
    const { outageId, ...set } = event.data
    change(rows, outageId, (row) => ({
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
    change(rows, outageId, (row) => acknowledgedBy(row, event))
    tell(event, rows, outageStories, outageId, event.data)
  },
  OutageAssigned: (event, rows) => {
    const { outageId, assignee } = event.data
    change(rows, outageId, (row) => assignedBy(row, event, assignee))
    tell(event, rows, outageStories, outageId, event.data)
  },
  OutageConfirmed: judge,
  OutageRejected: judge,
  OutageWorded: (event, rows) => {
    const { outageId, words, until } = event.data
    change(rows, outageId, (row) => ({
      ...row,
      worded: addAct(row.worded, { ...actRef(event), words, until }),
    }))
    tell(event, rows, outageStories, outageId, event.data)
  },
  EndEstimated: (event, rows) => {
    const { about, expectedEnd } = event.data
    if (about.kind !== 'outage') return
    change(rows, about.id, (row) => ({
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
  put(rows, { ...row, status: statusOf(row) })
  const { stillOut } = row
  tell(event, rows, outageStories, row.outageId, { ...event.data, heldOpenBy: stillOut?.complaints ?? 0 })
}

function statusOf({ ended, stillOut }: OutageRow): OutageStatus {
  return ended === undefined || stillOut !== undefined ? 'open' : 'ended'
}

function tellOfNotice(event: ProjectedEventOf<'NoticeMuted' | 'NoticeUnmuted'>, rows: Draft): void {
  const { kind, id } = event.data.about
  if (kind === 'outage') tell(event, rows, outageStories, id, event.data)
}

function judge(event: ProjectedEventOf<'OutageConfirmed' | 'OutageRejected'>, rows: Draft): void {
  const { outageId, cause, note } = event.data
  const verdict = event.type === 'OutageConfirmed' ? 'confirmed' : 'rejected'
  change(rows, outageId, (row) => ({
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
  const { splitFrom, ...data } = event.data
  const { outageId, root } = data
  const before = rows.get(outages, key(outageId))
  // It was part of another one, as far as anybody knew, and is itself again.
  const whole = before?.mergedInto?.id ?? splitFrom
  const isSplit = whole !== undefined && whole !== outageId
  if (isSplit) {
    change(rows, whole, (row) => ({
      ...row,
      absorbed: row.absorbed?.filter(({ id }) => id !== outageId),
      lineage: withStep(row.lineage, event, 'split-off', outageId),
    }))
    tell(event, rows, outageStories, whole, event.data)
  }
  put(rows, {
    ...before,
    ...data,
    lineage: isSplit ? withStep(before?.lineage, event, 'split-from', whole) : before?.lineage,
    repairedAt: data.state === 'open' ? undefined : event.recordedAt,
    status: 'open',
    openedAt: before?.openedAt ?? event.recordedAt,
    ...stateSet(event.data.state, event.recordedAt),
    backfilled: event.meta.backfilled,
    ended: undefined,
    mergedInto: undefined,
    roots: withRoot(before?.roots ?? [], root, event.recordedAt),
  })
  tell(event, rows, outageStories, outageId, event.data)
}

function end(event: ProjectedEventOf<'OutageEnded'>, rows: Draft): void {
  const { outageId, reason, into } = event.data
  const merges = into !== undefined && !leadsTo(rows, outages, into, outageId)
  const link = (id: string): Merge => ({ id, at: event.recordedAt, eventId: event.id })
  change(rows, outageId, (row) => ({
    ...row,
    ended: { at: event.recordedAt, reason },
    stillOut: reason === 'restored' ? row.stillOut : undefined,
    mergedInto: merges ? link(into) : undefined,
    lineage: merges ? withStep(row.lineage, event, 'merged', into) : row.lineage,
  }))
  if (merges) {
    change(rows, into, (row) => ({
      ...row,
      absorbed: absorb(row.absorbed, link(outageId)),
      lineage: withStep(row.lineage, event, 'absorbed', outageId),
    }))
    tell(event, rows, outageStories, into, event.data)
  }
  tell(event, rows, outageStories, outageId, event.data)
}

function undo(event: ProjectedEventOf<'DecisionUndone'>, rows: Draft): void {
  const undone = actUndoneBy(event, rows)
  if (undone?.type === 'CallbackMade') {
    const { complaintId } = undone.data
    hold(event, rows, releasedByUndo(event, { id: undone.id, complaintId }, rows, outages))
  }
  const outageId = undone && outageOf(undone.data)
  if (undone === undefined || outageId === undefined) return
  change(rows, outageId, (row) => ({
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

function change(rows: Draft, outageId: string, to: (row: OutageRow) => OutageRow): void {
  const row = rows.get(outages, key(outageId))
  if (row === undefined) return
  const changed = to(row)
  put(rows, { ...changed, status: statusOf(changed) })
}

function put(rows: Draft, row: OutageRow): void {
  const at = key(row.outageId)
  const before = rows.get(outages, at)
  rows.put(outages, at, row)
  moveEntries(rows, row.outageId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function placesOf(row: OutageRow): Places {
  const { outageId, status, since, mergedInto, point, box = point && boxOfPoint(point) } = row
  const ended = status === 'ended' ? row.ended : undefined
  const causes = new Map(row.roots.map(({ root }) => [key(root.kind, root.id), root]))
  const lists: (readonly [Table<ListEntry>, string])[] = [...causes.values()].map(
    ({ kind, id }) => [outagesOfCause, key(kind, id, newestFirst(since), outageId)] as const,
  )
  if (mergedInto !== undefined) return { lists }
  lists.push([outageList, key(status, newestFirst(ended?.at ?? since), outageId)])
  for (const at of spellKeys(since, ended?.at, outageId)) lists.push([outageSpells, at])
  return { lists, map: box && { table: outageMap, under: status, box } }
}
