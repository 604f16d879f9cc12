import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { open, type Database, type RootDatabase } from 'lmdb'
import { archiveFiles, type ArchiveFiles } from './archive-files.ts'
import { LogUnavailableError, type FirstEvent } from './event-log.ts'
import { forgetOwner, takeFolder, type FolderOwner } from './folder-owner.ts'

/** The last revision of a stream, and its number, which keys its entries in the two indexes. */
export interface StreamRecord {
  readonly number: number
  readonly last: number
}

/** The tables of a log on disk. Every key is a number, a text or bytes and every value JSON or bytes: no dictionary is needed to read them. */
export interface LogTables {
  readonly root: RootDatabase
  readonly meta: Database
  /** First position → block; see `block.ts`. The truth: the other tables can be made again from it. */
  readonly blocks: Database<Buffer, number>
  /** Stream name → stream. */
  readonly streams: Database<StreamRecord, string>
  /** [stream number, revision of a block's first event] → its first position. */
  readonly revisions: Database<number, [number, number]>
  /** Stream number (4 bytes), event id (16 bytes) → position (6 bytes). */
  readonly ids: Database<Buffer, Buffer>
  /** Where the events of archived days lie. */
  readonly archive: ArchiveFiles
}

/** The tables in the hands of the one process that may write them. */
export interface LmdbTables extends LogTables {
  readonly owner: FolderOwner
}

const formatKey = 'format'
const format = { name: 'causeway-event-log', version: 1 }
/** Days of it are archived: what knows version 1 alone would take them for damaged. */
const archivedFormat = { ...format, version: 2 }

/** Opens or makes the tables in a folder and takes it for this process. Throws `LogUnavailableError` where it cannot. */
export async function openTables(folder: string, nowMs: number): Promise<LmdbTables> {
  mkdirSync(folder, { recursive: true })
  const root = open({ path: folder, ...rootOptions })
  try {
    const meta: Database = root.openDB({ name: 'meta', encoding: 'json' })
    const owner = root.transactionSync(() => {
      if (meta.get(formatKey) === undefined) meta.putSync(formatKey, format)
      checkFormat(meta, folder)
      return takeFolder(meta, folder, nowMs)
    })
    return { root, meta, ...openEventTables(root), archive: archiveFiles(archiveFolderOf(folder)), owner }
  } catch (error) {
    await root.close()
    throw error
  }
}

/**
 * Opens the tables of a log for reading, beside the process that owns the folder if there is one: LMDB gives every reader
 * the log as of some commit and never blocks the writer. Throws `LogUnavailableError` where there is no log to read.
 */
export async function openTablesToRead(
  folder: string,
  archiveFolder: string = archiveFolderOf(folder),
): Promise<LogTables> {
  if (!existsSync(join(folder, 'data.mdb'))) throw noLog(folder)
  const root = open({ path: folder, readOnly: true, ...rootOptions })
  try {
    // Of a table that is not there, reading gets none, whatever the declared type says.
    const meta = root.openDB({ name: 'meta', encoding: 'json' }) as Database | undefined
    if (meta?.get(formatKey) === undefined) throw noLog(folder)
    checkFormat(meta, folder)
    const tables = openEventTables(root)
    if (Object.values(tables).some((table: unknown) => table === undefined)) throw noLog(folder)
    return { root, meta, ...tables, archive: archiveFiles(archiveFolder) }
  } catch (error) {
    await root.close()
    throw error
  }
}

/** Makes a copy of a log a log of its own, which nobody holds yet. */
export async function freeCopy(folder: string): Promise<void> {
  const root = open({ path: folder, ...rootOptions })
  try {
    const meta: Database = root.openDB({ name: 'meta', encoding: 'json' })
    root.transactionSync(() => forgetOwner(meta))
  } finally {
    await root.close()
  }
}

/** The files of archived days lie beside the tables. */
export function archiveFolderOf(logFolder: string): string {
  return join(logFolder, 'archive')
}

const firstEventKey = 'firstEvent'

/** From now on the log is one that older releases refuse. Call within a write transaction, before the first event goes. */
export function markArchived({ meta }: LmdbTables, first: () => FirstEvent | undefined): void {
  if (meta.get(firstEventKey) !== undefined) return
  meta.putSync(formatKey, archivedFormat)
  meta.putSync(firstEventKey, first())
}

/** What was marked so. */
export function firstArchived({ meta }: LogTables): FirstEvent | undefined {
  return meta.get(firstEventKey) as FirstEvent | undefined
}

function noLog(folder: string): LogUnavailableError {
  return new LogUnavailableError(`${folder} holds no log: name another folder`)
}

/** A name with a dot in it would else be taken for a file. */
const rootOptions = { maxDbs: 8, cache: false, encoding: 'json', noSubdir: false } as const

function openEventTables(root: RootDatabase): Omit<LogTables, 'root' | 'meta' | 'archive'> {
  return {
    blocks: root.openDB({ name: 'blocks', encoding: 'binary' }),
    streams: root.openDB({ name: 'streams', encoding: 'json' }),
    revisions: root.openDB({ name: 'revisions', encoding: 'json' }),
    ids: root.openDB({ name: 'ids', encoding: 'binary', keyEncoding: 'binary' }),
  }
}

function checkFormat(meta: Database, folder: string): void {
  const found: unknown = meta.get(formatKey)
  const known = [format, archivedFormat].some((one) => JSON.stringify(found) === JSON.stringify(one))
  if (!known) {
    throw new LogUnavailableError(
      `${folder} holds ${JSON.stringify(found)}, and this version reads ${JSON.stringify(format)}: use the version that wrote it`,
    )
  }
}

const ordinalBytes = 6
const streamNumberBytes = 4

/** The key of an event in `ids`. */
export function idKey(streamNumber: number, eventId: string): Buffer {
  const key = Buffer.allocUnsafe(streamNumberBytes + 16)
  key.writeUInt32BE(streamNumber, 0)
  key.write(eventId.replaceAll('-', ''), streamNumberBytes, 'hex')
  return key
}

/** A position as a value of `ids`. */
export function packOrdinal(ordinal: number): Buffer {
  const packed = Buffer.allocUnsafe(ordinalBytes)
  packed.writeUIntBE(ordinal, 0, ordinalBytes)
  return packed
}

/** Reads back what `packOrdinal` wrote. */
export function unpackOrdinal(packed: Buffer): number {
  return packed.readUIntBE(0, ordinalBytes)
}
