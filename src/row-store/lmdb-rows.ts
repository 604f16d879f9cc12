import type { Database } from 'lmdb'
import type { Position } from '../event-log/event-log.ts'
import type { LmdbRowTables } from './lmdb-row-tables.ts'
import { keyOf, rowKey, scanRange, toCursor, versionKey } from './row-key.ts'
import {
  behindNewest,
  maxScannedRows,
  type Page,
  type Row,
  type RowStore,
  type RowWrite,
  type ScanOptions,
} from './row-store.ts'

/** A version of a row. Stored are its position, a space and its JSON; no JSON where the row is deleted. */
interface Version {
  readonly position: Position
  readonly bytes: Buffer
}

/** The newest version of a row while its commit is under way, and in which table an older one of it lies. */
interface Pending extends Version {
  readonly row: Buffer
  readonly stored: 'latest' | 'deleted' | 'nowhere'
}

/** The rows of a store under the names that `suffixOf` gives their tables. */
export interface LmdbRows extends Pick<RowStore, 'get' | 'scan'> {
  /** Within a transaction. */
  store(writes: readonly RowWrite[]): void
}

export function lmdbRows(
  { latest, deleted, history }: LmdbRowTables,
  suffixOf: (table: string) => string,
): LmdbRows {
  const newestOf = (row: Buffer): Buffer | undefined => latest.get(row) ?? deleted.get(row)

  const newestAsOf = (row: Buffer, newest: Version, asOf: Position): Version | undefined => {
    if (newest.position <= asOf) return newest
    const versions = { start: versionKey(row, asOf), end: versionKey(row, ''), reverse: true, limit: 1 }
    for (const { value } of history.getRange(versions)) return toVersion(value)
    return undefined
  }

  const readPending = (row: Buffer): Pending | undefined => {
    const there = latest.get(row)
    if (there !== undefined) return { row, stored: 'latest', ...toVersion(there) }
    const gone = deleted.get(row)
    return gone && { row, stored: 'deleted', ...toVersion(gone) }
  }

  const store = (writes: readonly RowWrite[]) => {
    const newest = new Map<string, Pending>()
    for (const write of writes) {
      const { table, key, value, position } = write
      const name = `${table}\0${key}`
      const known = newest.get(name)
      const row = known?.row ?? rowKey(table, key, suffixOf(table))
      const before = known ?? readPending(row)
      if (before === undefined && value === undefined) continue
      if (before !== undefined && before.position !== position) {
        if (before.position > position) throw behindNewest(write, before.position)
        history.putSync(versionKey(row, before.position), before.bytes)
      }
      newest.set(name, {
        row,
        stored: before?.stored ?? 'nowhere',
        position,
        bytes: toBytes(position, value),
      })
    }
    for (const { row, stored, ...version } of newest.values()) {
      const [into, outOf] = isDeletion(version) ? [deleted, latest] : [latest, deleted]
      into.putSync(row, version.bytes)
      if (stored === (outOf === latest ? 'latest' : 'deleted')) outOf.removeSync(row)
    }
  }

  const scan = (table: string, options: ScanOptions): Page => {
    const { limit, reverse = false, asOf } = options
    const { low, high } = scanRange(table, options, suffixOf(table))
    const rows: Row[] = []
    let scanned = 0
    const there = rangeOf(latest, low, high, reverse)
    const all = asOf === undefined ? there : merged(there, rangeOf(deleted, low, high, reverse), reverse)
    for (const { key: row, value: bytes } of all) {
      const key = keyOf(table + suffixOf(table), row)
      const newest = toVersion(bytes)
      const version = asOf === undefined ? newest : newestAsOf(row, newest, asOf)
      const value = version && toValue(version)
      if (version !== undefined && value !== undefined) {
        const last = rows.at(-1)
        if (last !== undefined && rows.length >= limit) return { rows, next: toCursor(last.key) }
        rows.push({ key, value, position: version.position })
      }
      scanned += 1
      if (scanned >= maxScannedRows) return { rows, next: toCursor(key) }
    }
    return { rows }
  }

  return {
    store,
    get: (table, key, asOf) => {
      const row = rowKey(table, key, suffixOf(table))
      const bytes = asOf === undefined ? latest.get(row) : newestOf(row)
      if (bytes === undefined) return undefined
      const newest = toVersion(bytes)
      const version = asOf === undefined ? newest : newestAsOf(row, newest, asOf)
      return version && toValue(version)
    },
    scan,
  }
}

interface Entry {
  readonly key: Buffer
  readonly value: Buffer
}

function rangeOf(
  table: Database<Buffer, Buffer>,
  low: Buffer,
  high: Buffer,
  reverse: boolean,
): Iterable<Entry> {
  if (low.compare(high) >= 0) return []
  return reverse
    ? table.getRange({ start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse })
    : table.getRange({ start: low, end: high })
}

/** Two ranges without a common key as one, in the order of both. */
function* merged(left: Iterable<Entry>, right: Iterable<Entry>, reverse: boolean): Generator<Entry> {
  const others = right[Symbol.iterator]()
  let other = others.next()
  try {
    for (const entry of left) {
      while (other.done !== true && other.value.key.compare(entry.key) < 0 !== reverse) {
        yield other.value
        other = others.next()
      }
      yield entry
    }
    while (other.done !== true) {
      yield other.value
      other = others.next()
    }
  } finally {
    others.return?.()
  }
}

const space = 0x20

function toBytes(position: Position, value: object | undefined): Buffer {
  return Buffer.from(value === undefined ? `${position} ` : `${position} ${JSON.stringify(value)}`)
}

function toVersion(bytes: Buffer): Version {
  return { position: bytes.toString('latin1', 0, bytes.indexOf(space)), bytes }
}

function isDeletion({ position, bytes }: Version): boolean {
  return bytes.length === position.length + 1
}

function toValue(version: Version): object | undefined {
  const { position, bytes } = version
  return isDeletion(version) ? undefined : (JSON.parse(bytes.toString('utf8', position.length + 1)) as object)
}
