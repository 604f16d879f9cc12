import { open, type Database, type RootDatabase } from 'lmdb'

/** The tables in which rows lie. */
export interface LmdbRowTables {
  readonly root: RootDatabase
  readonly meta: Database<string, string>
  /** Row → newest version, of those that are there. */
  readonly latest: Database<Buffer, Buffer>
  /** Row → deletion, of those that are gone: only a scan as of an earlier moment looks at them. */
  readonly deleted: Database<Buffer, Buffer>
  /** Row and position → superseded version. */
  readonly history: Database<Buffer, Buffer>
}

/** Opens or makes them. Nothing waits for the disk. */
export function openRowTables(folder: string): LmdbRowTables {
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
