import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import type { Position } from '../event-log/event-log.ts'
import { lifetimeRanges, lifetimesOf, withLevel } from './lifetimes.ts'
import { mergedRows, openTables, rangeOf, rowsAlive, type Tables } from './lmdb-row-tables.ts'
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

export interface LmdbRowStoreOptions {
  /** A folder of its own: what lies in it may be deleted. */
  readonly folder: string
  /** Names the log and the shape of the rows. A store with another tag is emptied. */
  readonly tag: string
  /** Milliseconds since 1970; only to tell whether the machine was started anew. */
  readonly clock?: () => number
}

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

const formatVersion = 3
const noBytes = Buffer.alloc(0)

/** Rows in LMDB: heap stays small however long the history is. One process at a time: whoever holds the log. */
export async function openLmdbRowStore({
  folder,
  tag,
  clock = Date.now,
}: LmdbRowStoreOptions): Promise<RowStore> {
  const fullTag = `${formatVersion} ${tag}`
  const boot = bootId(clock())
  mkdirSync(folder, { recursive: true })
  if (mayBeTorn(folder, boot)) wipe(folder)
  let tables = openTables(folder)
  if (tables.meta.get('tag') !== fullTag) {
    await tables.root.close()
    wipe(folder)
    tables = openTables(folder)
    tables.meta.putSync('tag', fullTag)
  }
  writeFileSync(uncleanMarker(folder), boot)
  return rowStore(tables, folder)
}

function rowStore(tables: Tables, folder: string): RowStore {
  const { root, meta, latest, deleted, history, commits, lifetimes } = tables
  const newestOf = (row: Buffer): Buffer | undefined => latest.get(row) ?? deleted.get(row)
  const commitCount = (): number => Number(meta.get('commits') ?? 0)

  /** The commit that the event at a position was in, or would come into. */
  const commitAt = (position: Position): number => {
    for (const { value } of commits.getRange({ start: position, limit: 1 })) return Number(value)
    return commitCount() + 1
  }

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

  const storeRows = (writes: readonly RowWrite[], commit: number) => {
    const newest = new Map<string, Pending>()
    for (const write of writes) {
      const { table, key, value, position } = write
      const name = `${table}\0${key}`
      const known = newest.get(name)
      const row = known?.row ?? rowKey(table, key)
      const before = known ?? readPending(row)
      if (before === undefined && value === undefined) continue
      if (before !== undefined && before.position !== position) {
        if (before.position > position) throw behindNewest(write, before.position)
        history.putSync(versionKey(row, before.position), before.bytes)
      }
      if (value === undefined && before?.bornIn !== undefined) {
        fileLifetime(table, row, before.bornIn, commit)
      }
      const bornIn = value === undefined ? undefined : (before?.bornIn ?? commit)
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
    const { low, high } = scanRange(table, options)
    const rows: Row[] = []
    let scanned = 0
    const found =
      asOf === undefined ? versionsNow(low, high, reverse) : versionsAsOf(table, low, high, reverse, asOf)
    for (const { row, version } of found) {
      const key = keyOf(table, row)
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
    checkpoint: () => meta.get('checkpoint'),
    commit: (checkpoint, writes) =>
      root.transactionSync(() => {
        const number = commitCount() + 1
        storeRows(writes, number)
        commits.putSync(checkpoint, String(number))
        meta.putSync('commits', String(number))
        meta.putSync('checkpoint', checkpoint)
      }),
    get: (table, key, asOf) => {
      const row = rowKey(table, key)
      const bytes = asOf === undefined ? latest.get(row) : newestOf(row)
      if (bytes === undefined) return undefined
      const newest = toVersion(bytes)
      const version = asOf === undefined ? newest : newestAsOf(row, newest, asOf)
      return version && toValue(version)
    },
    scan,
    close: async () => {
      await root.close()
      flushFile(join(folder, 'data.mdb'))
      rmSync(uncleanMarker(folder), { force: true })
    },
  }
}

const uncleanMarker = (folder: string) => join(folder, 'unclean')

/**
 * Nothing waits for the disk, so pages may be missing where the machine itself went down while the store was open. The
 * marker names the boot in which it was opened. A killed process does no harm: what it wrote is with the kernel.
 */
function mayBeTorn(folder: string, boot: string): boolean {
  try {
    return readFileSync(uncleanMarker(folder), 'utf8') !== boot
  } catch {
    return false
  }
}

function bootId(nowMs: number): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Where the kernel names no boot, its moment does, to the minute or so: a wrong guess costs a rebuild.
    return new Date(nowMs - uptime() * 1000).toISOString().slice(0, 16)
  }
}

function wipe(folder: string): void {
  for (const file of ['data.mdb', 'lock.mdb', 'unclean']) rmSync(join(folder, file), { force: true })
}

function flushFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
