import type { Database } from 'lmdb'
import type { LmdbRowTables } from './lmdb-row-tables.ts'
import { plainName } from './row-generation.ts'
import { behindTable, tableOf } from './row-key.ts'
import { maxSweptRows } from './row-store.ts'

/**
 * Removes rows of generations that nobody reads. Walks from table to table without looking at the rows of those that are
 * read. Within a transaction; answers whether there may be more.
 */
export function sweepRows(
  { latest, deleted, history, lifetimes }: LmdbRowTables,
  suffixNow: (table: string) => string,
): boolean {
  let left = maxSweptRows
  for (const table of [latest, deleted, history, lifetimes]) {
    left -= sweepTable(table, suffixNow, left)
    if (left <= 0) return true
  }
  return false
}

function sweepTable(
  table: Database<Buffer, Buffer>,
  suffixNow: (table: string) => string,
  most: number,
): number {
  let removed = 0
  let start: Buffer | undefined = Buffer.from([0])
  while (start !== undefined && removed < most) {
    const [first] = table.getKeys({ start, limit: 1 })
    if (first === undefined) break
    const name = tableOf(first)
    const plain = plainName(name)
    start = behindTable(name)
    if (name === `${plain}${suffixNow(plain)}`) continue
    const stale = [...table.getKeys({ start: first, end: start, limit: most - removed })]
    for (const key of stale) table.removeSync(key)
    removed += stale.length
  }
  return removed
}
