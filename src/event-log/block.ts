import { crc32 } from 'node:zlib'
import type { Envelope } from '../../schemas/envelope.ts'
import { DamagedRecordError, type RecordedEvent } from './event-log.ts'
import { toPosition } from './position.ts'

/**
 * A block is one record of the log: neighbouring events of one stream, written by one append call. Reading a block
 * costs little over `JSON.parse`, where a record an event costs twice as much.
 *
 *     u32 crc of all that follows, seeded with the first position, so that a block out of place is found out
 *     u32 number of events, n
 *     u32 crc of each line, n + 1 times: read only where the first crc fails, to name the event at fault
 *     ASCII JSON: [{"stream":…,"revision":…},⏎[event],⏎[event]]
 *
 * Numbers are little endian. Characters beyond ASCII are written as `\uXXXX`: decoding UTF-8 with Chinese in it takes as
 * long as parsing it, and ASCII is free. An event is the list of its fields in the order of `StoredEvent`, whose end
 * is the one place to add a field.
 */
type StoredEvent = readonly [
  id: Envelope['id'],
  type: Envelope['type'],
  schemaVersion: Envelope['schemaVersion'],
  occurredAt: Envelope['occurredAt'],
  recordedAt: Envelope['recordedAt'],
  data: Envelope['data'],
  meta: Envelope['meta'],
]

interface BlockHeader {
  readonly stream: string
  readonly revision: number
}

const wordBytes = 4
const beyondAscii = /[\u0080-\uffff]/g

/** One event as a line of a block: ASCII, so its length is its size in bytes. */
export function encodeEvent(event: Envelope): string {
  const { id, type, schemaVersion, occurredAt, recordedAt, data, meta } = event
  const stored: StoredEvent = [id, type, schemaVersion, occurredAt, recordedAt, data, meta]
  return toAscii(JSON.stringify(stored))
}

/** Reads back what `encodeEvent` wrote, without the place in the log. */
export function decodeEvent(line: string): Envelope {
  const [id, type, schemaVersion, occurredAt, recordedAt, data, meta] = JSON.parse(line) as StoredEvent
  return { id, type, schemaVersion, occurredAt, recordedAt, data, meta }
}

/** A block of encoded events; `revision` and `ordinal` are those of the first. */
export function encodeBlock(
  stream: string,
  revision: number,
  ordinal: number,
  encodedEvents: readonly string[],
): Buffer {
  const lines = [toAscii(JSON.stringify({ stream, revision } satisfies BlockHeader)), ...encodedEvents]
  const text = `[${lines.join(',\n')}]`
  const textStart = wordBytes * (2 + lines.length)
  const block = Buffer.allocUnsafe(textStart + text.length)
  block.writeUInt32LE(encodedEvents.length, wordBytes)
  lines.forEach((line, index) => block.writeUInt32LE(crc32(line), wordBytes * (2 + index)))
  block.write(text, textStart, 'latin1')
  block.writeUInt32LE(checksum(block, ordinal), 0)
  return block
}

/** How many events a block holds. */
export function eventCount(block: Buffer): number {
  return block.readUInt32LE(wordBytes)
}

/**
 * The events of a block from index `start` up to but without `end`. Where the block is damaged, the events that are
 * whole are still given; throws `DamagedRecordError`, naming the first of those asked for that is not.
 */
export function decodeBlock(
  block: Buffer,
  ordinal: number,
  start = 0,
  end = Number.POSITIVE_INFINITY,
): RecordedEvent[] {
  if (block.length < 2 * wordBytes || block.readUInt32LE(0) !== checksum(block, ordinal)) {
    return salvage(block, ordinal, start, end)
  }
  const [header, ...events] = parseBlock(block)
  return events
    .slice(start, end)
    .map((event, index) =>
      place(event, header.stream, header.revision + start + index, ordinal + start + index),
    )
}

function parseBlock(block: Buffer): [BlockHeader, ...StoredEvent[]] {
  const textStart = wordBytes * (3 + eventCount(block))
  return JSON.parse(block.toString('latin1', textStart)) as [BlockHeader, ...StoredEvent[]]
}

/** A literal, not a spread: every event then has one shape, and folds over them run several times faster. */
function place(event: StoredEvent, stream: string, revision: number, ordinal: number): RecordedEvent {
  return {
    id: event[0],
    type: event[1],
    schemaVersion: event[2],
    occurredAt: event[3],
    recordedAt: event[4],
    data: event[5],
    meta: event[6],
    stream,
    revision,
    position: toPosition(ordinal),
  }
}

/** The whole events of a block whose first checksum fails: each line has one of its own. */
function salvage(block: Buffer, ordinal: number, start: number, end: number): RecordedEvent[] {
  const damaged = (index: number) =>
    new DamagedRecordError(
      toPosition(ordinal + index),
      'its checksum does not match; restore a copy of the log',
    )
  const lines = block.length < 2 * wordBytes ? undefined : wholeLines(block)
  // Where every line is whole, the block itself is not what was written here: no place of it can be trusted.
  const [headerLine, ...eventLines] = lines ?? []
  if (headerLine === undefined || !eventLines.includes(undefined)) throw damaged(start)
  const header = JSON.parse(headerLine) as BlockHeader
  return eventLines.slice(start, end).map((line, offset) => {
    const index = start + offset
    if (line === undefined) throw damaged(index)
    return place(JSON.parse(line) as StoredEvent, header.stream, header.revision + index, ordinal + index)
  })
}

/** The header and the events, a line each; `undefined` stands for one that is damaged. */
function wholeLines(block: Buffer): (string | undefined)[] {
  const lineCount = eventCount(block) + 1
  const textStart = wordBytes * (2 + lineCount)
  if (textStart >= block.length) return []
  const lines = block.toString('latin1', textStart + 1, block.length - 1).split(',\n')
  return Array.from({ length: lineCount }, (_, index) => {
    const line = lines[index]
    const expected = block.readUInt32LE(wordBytes * (2 + index))
    return line !== undefined && crc32(line) === expected ? line : undefined
  })
}

function checksum(block: Buffer, ordinal: number): number {
  return crc32(block.subarray(wordBytes), ordinal >>> 0)
}

function toAscii(json: string): string {
  return json.replace(beyondAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
