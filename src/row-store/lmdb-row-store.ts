import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { open, type Database, type RootDatabase } from 'lmdb'
import type { Position } from '../event-log/event-log.ts'
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

export interface LmdbRowStoreOptions {
  /** A folder of its own: what lies in it may be deleted. */
  readonly folder: string
  /** Names the log and the shape of the rows. A store with another tag is emptied. */
  readonly tag: string
  /** Milliseconds since 1970; only to tell whether the machine was started anew. */
  readonly clock?: () => number
  /** Asked before every commit; throws where the disk has no room. */
  readonly requireRoom?: () => void
}

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

interface Tables {
  readonly root: RootDatabase
  readonly meta: Database<string, string>
  /** Row → newest version, of those that are there. */
  readonly latest: Database<Buffer, Buffer>
  /** Row → deletion, of those that are gone: only a scan as of an earlier moment looks at them. */
  readonly deleted: Database<Buffer, Buffer>
  /** Row and position → superseded version. */
  readonly history: Database<Buffer, Buffer>
}

const formatVersion = 2

/** Rows in LMDB: heap stays small however long the history is. One process at a time: whoever holds the log. */
export async function openLmdbRowStore({
  folder,
  tag,
  clock = Date.now,
  requireRoom = () => {},
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
  return rowStore(tables, folder, requireRoom)
}

function rowStore(
  { root, meta, latest, deleted, history }: Tables,
  folder: string,
  requireRoom: () => void,
): RowStore {
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

  const storeRows = (writes: readonly RowWrite[]) => {
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
    const { low, high } = scanRange(table, options)
    const rows: Row[] = []
    let scanned = 0
    const there = rangeOf(latest, low, high, reverse)
    const all = asOf === undefined ? there : merged(there, rangeOf(deleted, low, high, reverse), reverse)
    for (const { key: row, value: bytes } of all) {
      const key = keyOf(table, row)
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
    checkpoint: () => meta.get('checkpoint'),
    commit: (checkpoint, writes) => {
      requireRoom()
      root.transactionSync(() => {
        storeRows(writes)
        meta.putSync('checkpoint', checkpoint)
      })
    },
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

function openTables(folder: string): Tables {
  const root = open({ path: folder, maxDbs: 5, cache: false, encoding: 'string', noSync: true })
  const rowTable = (name: string): Database<Buffer, Buffer> =>
    root.openDB({ name, encoding: 'binary', keyEncoding: 'binary' })
  const meta: Database<string, string> = root.openDB({ name: 'meta', encoding: 'string' })
  return {
    root,
    meta,
    latest: rowTable('latest'),
    deleted: rowTable('deleted'),
    history: rowTable('history'),
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
