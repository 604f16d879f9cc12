import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import type { Position } from '../event-log/event-log.ts'
import { openRowTables, type LmdbRowTables } from './lmdb-row-tables.ts'
import { lmdbRows } from './lmdb-rows.ts'
import { ownerOf, suffixOf } from './row-generation.ts'
import type { RowStore } from './row-store.ts'
import { sweepRows } from './sweep-rows.ts'

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

const formatVersion = 3

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
  let tables = openRowTables(folder)
  if (tables.meta.get('tag') !== fullTag) {
    await tables.root.close()
    wipe(folder)
    tables = openRowTables(folder)
    tables.meta.putSync('tag', fullTag)
  }
  writeFileSync(uncleanMarker(folder), boot)
  return rowStore(tables, folder, requireRoom)
}

function rowStore(tables: LmdbRowTables, folder: string, requireRoom: () => void): RowStore {
  const { root, meta, commits } = tables
  let count = Number(meta.get('commits') ?? 0)
  let newest = meta.get('checkpoint') ?? ''
  const commitAt = (position: Position): number => {
    if (position > newest) return count + 1
    for (const { value } of commits.getRange({ start: position, limit: 1 })) return Number(value)
    return count + 1
  }
  const generations = new Map<string, number>()
  for (const { key, value } of meta.getRange({ start: generationKey(''), end: generationKey('\uffff') })) {
    generations.set(key.slice(generationKey('').length), Number(value))
  }
  const generationOf = (owner: string) => generations.get(owner) ?? 0
  const suffixNow = (table: string) => suffixOf(generationOf(ownerOf(table)))
  const rows = lmdbRows(tables, suffixNow, commitAt)

  return {
    checkpoint: () => meta.get('checkpoint'),
    commit(checkpoint, writes) {
      requireRoom()
      const number = count + 1
      root.transactionSync(() => {
        rows.store(writes)
        commits.putSync(checkpoint, String(number))
        meta.putSync('commits', String(number))
        meta.putSync('checkpoint', checkpoint)
      })
      count = number
      newest = checkpoint
    },
    get: rows.get,
    scan: rows.scan,
    beside(owner) {
      const next = generationOf(owner) + 1
      const beside = lmdbRows(
        tables,
        (table) => (ownerOf(table) === owner ? suffixOf(next) : suffixNow(table)),
        commitAt,
      )
      return {
        get: beside.get,
        commit(_, writes) {
          requireRoom()
          root.transactionSync(() => beside.store(writes))
        },
        takeOver() {
          meta.putSync(generationKey(owner), String(next))
          generations.set(owner, next)
        },
      }
    },
    sweep: () => root.transactionSync(() => sweepRows(tables, suffixNow)),
    close: async () => {
      await root.close()
      flushFile(join(folder, 'data.mdb'))
      rmSync(uncleanMarker(folder), { force: true })
    },
  }
}

const generationKey = (owner: string) => `generation ${owner}`

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
