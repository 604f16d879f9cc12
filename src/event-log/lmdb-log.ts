import { defaultAppendLimits, encodeCall, type AppendLimits } from './append-limits.ts'
import { changeBell, closedError, follow, type Growth } from './batches.ts'
import { DiskFullError } from './disk-room.ts'
import {
  AppendRefusedError,
  ArchivedError,
  DamagedRecordError,
  LogUnavailableError,
  type AppendResult,
  type ArchiveReport,
  type EventLog,
} from './event-log.ts'
import { groupCommit, type Outcome } from './group-commit.ts'
import { heldFile } from './held-file.ts'
import { archiveDays, upToLastDay } from './lmdb-archive.ts'
import { storeCall, type AppendCall } from './lmdb-append.ts'
import { checkEnd, headOrdinal, loadForwards } from './lmdb-read.ts'
import { readsOf } from './lmdb-reads.ts'
import { firstArchived, openTables, type LmdbTables } from './lmdb-tables.ts'
import { toOrdinal } from './position.ts'

export interface LmdbLogOptions extends Partial<AppendLimits> {
  /** A folder of its own; made where it is missing. Only one process may hold it. */
  readonly folder: string
  /** The most bytes of one transaction: a long one keeps everything else waiting. */
  readonly maxFlushBytes?: number
  /** Milliseconds since 1970; only to say since when a folder is in use. */
  readonly clock?: () => number
  /**
   * The day of the last event is never archived, whatever its age: there a checkpoint stands, which must find its place. False
   * leaves the last record alone.
   */
  readonly keepLastDay?: boolean
  /** Asked before every transaction; throws where the disk has no room. */
  readonly requireRoom?: () => void
}

const defaultMaxFlushBytes = 8_388_608

/**
 * The embedded log. An append is durable when it resolves. Throws `LogUnavailableError` where the folder is in use by
 * another process (which it names) or written in a format that this version does not know.
 */
export async function openLmdbLog({
  folder,
  maxFlushBytes = defaultMaxFlushBytes,
  clock = Date.now,
  keepLastDay = true,
  requireRoom = () => {},
  ...limits
}: LmdbLogOptions): Promise<EventLog> {
  const appendLimits = { ...defaultAppendLimits, ...limits }
  const tables = await openTables(folder, clock())
  await requireSoundEnd(tables)
  const file = heldFile(folder)
  const bell = changeBell()
  let closing: Promise<void> | undefined
  const closed = new AbortController()
  let archiving: Promise<ArchiveReport> = Promise.resolve({ events: 0, files: 0 })
  const growth: Growth = {
    isClosed: () => closing !== undefined,
    isLast: ({ position }) => toOrdinal(position) === headOrdinal(tables),
    onChange: bell.onChange,
  }
  const requireOpen = () => {
    if (closing !== undefined) throw closedError()
  }
  const queue = groupCommit<AppendCall, AppendResult>(
    (calls) => {
      const outcomes = commit(tables, calls, () => {
        file.require()
        requireRoom()
      })
      bell.ring()
      return outcomes
    },
    { maxQueueBytes: appendLimits.maxQueueBytes, maxFlushBytes },
  )

  const reads = readsOf(tables, growth)

  return {
    keepsCallOrder: true,
    append: async (stream, events, expected) => {
      requireOpen()
      const encoded = encodeCall(stream, events, appendLimits)
      const bytes = encoded.reduce((sum, { text }) => sum + text.length, 0)
      return queue.submit({ stream, events: encoded, expected }, bytes)
    },
    ...reads,
    head: async () => {
      file.require()
      return reads.head()
    },
    subscribe: ({ after, signal, batchSize }) =>
      follow(loadForwards(tables, after === undefined ? 0 : toOrdinal(after)), growth, signal, batchSize),
    archiveBefore: async (day, options = {}) => {
      requireOpen()
      const signal = AbortSignal.any([
        closed.signal,
        ...(options.signal === undefined ? [] : [options.signal]),
      ])
      archiving = archiving
        .catch(() => {})
        .then(async () =>
          archiveDays(tables, keepLastDay ? upToLastDay(tables, day) : day, { ...options, signal }),
        )
      return archiving
    },
    firstArchived: () => firstArchived(tables),
    close: () => {
      closed.abort()
      closing ??= closeTables(tables, Promise.all([queue.drain(), archiving.catch(() => {})]))
      bell.ring()
      return closing
    },
  }
}

/** One transaction for many calls. A call that cannot be judged fails alone; a medium that fails, fails them all. */
function commit(
  tables: LmdbTables,
  calls: readonly AppendCall[],
  requireMedium: () => void,
): readonly Outcome<AppendResult>[] {
  try {
    requireMedium()
    return tables.root.transactionSync(() => {
      tables.owner.check()
      return calls.map((call) => judgeAndStore(tables, call))
    })
  } catch (error) {
    if (error instanceof LogUnavailableError) throw error
    const why = error instanceof DiskFullError ? error.message : `${String(error)}. Free space on its disk`
    throw new LogUnavailableError(
      `the log could not be written, and nothing of this call was stored: ${why} and send again`,
      { cause: error },
    )
  }
}

function judgeAndStore(tables: LmdbTables, call: AppendCall): Outcome<AppendResult> {
  try {
    return { kind: 'done', result: storeCall(tables, call) }
  } catch (error) {
    if (error instanceof DamagedRecordError) return { kind: 'failed', error }
    if (error instanceof ArchivedError) return { kind: 'failed', error: tooOld(error) }
    throw error
  }
}

/** Whether it is the same or another nobody can say: it is not stored a second time. */
function tooOld({ message }: ArchivedError): AppendRefusedError {
  return new AppendRefusedError('archived', `too old: its id is known, and ${message}`)
}

/** What is appended goes behind the last record: where that one does not even tell how long it is, nothing may be. */
async function requireSoundEnd(tables: LmdbTables): Promise<void> {
  try {
    checkEnd(tables)
  } catch (error) {
    await closeTables(tables, Promise.resolve())
    throw error
  }
}

async function closeTables(tables: LmdbTables, drained: Promise<unknown>): Promise<void> {
  await drained
  try {
    tables.root.transactionSync(() => tables.owner.release())
  } catch {
    // On a full disk the hold cannot be given back; it ends with this process all the same.
  }
  await tables.root.close()
}
