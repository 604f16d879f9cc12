import { key } from './key.ts'
import { rowOf, type Rows } from './rows.ts'
import { projection, table, type Draft, type ProjectedEvent, type ProjectedEventOf } from './projection.ts'

/** What a person can take back. */
export const undoableTypes = [
  'CauseConfirmed',
  'CauseRejected',
  'ReplyGiven',
  'ComplaintDispatched',
  'ComplaintResolved',
  'ComplaintWithdrawn',
  'CallbackMade',
  'OutageAcknowledged',
  'OutageAssigned',
  'OutageConfirmed',
  'OutageRejected',
  'OutageWorded',
  'OutageMergedByHand',
  'NoticeMuted',
  'NoticeUnmuted',
  'FeedAcknowledged',
  'EndEstimated',
  'ClusterMergedByHand',
  'ClusterSplitByHand',
  'ClusterAcknowledged',
  'ClusterAssigned',
  'GapCandidateAccepted',
  'GapCandidateDismissed',
  'AlarmAcknowledged',
  'AlarmShelved',
  'AlarmUnshelved',
  'NoteAdded',
] as const satisfies readonly ProjectedEvent['type'][]
export type UndoableType = (typeof undoableTypes)[number]

/** Who did something, and when the log took it. */
export interface ActRef {
  readonly eventId: string
  readonly at: string
  readonly actor: string
  readonly position: string
}

/** A person's act as it happened; `undone` names the act that took it back. Key: event id. */
export interface ActRow {
  readonly act: Pick<ProjectedEventOf<UndoableType>, 'id' | 'type' | 'data' | 'occurredAt' | 'recordedAt'> & {
    readonly actor: string
    readonly position: string
  }
  readonly undone?: ActRef | undefined
}

export const acts = table<ActRow>('act')

/** What is undone, with its type and data belonging together. */
export type UndoneAct = {
  readonly [T in UndoableType]: Pick<ProjectedEventOf<T>, 'id' | 'type' | 'data' | 'recordedAt'>
}[UndoableType]

export function actRef(event: ProjectedEvent): ActRef {
  return { eventId: event.id, at: event.recordedAt, actor: event.meta.actor, position: event.position }
}

/** The act that this event takes back; `undefined` where it names none, or one that was taken back before. */
export function actUndoneBy(event: ProjectedEventOf<'DecisionUndone'>, rows: Draft): UndoneAct | undefined {
  const row = rows.get(acts, key(event.data.eventId))
  return row === undefined || row.undone !== undefined ? undefined : (row.act as UndoneAct)
}

/** The most acts of one kind that a row keeps; the whole story keeps all. */
export const maxActsKept = 20

/** With one more act, the newest last. */
export function addAct<Act extends ActRef>(kept: readonly Act[] | undefined, act: Act): readonly Act[] {
  return [...(kept ?? []), act].slice(-maxActsKept)
}

/** Without the act of this event; `undefined` where none is left. */
export function withoutAct<Act extends ActRef>(
  kept: readonly Act[] | undefined,
  eventId: string,
): readonly Act[] | undefined {
  const left = kept?.filter((act) => act.eventId !== eventId)
  return left === undefined || left.length === 0 ? undefined : left
}

function recordAct(event: ProjectedEventOf<UndoableType>, rows: Draft): void {
  const { id, type, data, occurredAt, recordedAt, meta, position } = event
  rows.put(acts, key(id), { act: { id, type, data, occurredAt, recordedAt, actor: meta.actor, position } })
}

/** People's acts by event id, so that one can be taken back. */
export const actProjection = projection('act', 1, {
  ...Object.fromEntries(undoableTypes.map((type) => [type, recordAct])),
  DecisionUndone: (event, rows) => {
    const row = rows.get(acts, key(event.data.eventId))
    if (row === undefined || row.undone !== undefined) return
    rows.put(acts, key(event.data.eventId), { ...row, undone: actRef(event) })
  },
})

export function actById(rows: Rows, eventId: string): ActRow | undefined {
  return rowOf(rows, acts, key(eventId))
}
