import { setImmediate as nextTurn } from 'node:timers/promises'
import { isStub } from '../archive-stub.ts'
import { eventCount, isFramed } from '../block.ts'
import { ArchivedError, DamagedRecordError, type Position, type RecordedEvent } from '../event-log.ts'
import { eventsIn } from '../lmdb-read.ts'
import type { LogTables } from '../lmdb-tables.ts'
import { toOrdinal, toPosition } from '../position.ts'
import type { Finding, Scan, Scanned } from './finding.ts'

/** Events read before everything else gets a turn. */
const turnEvents = 500

/**
 * Scans the records of a log on disk one by one, whatever state they are in. Of a damaged one it gives the events that are
 * whole, and names the others; positions that no record has are named too.
 */
export function scanTables(tables: LogTables): Scan {
  return async function* scan(after?: Position): AsyncGenerator<Scanned> {
    let next = after === undefined ? 1 : toOrdinal(after) + 1
    for (;;) {
      const { scanned, end } = scanTurn(tables, next)
      if (end === next) return
      yield scanned
      next = end
      await nextTurn()
    }
  }
}

/** Reads from an ordinal on; `end` is the ordinal to go on from, the same one at the end of the log. */
function scanTurn(tables: LogTables, from: number): { scanned: Scanned; end: number } {
  const events: RecordedEvent[] = []
  const findings: Finding[] = []
  let away = 0
  let next = from
  let read = 0
  for (const key of keysFrom(tables, from)) {
    const block = tables.blocks.get(key)
    if (block === undefined) continue
    if (key > next) findings.push(gap(next, key))
    if (key < next && next !== from) findings.push(overlap(key))
    const nextKey = firstKey(tables, key + 1)
    const { whole, damaged, count, isAway } = readBlock(tables, block, key, nextKey)
    for (const event of whole) if (toOrdinal(event.position) >= next) events.push(event)
    for (const finding of damaged) if (toOrdinal(finding.position) >= next) findings.push(finding)
    next = Math.max(next, key + count)
    if (isAway === true) away += count
    read += count
    if (read >= turnEvents) break
  }
  return { scanned: { events, findings, away }, end: next }
}

interface ReadBlock {
  readonly whole: readonly RecordedEvent[]
  readonly damaged: readonly Finding[]
  readonly count: number
  /** Archived, and its file is elsewhere: there is nothing to judge. */
  readonly isAway?: boolean
}

function readBlock(
  tables: LogTables,
  block: Buffer,
  ordinal: number,
  nextKey: number | undefined,
): ReadBlock {
  if (!isStub(block) && !isFramed(block)) {
    const count = nextKey === undefined ? 1 : nextKey - ordinal
    const what = 'its record does not tell how many events it holds'
    return { whole: [], damaged: ordinals(ordinal, count).map((at) => damage(at, what)), count }
  }
  const count = eventCount(block)
  try {
    return { whole: eventsIn(tables, block, ordinal), damaged: [], count }
  } catch (error) {
    if (error instanceof ArchivedError) return { whole: [], damaged: [], count, isAway: true }
    if (!(error instanceof DamagedRecordError)) throw error
  }
  const whole: RecordedEvent[] = []
  const damaged: Finding[] = []
  for (const [index, at] of ordinals(ordinal, count).entries()) {
    try {
      whole.push(...eventsIn(tables, block, ordinal, index, index + 1))
    } catch (error) {
      if (!(error instanceof DamagedRecordError)) throw error
      damaged.push(damage(at, isStub(block) ? error.message : 'its checksum does not match'))
    }
  }
  if (damaged.length > 0) return { whole, damaged, count }
  return {
    whole: [],
    damaged: [damage(ordinal, 'the checksum of its record does not match, though each event is whole')],
    count,
  }
}

/** The keys of blocks from the one that holds an ordinal, or would if the log went that far. */
function keysFrom({ blocks }: LogTables, ordinal: number) {
  let start = ordinal
  for (const key of blocks.getKeys({ start: ordinal, end: 0, reverse: true, limit: 1 })) start = key
  return blocks.getKeys({ start })
}

function firstKey({ blocks }: LogTables, start: number): number | undefined {
  for (const key of blocks.getKeys({ start, limit: 1 })) return key
  return undefined
}

function ordinals(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}

function damage(ordinal: number, what: string): Finding {
  return { kind: 'damaged', position: toPosition(ordinal), what }
}

function gap(from: number, until: number): Finding {
  const what = `no record holds this position${until - from > 1 ? ` and those up to ${toPosition(until - 1)}` : ''}`
  return { kind: 'missing', position: toPosition(from), what }
}

function overlap(ordinal: number): Finding {
  return {
    kind: 'order',
    position: toPosition(ordinal),
    what: 'its record begins where the one before has not ended',
  }
}
