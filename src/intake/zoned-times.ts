import type { Feed } from '../config/config.ts'
import { createTimeReader, type TimeReader } from '../ingest/time-reader.ts'

/** Every member that holds a moment, in any event. */
const timeMembers = new Set([
  'occurredAt',
  'reportedAt',
  'from',
  'to',
  'plannedStart',
  'plannedEnd',
  'expectedEnd',
  'expectedAt',
  'statedEnd',
  'since',
  'until',
  'silentSince',
])
const withoutOffset = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?$/

/**
 * Reads times without an offset by the clock of their source, where the configuration says in which zone that hangs. Of
 * other sources they stay as they are, and are refused.
 */
export function createZonedTimes(feeds: readonly Feed[]): (source: string, line: object) => object {
  const readers = new Map(
    feeds.flatMap(({ source, zone }) => (zone === undefined ? [] : [[source, createTimeReader({ zone })]])),
  )
  return (source, line) => {
    const reader = readers.get(source)
    return reader === undefined ? line : (withOffsets(line, reader) as object)
  }
}

/** Recursion is safe: lines are no deeper than `maxDepth`. */
function withOffsets(value: unknown, reader: TimeReader): unknown {
  if (Array.isArray(value)) return value.map((item) => withOffsets(item, reader))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      timeMembers.has(name) ? read(member, reader) : withOffsets(member, reader),
    ]),
  )
}

function read(member: unknown, reader: TimeReader): unknown {
  if (typeof member !== 'string' || !withoutOffset.test(member)) return member
  const time = reader(member)
  return 'ok' in time ? time.ok : member
}
