import { key } from './key.ts'
import { table, type Get, type RowWrite, type Table } from './projection.ts'

/** An event that a fold could not take. What the fold makes lacks that event and nothing else. */
export interface ParkedRow {
  /** The projection that could not take it; `engine`; or `schema` where nobody can read the event. */
  readonly fold: string
  /** Where the event lies; of the engine's, where it says so. */
  readonly position: string
  readonly eventId: string
  readonly type?: string
  /** The engine's only: what fell due at this event and failed, as `kind:id`; the event itself counts. */
  readonly deadline?: string | undefined
  readonly error: string
}

export interface ParkedCount {
  readonly count: number
}

/** Parks what nobody can read. */
export const schemaFold = 'schema'
const maxErrorLength = 500

/** What a fold has parked, by position. It lies among the fold's own tables, and is made again with them. */
export function parkedBy(fold: string): Table<ParkedRow> {
  return table(`${fold}.parked`)
}

export function parkedCountOf(fold: string): Table<ParkedCount> {
  return table(`${fold}.parked-count`)
}

/** The rows that park one event for one fold. */
export function park(row: ParkedRow, get: Get): readonly RowWrite[] {
  const count = parkedCountOf(row.fold).name
  const held = get(count, 'all') as ParkedCount | undefined
  return [
    {
      table: parkedBy(row.fold).name,
      key: key(row.position),
      value: { ...row, error: row.error.slice(0, maxErrorLength) },
    },
    { table: count, key: 'all', value: { count: (held?.count ?? 0) + 1 } },
  ]
}
