import type { EncodedEvent } from './append-limits.ts'
import { encodeBlock } from './block.ts'
import type { AppendResult, ExpectedRevision } from './event-log.ts'
import { judgeAppend } from './judge-append.ts'
import { headOrdinal, readOne } from './lmdb-read.ts'
import { idKey, packOrdinal, unpackOrdinal, type LmdbTables, type StreamRecord } from './lmdb-tables.ts'
import { toPosition } from './position.ts'

/** One append call on its way to the disk. */
export interface AppendCall {
  readonly stream: string
  readonly events: readonly EncodedEvent[]
  readonly expected: ExpectedRevision
}

/** A reader decodes whole blocks: small enough for one to be cheap to read for a single event. */
const maxBlockEvents = 256
const maxBlockBytes = 131_072

/**
 * Judges and stores one call. Call within a write transaction. All reading comes before the first write, so a call that
 * throws `DamagedRecordError` has written nothing.
 */
export function storeCall(tables: LmdbTables, { stream, events, expected }: AppendCall): AppendResult {
  const held = tables.streams.get(stream)
  const verdict = judgeAppend(events, expected, {
    last: held?.last ?? 'no_stream',
    beforeAll: toPosition(0),
    find: (key) => {
      const packed = held && tables.ids.get(idKey(held.number, key))
      return packed && readOne(tables, unpackOrdinal(packed))
    },
  })
  if (verdict.kind === 'wrong-revision') return verdict
  const { fresh, duplicates, differing, knownUpTo } = verdict
  const target = held ?? { number: nextStreamNumber(tables), last: -1 }
  const lastOrdinal = fresh.length > 0 ? storeEvents(tables, stream, target, fresh) : undefined
  return {
    kind: 'appended',
    revision: target.last + fresh.length,
    position: lastOrdinal === undefined ? knownUpTo : toPosition(lastOrdinal),
    stored: fresh.map(({ id }) => id),
    duplicates,
    differing,
  }
}

function storeEvents(
  tables: LmdbTables,
  stream: string,
  { number, last }: StreamRecord,
  fresh: readonly EncodedEvent[],
): number {
  let ordinal = headOrdinal(tables) + 1
  let revision = last + 1
  for (const events of inBlocks(fresh)) {
    const texts = events.map(({ text }) => text)
    tables.blocks.putSync(ordinal, encodeBlock(stream, revision, ordinal, texts))
    tables.revisions.putSync([number, revision], ordinal)
    for (const { key } of events) {
      tables.ids.putSync(idKey(number, key), packOrdinal(ordinal))
      ordinal += 1
    }
    revision += events.length
  }
  if (last === -1) tables.meta.putSync(lastStreamNumberKey, number)
  tables.streams.putSync(stream, { number, last: revision - 1 })
  return ordinal - 1
}

const lastStreamNumberKey = 'lastStreamNumber'

function nextStreamNumber({ meta }: LmdbTables): number {
  return ((meta.get(lastStreamNumberKey) as number | undefined) ?? 0) + 1
}

function* inBlocks(events: readonly EncodedEvent[]): Generator<readonly EncodedEvent[]> {
  let start = 0
  let bytes = 0
  for (const [index, { text }] of events.entries()) {
    if (index > start && (index - start === maxBlockEvents || bytes + text.length > maxBlockBytes)) {
      yield events.slice(start, index)
      start = index
      bytes = 0
    }
    bytes += text.length
  }
  yield events.slice(start)
}
