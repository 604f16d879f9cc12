import type { Position } from '../event-log/event-log.ts'
import { lifetimeRanges, lifetimesOf, withLevel } from './lifetimes.ts'
import { mergedRows, rangeOf, rowsAlive, type LmdbRowTables } from './lmdb-row-tables.ts'
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
import { bornInOf, isDeletion, toBytes, toValue, toVersion, type Version } from './row-version.ts'

/** The newest version of a row while its commit is under way, and in which table an older one of it lies. */
interface Pending extends Version {
  readonly row: Buffer
  readonly stored: 'latest' | 'deleted' | 'nowhere'
  /** Since which commit it is there, if it is. */
  readonly bornIn: number | undefined
}

/** What a scan has found for a row: `undefined` where it was not there then. */
interface VersionOfRow {
  readonly row: Buffer
  readonly version: Version | undefined
}

const noBytes = Buffer.alloc(0)

/** The rows of a store under the names that `suffixOf` gives their tables. */
export interface LmdbRows extends Pick<RowStore, 'get' | 'scan'> {
  /** Within a transaction. */
  store(writes: readonly RowWrite[]): void
}

/** `commitAt` tells the number of the commit that the event at a position was in, or would come into. */
export function lmdbRows(
  { meta, latest, deleted, history, lifetimes }: LmdbRowTables,
  suffixOf: (table: string) => string,
  commitAt: (position: Position) => number,
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
    const bytes = there ?? deleted.get(row)
    if (bytes === undefined) return undefined
    const version = toVersion(bytes)
    return {
      row,
      stored: there === undefined ? 'deleted' : 'latest',
      bornIn: bornInOf(version),
      ...version,
    }
  }

  /** The levels on which lifetimes of a table are filed: most tables lose hardly any rows. */
  const levelsOf = (table: string): number => Number(meta.get(`levels ${table}`) ?? 0)

  const fileLifetime = (table: string, row: Buffer, bornIn: number, deletedIn: number) => {
    const known = levelsOf(table)
    let levels = known
    for (const filed of lifetimesOf(row, bornIn, deletedIn)) {
      lifetimes.putSync(filed.key, noBytes)
      levels = withLevel(levels, filed.level)
    }
    if (levels !== known) meta.putSync(`levels ${table}`, String(levels))
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
      if (value === undefined && before?.bornIn !== undefined) {
        fileLifetime(table + suffixOf(table), row, before.bornIn, commitAt(position))
      }
      const bornIn = value === undefined ? undefined : (before?.bornIn ?? commitAt(position))
      newest.set(name, {
        row,
        stored: before?.stored ?? 'nowhere',
        bornIn,
        position,
        bytes: toBytes(position, bornIn, value),
      })
    }
    for (const { row, stored, ...version } of newest.values()) {
      const [into, outOf] = isDeletion(version) ? [deleted, latest] : [latest, deleted]
      into.putSync(row, version.bytes)
      if (stored === (outOf === latest ? 'latest' : 'deleted')) outOf.removeSync(row)
    }
  }

  function* versionsNow(low: Buffer, high: Buffer, reverse: boolean): Generator<VersionOfRow> {
    for (const { key: row, value } of rangeOf(latest, low, high, reverse)) {
      yield { row, version: toVersion(value) }
    }
  }

  function* versionsAsOf(
    table: string,
    low: Buffer,
    high: Buffer,
    reverse: boolean,
    asOf: Position,
  ): Generator<VersionOfRow> {
    const commit = commitAt(asOf)
    const gone = lifetimeRanges(low, high, commit, levelsOf(table)).map((range) =>
      rowsAlive(lifetimes, range, reverse),
    )
    for (const { row, value, wasAlive } of mergedRows(rangeOf(latest, low, high, reverse), gone, reverse)) {
      const bytes = value ?? newestOf(row)
      if (bytes === undefined) continue
      const newest = toVersion(bytes)
      const isYounger = !wasAlive && newest.position > asOf && (bornInOf(newest) ?? 0) > commit
      yield { row, version: isYounger ? undefined : newestAsOf(row, newest, asOf) }
    }
  }

  const scan = (table: string, options: ScanOptions): Page => {
    const { limit, reverse = false, asOf } = options
    const name = table + suffixOf(table)
    const { low, high } = scanRange(table, options, suffixOf(table))
    const rows: Row[] = []
    let scanned = 0
    const found =
      asOf === undefined ? versionsNow(low, high, reverse) : versionsAsOf(name, low, high, reverse, asOf)
    for (const { row, version } of found) {
      const key = keyOf(name, row)
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
