/** What a wall clock shows, as the milliseconds since 1970 that it would be in UTC. */
export type WallMs = number

/** A server asks for one zone, or a few where feeds have their own. */
const maxFormats = 20
const formats = new Map<string, Intl.DateTimeFormat>()

/** What a clock in an IANA zone shows at a moment. */
export function wallAt(ms: number, zone: string): WallMs {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

/**
 * The moment at which a clock in the zone shows this. Of a time that comes twice either may be meant; one that never
 * comes, because the clocks were set forward, is within an hour of the change.
 */
export function momentOf(wallMs: WallMs, zone: string): number {
  const guessMs = wallMs - (wallAt(wallMs, zone) - wallMs)
  return guessMs + (wallMs - wallAt(guessMs, zone))
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  if (formats.size >= maxFormats) formats.clear()
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
