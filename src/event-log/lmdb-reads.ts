import { closedError, readInBatches, type Growth } from './batches.ts'
import type { LogReader } from './event-log.ts'
import {
  headOrdinal,
  loadBackwards,
  loadForwards,
  loadStreamBackwards,
  loadStreamForwards,
} from './lmdb-read.ts'
import { openTablesToRead, type LogTables } from './lmdb-tables.ts'
import { toOrdinal, toPosition } from './position.ts'

/** The finite reads of a log on disk. Each reads up to where the log ends when it is called. */
export function readsOf(tables: LogTables, growth: Pick<Growth, 'isClosed'>): Omit<LogReader, 'close'> {
  const requireOpen = () => {
    if (growth.isClosed()) throw closedError()
  }
  return {
    readStream: (stream, { fromRevision, direction, maxEvents } = {}) => {
      requireOpen()
      const last = tables.streams.get(stream)?.last ?? -1
      const load =
        direction === 'backwards'
          ? loadStreamBackwards(tables, stream, Math.min(fromRevision ?? last, last))
          : loadStreamForwards(tables, stream, fromRevision ?? 0, last)
      return readInBatches(load, growth, maxEvents)
    },
    readAll: ({ after, direction, maxEvents } = {}) => {
      requireOpen()
      const head = headOrdinal(tables)
      const load =
        direction === 'backwards'
          ? loadBackwards(tables, after === undefined ? head + 1 : toOrdinal(after))
          : loadForwards(tables, after === undefined ? 0 : toOrdinal(after), head)
      return readInBatches(load, growth, maxEvents)
    },
    revisionOf: async (stream) => {
      requireOpen()
      return tables.streams.get(stream)?.last ?? 'no_stream'
    },
    head: async () => {
      requireOpen()
      const head = headOrdinal(tables)
      return head === 0 ? undefined : toPosition(head)
    },
  }
}

/** A log opened for reading, with what lies below the port. */
export interface LmdbReader extends LogReader {
  readonly tables: LogTables
}

/**
 * Opens a log for reading alone, beside the process that owns the folder if there is one. Throws `LogUnavailableError` where
 * the folder holds no log that this version can read. Archived days are read from `archiveFolder`; left out, from where the log put
 * them.
 */
export async function openLmdbReader(folder: string, archiveFolder?: string): Promise<LmdbReader> {
  const tables = await openTablesToRead(folder, archiveFolder)
  let closed = false
  return {
    tables,
    ...readsOf(tables, { isClosed: () => closed }),
    close: async () => {
      if (closed) return
      closed = true
      await tables.root.close()
    },
  }
}
