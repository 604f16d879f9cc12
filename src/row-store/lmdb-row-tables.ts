import { open, type Database, type RootDatabase } from 'lmdb'
import type { Position } from '../event-log/event-log.ts'
import { rowOfLifetime } from './lifetimes.ts'

type RowTable = Database<Buffer, Buffer>

/** The tables in which rows lie. */
export interface LmdbRowTables {
  readonly root: RootDatabase
  readonly meta: Database<string, string>
  /** Row → newest version, of those that are there. */
  readonly latest: RowTable
  /** Row → deletion, of those that are gone. */
  readonly deleted: RowTable
  /** Row and position → superseded version. */
  readonly history: RowTable
  /** The last position of each commit → its number, from 1. */
  readonly commits: Database<string, Position>
  /** Of deleted rows, filed by when they were there: see `lifetimesOf`. Holds no values. */
  readonly lifetimes: RowTable
}

/** Opens or makes them. Nothing waits for the disk. */
export function openRowTables(folder: string): LmdbRowTables {
  const root = open({ path: folder, maxDbs: 7, cache: false, encoding: 'string', noSync: true })
  const rowTable = (name: string): RowTable =>
    root.openDB({ name, encoding: 'binary', keyEncoding: 'binary' })
  const texts = (name: string): Database<string, string> => root.openDB({ name, encoding: 'string' })
  return {
    root,
    meta: texts('meta'),
    latest: rowTable('latest'),
    deleted: rowTable('deleted'),
    history: rowTable('history'),
    commits: texts('commits'),
    lifetimes: rowTable('lifetimes'),
  }
}

interface Entry {
  readonly key: Buffer
  readonly value: Buffer
}

/** The entries of a half-open range of keys. */
export function rangeOf(table: RowTable, low: Buffer, high: Buffer, reverse: boolean): Iterable<Entry> {
  if (low.compare(high) >= 0) return []
  return reverse
    ? table.getRange({ start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse })
    : table.getRange({ start: low, end: high })
}

/** The deleted rows whose lifetimes lie in a range. */
export function* rowsAlive(
  lifetimes: RowTable,
  { low, high }: { readonly low: Buffer; readonly high: Buffer },
  reverse: boolean,
): Generator<Buffer> {
  for (const { key } of rangeOf(lifetimes, low, high, reverse)) yield rowOfLifetime(key)
}

/** A row of several ranges; `value` where it is there now, `wasAlive` where a lifetime may hold the moment. */
interface MergedRow {
  readonly row: Buffer
  readonly value: Buffer | undefined
  readonly wasAlive: boolean
}

/** What is there now and what several ranges of lifetimes name as one, each row once, in the order of all of them. */
export function* mergedRows(
  there: Iterable<Entry>,
  gone: readonly Generator<Buffer>[],
  reverse: boolean,
): Generator<MergedRow> {
  const entries = there[Symbol.iterator]()
  const isBefore = (a: Buffer, b: Buffer) => a.compare(b) < 0 !== reverse
  // Ranges without a row, which are most of them, are asked but once.
  let named = gone.map((rows) => ({ rows, at: rows.next() })).filter(({ at }) => at.done !== true)
  let entry = entries.next()
  try {
    while (entry.done !== true || named.length > 0) {
      let row = entry.done === true ? undefined : entry.value.key
      for (const { at } of named) {
        if (at.done !== true && (row === undefined || isBefore(at.value, row))) row = at.value
      }
      if (row === undefined) return
      const isThere = entry.done !== true && entry.value.key.equals(row)
      const holders = named.filter(({ at }) => at.done !== true && at.value.equals(row))
      yield {
        row,
        value: isThere && entry.done !== true ? entry.value.value : undefined,
        wasAlive: holders.length > 0,
      }
      if (isThere) entry = entries.next()
      for (const holder of holders) holder.at = holder.rows.next()
      if (holders.some(({ at }) => at.done === true)) named = named.filter(({ at }) => at.done !== true)
    }
  } finally {
    entries.return?.()
    for (const rows of gone) rows.return(undefined)
  }
}
