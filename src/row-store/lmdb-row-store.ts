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
}

/** A version of a row as stored: its position, a space, its JSON; no JSON where the row is deleted. */
interface Version {
  readonly position: Position
  readonly json: string
}

interface Tables {
  readonly root: RootDatabase
  readonly meta: Database<string, string>
  /** Row → newest version, deleted rows too: a scan as of an earlier moment finds them here. */
  readonly latest: Database<string, Buffer>
  /** Row and position → superseded version. */
  readonly history: Database<string, Buffer>
}

const formatVersion = 1

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

function rowStore({ root, meta, latest, history }: Tables, folder: string): RowStore {
  const newestAsOf = (row: Buffer, newest: Version, asOf: Position | undefined): Version | undefined => {
    if (asOf === undefined || newest.position <= asOf) return newest
    const versions = { start: versionKey(row, asOf), end: versionKey(row, ''), reverse: true, limit: 1 }
    for (const { value } of history.getRange(versions)) return parseVersion(value)
    return undefined
  }

  const readVersion = (row: Buffer): Version | undefined => {
    const text = latest.get(row)
    return text === undefined ? undefined : parseVersion(text)
  }

  const storeRows = (writes: readonly RowWrite[]) => {
    const newest = new Map<string, { row: Buffer; version: Version }>()
    for (const write of writes) {
      const { table, key, value, position } = write
      const name = `${table}\0${key}`
      const pending = newest.get(name)
      const row = pending?.row ?? rowKey(table, key)
      const before = pending?.version ?? readVersion(row)
      if (before !== undefined && before.position !== position) {
        if (before.position > position) throw behindNewest(write, before.position)
        history.putSync(versionKey(row, before.position), formatVersionText(before))
      }
      newest.set(name, { row, version: { position, json: toJson(value) } })
    }
    for (const { row, version } of newest.values()) latest.putSync(row, formatVersionText(version))
  }

  const scan = (table: string, options: ScanOptions): Page => {
    const { limit, reverse = false, asOf } = options
    const { low, high } = scanRange(table, options)
    const rows: Row[] = []
    let scanned = 0
    for (const { key: row, value: text } of rangeOf(latest, low, high, reverse)) {
      const key = keyOf(table, row)
      const version = newestAsOf(row, parseVersion(text), asOf)
      const value = version && fromJson(version.json)
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
        storeRows(writes)
        meta.putSync('checkpoint', checkpoint)
      }),
    get: (table, key, asOf) => {
      const row = rowKey(table, key)
      const newest = readVersion(row)
      const version = newest && newestAsOf(row, newest, asOf)
      return version && fromJson(version.json)
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
  const root = open({ path: folder, maxDbs: 4, cache: false, encoding: 'string', noSync: true })
  const rowTable = (name: string): Database<string, Buffer> =>
    root.openDB({ name, encoding: 'string', keyEncoding: 'binary' })
  const meta: Database<string, string> = root.openDB({ name: 'meta', encoding: 'string' })
  return { root, meta, latest: rowTable('latest'), history: rowTable('history') }
}

function rangeOf(table: Database<string, Buffer>, low: Buffer, high: Buffer, reverse: boolean) {
  if (low.compare(high) >= 0) return []
  return reverse
    ? table.getRange({ start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse })
    : table.getRange({ start: low, end: high })
}

function toJson(value: object | undefined): string {
  return value === undefined ? '' : JSON.stringify(value)
}

function fromJson(json: string): object | undefined {
  return json === '' ? undefined : (JSON.parse(json) as object)
}

function formatVersionText({ position, json }: Version): string {
  return `${position} ${json}`
}

function parseVersion(text: string): Version {
  const space = text.indexOf(' ')
  return { position: text.slice(0, space), json: text.slice(space + 1) }
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
