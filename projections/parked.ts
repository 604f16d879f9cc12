import { key } from './key.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { table, type Get, type RowWrite } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** An event that a projection could not take. Its rows lack that event and nothing else. Key: position, projection. */
export interface ParkedRow {
  readonly projection: string
  readonly position: string
  readonly eventId: string
  readonly type: string
  readonly error: string
}

interface ParkedCount {
  readonly count: number
}

const parked = table<ParkedRow>('parked')
const parkedCount = table<ParkedCount>('parked.count')
const maxErrorLength = 500

/** The rows that park one event for one projection. */
export function park(row: ParkedRow, get: Get): readonly RowWrite[] {
  const held = get(parkedCount.name, 'all') as ParkedCount | undefined
  return [
    {
      table: parked.name,
      key: key(row.position, row.projection),
      value: { ...row, error: row.error.slice(0, maxErrorLength) },
    },
    { table: parkedCount.name, key: 'all', value: { count: (held?.count ?? 0) + 1 } },
  ]
}

export function parkedEvents(rows: Rows, request: PageRequest): Page<ParkedRow> {
  return pageOf(rows, parked, [''], request, (row) => row)
}

export function countParked(rows: Rows): number {
  return rowOf(rows, parkedCount, 'all')?.count ?? 0
}
