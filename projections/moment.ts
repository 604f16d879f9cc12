import { toInstant, toMs } from '../schemas/instant.ts'
import { table, type RowWrite } from './projection.ts'
import { rowsAsOf, type Rows, type VersionedRows } from './rows.ts'

/**
 * A moment at which the log's clock moved on. That clock is the greatest `recordedAt` so far in log order, as the engine's
 * time is: an event that lies behind a later one, with an earlier `recordedAt`, became known when that later one did.
 * Key: `recordedAt`.
 */
interface Moment {
  readonly recordedAt: string
  /** The last event before the clock came to stand here; absent at the first event of the log. */
  readonly before?: string | undefined
  /** The event that moved it was loaded from history. */
  readonly backfilled?: true | undefined
}

const moments = table<Moment>('moment')

interface RecordedEvent {
  readonly recordedAt: string
  readonly position: string
  readonly meta: { readonly backfilled?: true | undefined }
}

/**
 * Notes each moment of the log, one row however many events share it. Told of every event in log order; `before` is the
 * position that the rows follow so far. It is no projection, since it asks where the event before lies.
 */
export function noteMoments(
  rows: Rows,
  before: string | undefined,
): (event: RecordedEvent) => readonly RowWrite[] {
  let previous = before
  let clock = newestMoment(rows)?.recordedAt ?? ''
  return ({ recordedAt, position, meta: { backfilled } }) => {
    const value: Moment = { recordedAt, before: previous, backfilled }
    previous = position
    if (recordedAt <= clock) return []
    clock = recordedAt
    return [{ table: moments.name, key: recordedAt, value }]
  }
}

/** What was known at a moment of the log's clock. */
export type Known =
  | {
      readonly kind: 'known'
      readonly rows: Rows
      /** When the newest event that was known then was recorded. */
      readonly recordedAt: string
      readonly backfilled?: true | undefined
      /** Nothing was recorded later: what is being recorded now may still come to be known then. */
      readonly isNewest: boolean
    }
  | { readonly kind: 'nothing'; readonly firstRecordedAt?: string | undefined }

/** The rows as they were behind the last event whose moment is not after `asOf`, an `instant` (P1). */
export function knownAsOf(store: VersionedRows, asOf: string): Known {
  const after = toInstant(toMs(asOf) + 1)
  const next = firstOf(store, { from: after })
  const newest = firstOf(store, { to: after, reverse: true })
  if (newest === undefined) return { kind: 'nothing', firstRecordedAt: next?.recordedAt }
  const { recordedAt, backfilled } = newest
  return {
    kind: 'known',
    rows: { ...rowsAsOf(store, next?.before), knownAt: asOf },
    recordedAt,
    backfilled,
    isNewest: next === undefined,
  }
}

function newestMoment(rows: Rows): Moment | undefined {
  return firstOf(rows, { reverse: true })
}

function firstOf(rows: Rows, range: { from?: string; to?: string; reverse?: boolean }): Moment | undefined {
  const [first] = rows.scan(moments.name, { ...range, limit: 1 }).rows
  return first?.value as Moment | undefined
}
