import { crc32 } from 'node:zlib'
import type { Envelope } from '../../schemas/envelope.ts'
import { DamagedRecordError, type RecordedEvent } from './event-log.ts'
import { toPosition } from './position.ts'

/**
 * A block is one record of the log: neighbouring events of one stream, written by one append call. Reading a block
 * costs little over `JSON.parse`, where a record an event costs twice as much.
 *
 *     u32 crc of all that follows
 *     u32 number of events, n
 *     n + 1 times: u32 crc and u32 length of a line
 *     ASCII JSON: [{"stream":…,"revision":…},⏎[event],⏎[event]]
 *
 * Numbers are little endian. Checksums are CRC-32, which finds every error of up to 32 neighbouring bits and comes with
 * Node; each starts from where its bytes belong in the log, so that a block out of place is found out too. Those of
 * lines serve to read a few events of many, and to name the event at fault where the first fails. Characters beyond
 * ASCII are written as `\uXXXX`: decoding UTF-8 with Chinese in it takes as long as parsing it, and ASCII is free. An
 * event is the list of its fields in the order of `StoredEvent`, whose end is the one place to add a field.
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
const headBytes = 2 * wordBytes
const lineEntryBytes = 2 * wordBytes
const lineBreak = ',\n'
/** Below this share of a block its lines are read one by one, instead of all at once. */
const fewOfMany = 1 / 8
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
  const text = `[${lines.join(lineBreak)}]`
  const textStart = textStartOf(encodedEvents.length)
  const block = Buffer.allocUnsafe(textStart + text.length)
  block.writeUInt32LE(encodedEvents.length, wordBytes)
  lines.forEach((line, index) => {
    const entry = headBytes + index * lineEntryBytes
    block.writeUInt32LE(checksum(line, ordinal + index), entry)
    block.writeUInt32LE(line.length, entry + wordBytes)
  })
  block.write(text, textStart, 'latin1')
  block.writeUInt32LE(checksum(block.subarray(wordBytes), ordinal), 0)
  return block
}

/** How many events a block holds. */
export function eventCount(block: Buffer): number {
  return block.readUInt32LE(wordBytes)
}

/**
 * Whether the lengths that a block states add up to its own: then the number of its events can be trusted, even where
 * some of them are damaged.
 */
export function isFramed(block: Buffer): boolean {
  if (block.length < headBytes) return false
  const starts = lineStarts(block)
  const lastStart = starts.at(-1)
  if (lastStart === undefined) return false
  const lastLength = block.readUInt32LE(textStartOf(starts.length - 1) - wordBytes)
  return lastStart + lastLength + ']'.length === block.length
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
  if (block.length < headBytes) throw damaged(ordinal + start)
  const count = eventCount(block)
  if (start < count && end - start < count * fewOfMany) return decodeLines(block, ordinal, start, end)
  if (block.readUInt32LE(0) !== checksum(block.subarray(wordBytes), ordinal)) {
    if (isWholeByLine(block, ordinal)) throw damaged(ordinal + start)
    return decodeLines(block, ordinal, start, end)
  }
  if (start >= count) return []
  const text = block.toString('latin1', textStartOf(count))
  const [header, ...events] = JSON.parse(text) as [BlockHeader, ...StoredEvent[]]
  return events
    .slice(start, end)
    .map((event, index) =>
      place(event, header.stream, header.revision + start + index, ordinal + start + index),
    )
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

function decodeLines(block: Buffer, ordinal: number, start: number, end: number): RecordedEvent[] {
  const count = eventCount(block)
  const starts = lineStarts(block)
  const headerLine = wholeLine(block, starts, 0, ordinal)
  if (headerLine === undefined) throw damaged(ordinal + start)
  const header = JSON.parse(headerLine) as BlockHeader
  const events: RecordedEvent[] = []
  for (let index = start; index < Math.min(end, count); index += 1) {
    const line = wholeLine(block, starts, index + 1, ordinal)
    if (line === undefined) throw damaged(ordinal + index)
    const event = JSON.parse(line) as StoredEvent
    events.push(place(event, header.stream, header.revision + index, ordinal + index))
  }
  return events
}

function isWholeByLine(block: Buffer, ordinal: number): boolean {
  const starts = lineStarts(block)
  return (
    starts.length > 0 && starts.every((_, index) => wholeLine(block, starts, index, ordinal) !== undefined)
  )
}

/** Where each line begins; none where the block is cut short before its text. */
function lineStarts(block: Buffer): readonly number[] {
  const count = eventCount(block)
  let next = textStartOf(count) + 1
  if (next > block.length) return []
  return Array.from({ length: count + 1 }, (_, index) => {
    const lineStart = next
    next += block.readUInt32LE(headBytes + index * lineEntryBytes + wordBytes) + lineBreak.length
    return lineStart
  })
}

/** A line of a block, the header first; `undefined` where it is damaged. */
function wholeLine(
  block: Buffer,
  starts: readonly number[],
  index: number,
  ordinal: number,
): string | undefined {
  const lineStart = starts[index]
  if (lineStart === undefined) return undefined
  const entry = headBytes + index * lineEntryBytes
  const bytes = block.subarray(lineStart, lineStart + block.readUInt32LE(entry + wordBytes))
  const isWhole = block.readUInt32LE(entry) === checksum(bytes, ordinal + index)
  return isWhole ? bytes.toString('latin1') : undefined
}

function damaged(ordinal: number): DamagedRecordError {
  return new DamagedRecordError(toPosition(ordinal), 'its checksum does not match; restore a copy of the log')
}

function textStartOf(count: number): number {
  return headBytes + (count + 1) * lineEntryBytes
}

function checksum(bytes: Buffer | string, ordinal: number): number {
  return crc32(bytes, ordinal >>> 0)
}

function toAscii(json: string): string {
  return json.replace(beyondAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
