import type { RangeIterable } from 'lmdb'
import type { Load } from './batches.ts'
import { decodeBlock, eventCount, isFramed } from './block.ts'
import { decodeStub, isStub } from './archive-stub.ts'
import { ArchivedError, DamagedRecordError, type RecordedEvent } from './event-log.ts'
import type { LogTables } from './lmdb-tables.ts'
import { toOrdinal, toPosition } from './position.ts'

interface StoredBlock {
  /** Position of its first event. */
  readonly key: number
  readonly value: Buffer
}

/** The ordinal of the last event; 0 in an empty log. */
export function headOrdinal({ blocks }: LogTables): number {
  const last = first(blocks.getRange({ reverse: true, limit: 1 }))
  return last === undefined ? 0 : last.key + eventCount(last.value) - 1
}

/** Throws `DamagedRecordError` where the last record does not tell how many events it holds. */
export function checkEnd({ blocks }: LogTables): void {
  const last = first(blocks.getRange({ reverse: true, limit: 1 }))
  if (last === undefined || isFramed(last.value)) return
  throw new DamagedRecordError(
    toPosition(last.key),
    'it is the last one, and does not tell where the log ends; restore a copy of the log',
  )
}

/**
 * The events of a block from index `start` up to but without `end`, be they in it or in an archive. Throws
 * `DamagedRecordError` and `ArchivedError`, naming the first of those asked for that cannot be had.
 */
export function eventsIn(
  { archive }: Pick<LogTables, 'archive'>,
  block: Buffer,
  ordinal: number,
  start = 0,
  end = Number.POSITIVE_INFINITY,
): readonly RecordedEvent[] {
  if (!isStub(block)) return decodeBlock(block, ordinal, start, end)
  const count = eventCount(block)
  if (start >= Math.min(end, count)) return []
  const stub = decodeStub(block, ordinal)
  if (stub === undefined) {
    throw new DamagedRecordError(
      toPosition(ordinal + start),
      'its checksum does not match; restore a copy of the log',
    )
  }
  return archive.read(stub, ordinal, count, ordinal + start).slice(start, end)
}

/** The event at an ordinal that the log gave out. */
export function readOne(tables: LogTables, ordinal: number): RecordedEvent | undefined {
  const block = blockAtOrBefore(tables, ordinal)
  return block && eventsIn(tables, block.value, block.key, ordinal - block.key, ordinal - block.key + 1)[0]
}

/** The events behind an ordinal, up to and with another. */
export function loadForwards(tables: LogTables, after: number, upTo: number = Number.MAX_SAFE_INTEGER): Load {
  return (last, wanted) => {
    const from = (last === undefined ? after : toOrdinal(last.position)) + 1
    const start = blockAtOrBefore(tables, from)?.key ?? from
    const events: RecordedEvent[] = []
    for (const { key, value } of tables.blocks.getRange({ start, end: upTo + 1 })) {
      const index = Math.max(0, from - key)
      if (!takeBlock(tables, events, value, key, index) || events.length >= wanted) break
    }
    return events
  }
}

/**
 * Adds the events of a block from an index on. Of a damaged one it adds those before the damage and answers false, so that a reader gets all
 * that lies before a damaged event; with nothing before it, throws `DamagedRecordError`.
 */
function takeBlock(
  tables: LogTables,
  events: RecordedEvent[],
  block: Buffer,
  ordinal: number,
  start: number,
): boolean {
  try {
    events.push(...eventsIn(tables, block, ordinal, start))
    return true
  } catch (error) {
    const isOutOfReach = error instanceof DamagedRecordError || error instanceof ArchivedError
    if (!isOutOfReach) throw error
    events.push(...eventsIn(tables, block, ordinal, start, toOrdinal(error.position) - ordinal))
    if (events.length === 0) throw error
    return false
  }
}

/** Adds events of a block, the latest first. Where they are archived out of reach, the reader gets those behind them, and then the error. */
function takeBackwards(
  tables: LogTables,
  events: RecordedEvent[],
  block: Buffer,
  ordinal: number,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  try {
    events.push(...eventsIn(tables, block, ordinal, start, end).toReversed())
    return true
  } catch (error) {
    if (!(error instanceof ArchivedError) || events.length === 0) throw error
    return false
  }
}

/** The events before an ordinal, the latest first. */
export function loadBackwards(tables: LogTables, before: number): Load {
  return (last, wanted) => {
    const until = last === undefined ? before : toOrdinal(last.position)
    const events: RecordedEvent[] = []
    for (const { key, value } of tables.blocks.getRange({ start: until - 1, end: 0, reverse: true })) {
      // Only what is wanted of a long block is decoded.
      const end = Math.min(until - key, eventCount(value))
      const start = Math.max(0, end - (wanted - events.length))
      if (!takeBackwards(tables, events, value, key, { start, end }) || events.length >= wanted) break
    }
    return events
  }
}

/** A stream's events from a revision up to and with another. */
export function loadStreamForwards(tables: LogTables, stream: string, from: number, upTo: number): Load {
  const number = tables.streams.get(stream)?.number
  return (last, wanted) => {
    const next = last === undefined ? Math.max(0, from) : last.revision + 1
    if (number === undefined || next > upTo) return []
    const start = first(tables.revisions.getKeys({ ...upToRevision(number, next), limit: 1 })) ?? [
      number,
      next,
    ]
    const events: RecordedEvent[] = []
    for (const { key, value } of tables.revisions.getRange({ start, end: [number, upTo + 1] })) {
      const block = tables.blocks.get(value)
      if (block === undefined) break
      const index = Math.max(0, next - key[1])
      if (!takeBlock(tables, events, block, value, index) || events.length >= wanted) break
    }
    return events
  }
}

/** A stream's events from a revision back to its first. */
export function loadStreamBackwards(tables: LogTables, stream: string, from: number): Load {
  const number = tables.streams.get(stream)?.number
  return (last, wanted) => {
    const next = last === undefined ? from : last.revision - 1
    if (number === undefined || next < 0) return []
    const events: RecordedEvent[] = []
    for (const { key, value } of tables.revisions.getRange(upToRevision(number, next))) {
      const block = tables.blocks.get(value)
      if (block === undefined) break
      const end = Math.min(next - key[1] + 1, eventCount(block))
      const start = Math.max(0, end - (wanted - events.length))
      if (!takeBackwards(tables, events, block, value, { start, end }) || events.length >= wanted) break
    }
    return events
  }
}

/** The blocks of a stream from the one that holds a revision backwards. */
function upToRevision(number: number, revision: number) {
  const key = (at: number): [number, number] => [number, at]
  return { start: key(revision), end: key(-1), reverse: true }
}

/** The block that holds an ordinal, or would if the log went that far. */
function blockAtOrBefore({ blocks }: LogTables, ordinal: number): StoredBlock | undefined {
  return first(blocks.getRange({ start: ordinal, end: 0, reverse: true, limit: 1 }))
}

function first<T>(range: RangeIterable<T>): T | undefined {
  for (const entry of range) return entry
  return undefined
}
