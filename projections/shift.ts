import { notesByTime, type NoteRow } from './note.ts'
import { outagesByStatus, type OutageView } from './outage-queries.ts'
import { allOf } from './page.ts'
import type { Table } from './projection.ts'
import { rejectionsByTime, type RejectionRow } from './rejection.ts'
import { eachRow, type Rows } from './rows.ts'

/** An end that was stated and passed while the trouble went on. */
export interface MissedPromise {
  readonly outageId: string
  readonly title: string
  readonly promised: string
  /** Who stated it, and when; absent where it was the plan's. */
  readonly by?: string | undefined
  readonly statedAt?: string | undefined
  /** Absent where it goes on still. */
  readonly repairedAt?: string | undefined
}

/** What happened to outages in a span of time, and what people wrote and rejected in it. Lists are the newest first. */
export interface Shift {
  readonly opened: readonly OutageView[]
  readonly closed: readonly OutageView[]
  readonly promisesMissed: readonly MissedPromise[]
  readonly rejected: readonly RejectionRow[]
  readonly notes: readonly NoteRow[]
  /** False where there was more of something than `max`. */
  readonly complete: boolean
}

/** The shift from `since` to `until`, the moment of the rows; both are `instant`s. Of each list at most `max`. */
export function shiftOf(rows: Rows, since: string, until: string, max: number): Shift {
  const open = allOf(max, (request) => outagesByStatus(rows, 'open', request))
  const ended = allOf(
    max,
    (request) => outagesByStatus(rows, 'ended', request),
    (outage) => (outage.ended?.at ?? '') < since,
  )
  const all = [...open.items, ...ended.items]
  const rejected = newest(rows, rejectionsByTime, since, max)
  const notes = newest(rows, notesByTime, since, max)
  return {
    opened: all
      .filter(({ openedAt }) => openedAt >= since)
      .sort((a, b) => (a.openedAt < b.openedAt ? 1 : a.openedAt > b.openedAt ? -1 : 0)),
    closed: ended.items,
    promisesMissed: all.flatMap((outage) => promisesOf(outage).filter(isMissed(outage, since, until))),
    rejected: rejected.items,
    notes: notes.items,
    complete: open.complete && ended.complete && rejected.complete && notes.complete,
  }
}

function promisesOf(outage: OutageView): MissedPromise[] {
  const { outageId, title, estimates, expectedEnd, repairedAt } = outage
  const about = { outageId, title, repairedAt }
  if (estimates === undefined) return expectedEnd === undefined ? [] : [{ ...about, promised: expectedEnd }]
  return estimates.map(({ expectedEnd: promised, actor: by, at: statedAt }) => ({
    ...about,
    promised,
    by,
    statedAt,
  }))
}

function isMissed({ repairedAt, ended }: OutageView, since: string, until: string) {
  const overAt = repairedAt ?? ended?.at ?? until
  return ({ promised }: MissedPromise): boolean => promised >= since && promised <= until && promised < overAt
}

function newest<Row extends { readonly at: string }>(
  rows: Rows,
  from: Table<Row>,
  since: string,
  max: number,
): { readonly items: readonly Row[]; readonly complete: boolean } {
  const items: Row[] = []
  for (const row of eachRow(rows, from)) {
    if (row.at < since) break
    if (items.length >= max) return { items, complete: false }
    items.push(row)
  }
  return { items, complete: true }
}
