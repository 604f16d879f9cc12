import { ImportError } from './import-error.ts'

const dayMs = 86_400_000

/** A wall clock's reading, as the milliseconds since 1970 that it would be in UTC. */
export type WallMs = number

/**
 * Turns wall-clock times of an IANA zone into moments. A time that comes twice (clocks set back) is the first of the
 * two; a time that never comes (clocks set forward) is as long after the change as it would have been, so 02:30 in a
 * gap from 02:00 to 03:00 is 03:30. This is what RFC 5545 prescribes. Throws `ImportError` for an unknown zone.
 */
export function createZone(zone: string): (wallMs: WallMs) => number {
  const formatter = formatterOf(zone)
  const offsetAt = (ms: number): number => wallOf(formatter, ms) - ms
  /** Most hours of most zones lie far from a change: their offset is looked up once. */
  const quietOffsets = new Map<number, number>()
  const maxQuietDays = 50_000

  return (wallMs) => {
    const day = Math.floor(wallMs / dayMs)
    const known = quietOffsets.get(day)
    if (known !== undefined) return wallMs - known
    const before = offsetAt((day - 1) * dayMs)
    const after = offsetAt((day + 2) * dayMs)
    if (before === after && offsetAt(day * dayMs) === before && offsetAt((day + 1) * dayMs) === before) {
      if (quietOffsets.size >= maxQuietDays) quietOffsets.clear()
      quietOffsets.set(day, before)
      return wallMs - before
    }
    // With the offset before the change a repeated time is its first occurrence, and a skipped one moves past the gap.
    const guess = wallMs - before
    if (offsetAt(guess) === before) return guess
    const later = wallMs - offsetAt(guess)
    return offsetAt(later) === offsetAt(guess) ? later : guess
  }
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      fractionalSecondDigits: 3,
    })
  } catch {
    throw new ImportError(
      `--zone ${zone} is no time zone; write it as in Asia/Shanghai, Europe/London, UTC`,
      'usage',
    )
  }
}

/** What a clock in the zone shows at that moment. */
function wallOf(formatter: Intl.DateTimeFormat, ms: number): WallMs {
  const parts = new Map(formatter.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
    part('fractionalSecond'),
  )
}
