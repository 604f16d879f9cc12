import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { crc32, gzip } from 'node:zlib'
import { textOf } from './archive-files.ts'
import { encodeStub, isStub, type ArchiveStub } from './archive-stub.ts'
import { decodeBlock } from './block.ts'
import {
  LogUnavailableError,
  type ArchiveOptions,
  type ArchiveReport,
  type FirstEvent,
  type RecordedEvent,
} from './event-log.ts'
import { flushToDisk } from './flush-to-disk.ts'
import { headOrdinal, readOne } from './lmdb-read.ts'
import { markArchived, type LmdbTables } from './lmdb-tables.ts'
import { toPosition } from './position.ts'

const compress = promisify(gzip)
/** Of a piece before it is compressed: a reader of one event reads a piece. */
const memberBytes = 65_536
/** Places of blocks are kept until a file is whole; a day of more has several files. */
const maxBlocksPerFile = 50_000
/** Blocks that one transaction replaces. */
const blocksPerTransaction = 1_000

interface Moved {
  readonly key: number
  readonly count: number
  readonly stub: ArchiveStub
}

/**
 * Moves every whole day before `beforeDay` (UTC, of `recordedAt`) out of the tables into files, oldest first: a file is written,
 * on the disk and read back before the first of its blocks gives way to a stub. Killed at any moment, each event lies in the one
 * place or the other, and the next call goes on. The last block stays in any case, for it tells where the log
 * ends.
 */
export async function archiveDays(
  tables: LmdbTables,
  beforeDay: string,
  { signal, onProgress = () => {} }: ArchiveOptions = {},
): Promise<ArchiveReport> {
  mkdirSync(tables.archive.folder, { recursive: true })
  let events = 0
  let files = 0
  for (;;) {
    if (signal?.aborted === true) break
    const batch = firstDay(tables, beforeDay)
    if (batch === undefined) break
    const moved = await writeFileOf(tables, batch.day, batch.firstKey, signal, (count) =>
      onProgress(events + count),
    )
    if (moved === undefined) break
    for (let at = 0; at < moved.length; at += blocksPerTransaction) {
      const some = moved.slice(at, at + blocksPerTransaction)
      tables.root.transactionSync(() => {
        tables.owner.check()
        markArchived(tables, () => firstOf(tables))
        for (const { key, count, stub } of some) tables.blocks.putSync(key, encodeStub(stub, key, count))
      })
      await nextTurn()
    }
    files += 1
    events += moved.reduce((sum, { count }) => sum + count, 0)
  }
  return { events, files }
}

/** The earlier of a day and that of the last event. */
export function upToLastDay(tables: LmdbTables, day: string): string {
  const last = readOne(tables, headOrdinal(tables))
  const lastDay = last?.recordedAt.slice(0, 10) ?? day
  return lastDay < day ? lastDay : day
}

/** The first block that is not archived, where its day is over. */
function firstDay(
  tables: LmdbTables,
  beforeDay: string,
): { readonly day: string; readonly firstKey: number } | undefined {
  const lastKey = lastKeyOf(tables)
  for (const { key, value } of tables.blocks.getRange({ start: archivedUpTo(tables) })) {
    if (isStub(value)) continue
    if (key === lastKey) return undefined
    const day = dayOf(decodeBlock(value, key))
    return day < beforeDay ? { day, firstKey: key } : undefined
  }
  return undefined
}

/** The last stub, found by halves: stubs come before all blocks. */
function archivedUpTo({ blocks }: LmdbTables): number {
  let low = 1
  for (const lastKey of blocks.getKeys({ reverse: true, limit: 1 })) {
    let high = lastKey
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const [entry] = blocks.getRange({ start: middle, end: 0, reverse: true, limit: 1 })
      if (entry !== undefined && isStub(entry.value)) low = middle + 1
      else high = middle
    }
  }
  const [before] = blocks.getKeys({ start: low - 1, end: 0, reverse: true, limit: 1 })
  return before ?? 1
}

function lastKeyOf({ blocks }: LmdbTables): number | undefined {
  for (const key of blocks.getKeys({ reverse: true, limit: 1 })) return key
  return undefined
}

function firstOf(tables: LmdbTables): FirstEvent | undefined {
  const first = readOne(tables, 1)
  return first && { id: first.id, recordedAt: first.recordedAt }
}

function dayOf(events: readonly RecordedEvent[]): string {
  return events.at(-1)?.recordedAt.slice(0, 10) ?? ''
}

/** Writes the blocks of one day from one on; undefined where it was told to stop, and then nothing is left of it. */
async function writeFileOf(
  tables: LmdbTables,
  day: string,
  firstKey: number,
  signal: AbortSignal | undefined,
  onProgress: (events: number) => void,
): Promise<readonly Moved[] | undefined> {
  const { folder } = tables.archive
  const archive = `${day}.${toPosition(firstKey)}.ndjson.gz`
  const file = join(folder, archive)
  const partial = `${file}.part`
  const moved: Moved[] = []
  const handle = await open(partial, 'w')
  try {
    let offset = 0
    let events = 0
    for (const blocks of members(tables, day, firstKey)) {
      if (signal?.aborted === true) return undefined
      const text = Buffer.from(blocks.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join(''))
      const member = await compress(text)
      await handle.writeFile(member)
      const place = { archive, offset, bytes: member.length, crc: crc32(text) }
      let skip = 0
      for (const { key, lines } of blocks) {
        moved.push({ key, count: lines.length, stub: { ...place, skip } })
        skip += lines.length
      }
      offset += member.length
      events += skip
      onProgress(events)
      await nextTurn()
    }
    await handle.sync()
    await makeSure(partial, moved)
  } finally {
    await handle.close()
    if (signal?.aborted === true) await rm(partial, { force: true })
  }
  const sha256 = createHash('sha256')
    .update(await readFile(partial))
    .digest('hex')
  // As sha256sum writes and checks it.
  await writeFile(`${file}.sha256`, `${sha256}  ${archive}\n`, { flush: true })
  await rename(partial, file)
  await flushToDisk(folder, 'folder')
  return moved
}

interface BlockLines {
  readonly key: number
  readonly lines: readonly string[]
}

function* members(tables: LmdbTables, day: string, firstKey: number): Generator<readonly BlockLines[]> {
  const lastKey = lastKeyOf(tables)
  let open: BlockLines[] = []
  let length = 0
  let blocks = 0
  let start = firstKey
  for (;;) {
    // A range is not left open from one turn to the next.
    const [entry] = tables.blocks.getRange({ start, limit: 1 })
    if (entry === undefined || entry.key === lastKey || isStub(entry.value)) break
    const events = decodeBlock(entry.value, entry.key)
    if (dayOf(events) !== day || blocks === maxBlocksPerFile) break
    const lines = events.map((event) => JSON.stringify(event))
    open.push({ key: entry.key, lines })
    blocks += 1
    start = entry.key + events.length
    length += lines.reduce((sum, line) => sum + line.length, 0)
    if (length < memberBytes) continue
    yield open
    open = []
    length = 0
  }
  if (open.length > 0) yield open
}

/** Reads back what was written, piece by piece. */
async function makeSure(file: string, moved: readonly Moved[]): Promise<void> {
  const reader = await open(file, 'r')
  try {
    for (const { stub } of moved) {
      if (stub.skip > 0) continue
      const member = Buffer.alloc(stub.bytes)
      await reader.read(member, 0, stub.bytes, stub.offset)
      if (textOf(member, stub) !== undefined) continue
      throw new LogUnavailableError(`${file} does not hold what was written to it: check its disk`)
    }
  } finally {
    await reader.close()
  }
}
