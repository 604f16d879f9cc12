import type { NoteAdded } from '../schemas/act.ts'
import { actRef, actUndoneBy, type ActRef } from './act.ts'
import { key, newestFirst, prefix } from './key.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { projection, table, type Draft, type ProjectedEvent } from './projection.ts'
import type { Rows } from './rows.ts'

/** What somebody wrote of something. What was taken back is gone. */
export interface NoteRow extends ActRef {
  readonly about: NoteAdded['about']
  readonly text: string
}

/** Key: kind, id, inverted time of recording, event id. */
const notes = table<NoteRow>('note')
/** Key: inverted time of recording, event id. */
export const notesByTime = table<NoteRow>('note.by-time')

/** Notes, by what they are about and by when they were written. */
export const noteProjection = projection('note', 1, {
  NoteAdded: (event, rows) => put(rows, event, { ...actRef(event), ...event.data }),
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type !== 'NoteAdded') return
    put(rows, undone, undefined)
  },
})

type Written = Pick<ProjectedEvent, 'id'> & { readonly data: NoteAdded; readonly recordedAt: string }

function put(rows: Draft, { id, data: { about }, recordedAt }: Written, row: NoteRow | undefined): void {
  const at = newestFirst(recordedAt)
  rows.put(notes, key(about.kind, about.id, at, id), row)
  rows.put(notesByTime, key(at, id), row)
}

/** Of one thing and those that it took in (`ids`), the newest first within each. */
export function notesOn(
  rows: Rows,
  kind: NoteAdded['about']['kind'],
  ids: readonly string[],
  request: PageRequest,
): Page<NoteRow> {
  return pageOf(
    rows,
    notes,
    ids.map((id) => prefix(kind, id)),
    request,
    (row) => row,
  )
}

/** The newest of one thing and those that it took in. */
export function newestNoteOn(
  rows: Rows,
  kind: NoteAdded['about']['kind'],
  ids: readonly string[],
): NoteRow | undefined {
  let newest: NoteRow | undefined
  for (const id of ids) {
    const [first] = rows.scan(notes.name, { prefix: prefix(kind, id), limit: 1 }).rows
    const row = first?.value as NoteRow | undefined
    if (row !== undefined && row.position > (newest?.position ?? '')) newest = row
  }
  return newest
}
