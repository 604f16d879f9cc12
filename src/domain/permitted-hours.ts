const minuteMs = 60_000
const dayMinutes = 24 * 60

/** Times of day between which customers may be called, `HH:MM`; `to` itself is too late. */
export interface PermittedHours {
  readonly from: string
  readonly to: string
}

/** The first moment from `ms` on, in milliseconds since 1970, at which a clock of the IANA zone shows a permitted time. */
export function permittedFromMs(ms: number, { from, to }: PermittedHours, timeZone: string): number {
  const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)]
  const now = localMinute(ms, timeZone)
  if (now >= fromMinute && now < toMinute) return ms
  const waitMinutes = (fromMinute - now + dayMinutes) % dayMinutes
  const guessMs = (Math.floor(ms / minuteMs) + waitMinutes) * minuteMs
  // Where the clocks were set meanwhile, the guess is off by as much.
  const off = fromMinute - localMinute(guessMs, timeZone)
  const nearest = ((off + dayMinutes * 1.5) % dayMinutes) - dayMinutes / 2
  return Math.max(ms, guessMs + nearest * minuteMs)
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** A server asks for one zone, or a few while rulesets change. */
const maxFormats = 20
const formats = new Map<string, Intl.DateTimeFormat>()

function localMinute(ms: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (format === undefined) {
    if (formats.size >= maxFormats) formats.clear()
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  return minuteOf(format.format(ms))
}
