const minuteMs = 60_000
const dayMinutes = 24 * 60
/** So far ahead a permitted day is looked for. */
const maxDaysAhead = 366

/** Times of day between which customers may be called, `HH:MM`; `to` itself is too late. */
export interface PermittedHours {
  readonly from: string
  readonly to: string
}

/** On which days other hours hold than on working days, by the calendar of the network's zone. `none`: nobody is called. */
export interface CallingDays {
  /** Left out: as on working days. */
  readonly weekends?: PermittedHours | 'none' | undefined
  /** Public holidays, `YYYY-MM-DD`. */
  readonly holidays: readonly string[]
  readonly onHolidays: PermittedHours | 'none'
  /** Saturdays and Sundays that are worked (调休), `YYYY-MM-DD`. */
  readonly workedWeekends: readonly string[]
}

const allAlike: CallingDays = { holidays: [], onHolidays: 'none', workedWeekends: [] }

/**
 * The first moment from `ms` on, in milliseconds since 1970, at which a clock of the IANA zone shows a permitted time on a permitted
 * day; a year ahead where no day is permitted.
 */
export function permittedFromMs(
  ms: number,
  hours: PermittedHours,
  timeZone: string,
  days: CallingDays = allAlike,
): number {
  let at = ms
  for (let ahead = 0; ahead <= maxDaysAhead; ahead += 1) {
    const { day, minute } = localClock(at, timeZone)
    const permitted = hoursOn(day, hours, days)
    if (permitted !== undefined) {
      const [fromMinute, toMinute] = [minuteOf(permitted.from), minuteOf(permitted.to)]
      if (minute >= fromMinute && minute < toMinute) return at
      if (minute < fromMinute) return Math.max(at, clockAt(at, fromMinute - minute, fromMinute, timeZone))
    }
    at = clockAt(at, dayMinutes - minute, 0, timeZone)
  }
  return at
}

function hoursOn(day: string, hours: PermittedHours, days: CallingDays): PermittedHours | undefined {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  const isWeekend = (weekday === 0 || weekday === 6) && !days.workedWeekends.includes(day)
  const held = days.holidays.includes(day) ? days.onHolidays : isWeekend ? (days.weekends ?? hours) : hours
  return held === 'none' ? undefined : held
}

/** So many minutes on, when a clock shows `minute` of a day: where the clocks were set meanwhile, the guess is off by as much. */
function clockAt(ms: number, waitMinutes: number, minute: number, timeZone: string): number {
  const guessMs = (Math.floor(ms / minuteMs) + waitMinutes) * minuteMs
  const off = minute - localClock(guessMs, timeZone).minute
  const nearest = ((off + dayMinutes * 1.5) % dayMinutes) - dayMinutes / 2
  return guessMs + nearest * minuteMs
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** A server asks for one zone, or a few while rulesets change. */
const maxFormats = 20
const formats = new Map<string, Intl.DateTimeFormat>()

function localClock(ms: number, timeZone: string): { readonly day: string; readonly minute: number } {
  let format = formats.get(timeZone)
  if (format === undefined) {
    if (formats.size >= maxFormats) formats.clear()
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  const [day = '', clock = ''] = format.format(ms).split(', ')
  return { day, minute: minuteOf(clock) }
}
