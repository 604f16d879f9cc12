import { dayMs, hourMs, minuteMs, type PartOfDay, type TimePhrase } from './time-phrase.ts'
import type { WallMs } from './wall-clock.ts'

/** A moment on the wall clock, give or take. */
export interface WallMoment {
  readonly wallMs: WallMs
  readonly uncertaintyMs: number
}

/** People round to the quarter, and say it less exactly where they say so. */
const clockUncertaintyMs = 15 * minuteMs
const roughUncertaintyMs = 30 * minuteMs
/** What lies so shortly after the report was rounded, or is another day's: nobody knows. */
const roundingMs = 30 * minuteMs

/** Hours of the day, `night` into the next. */
const hoursOf: Readonly<Record<PartOfDay, readonly [from: number, to: number]>> = {
  'small-hours': [0, 5],
  early: [5, 8],
  morning: [6, 12],
  forenoon: [8, 12],
  noon: [11, 13],
  afternoon: [12, 18],
  dusk: [17, 19],
  evening: [18, 24],
  night: [20, 28],
  am: [0, 12],
  pm: [12, 24],
}

/** What is told by day and clock, not by how long ago. */
type DatedPhrase = Exclude<TimePhrase, { kind: 'ago' }>

/** When a phrase means, as of a report; never after it, and undefined where it cannot be told. */
export function momentOfPhrase(phrase: DatedPhrase, reportedMs: WallMs): WallMoment | undefined {
  const today = Math.floor(reportedMs / dayMs) * dayMs
  switch (phrase.kind) {
    case 'day':
      return middleOf(today - phrase.daysBack * dayMs, [0, 24], reportedMs)
    case 'part':
      return partMoment(phrase, today, reportedMs)
    case 'clock':
      return clockMoment(phrase, today, reportedMs)
  }
}

function partMoment(
  { part, daysBack }: Extract<TimePhrase, { kind: 'part' }>,
  today: WallMs,
  reportedMs: WallMs,
): WallMoment | undefined {
  const hours = hoursOf[part]
  if (daysBack !== undefined) return middleOf(today - daysBack * dayMs, hours, reportedMs)
  return middleOf(today, hours, reportedMs) ?? middleOf(today - dayMs, hours, reportedMs)
}

/** The middle of what of a span has passed, with half its length. */
function middleOf(
  day: WallMs,
  [fromHour, toHour]: readonly [number, number],
  reportedMs: WallMs,
): WallMoment | undefined {
  const fromMs = day + fromHour * hourMs
  const toMs = Math.min(day + toHour * hourMs, reportedMs)
  return toMs <= fromMs ? undefined : between(fromMs, toMs)
}

function between(fromMs: number, toMs: number): WallMoment {
  return { wallMs: (fromMs + toMs) / 2, uncertaintyMs: Math.ceil((toMs - fromMs) / 2) }
}

function clockMoment(
  { hour, minute, part, daysBack, isFullDay = false, isRough }: Extract<TimePhrase, { kind: 'clock' }>,
  today: WallMs,
  reportedMs: WallMs,
): WallMoment | undefined {
  const hours = isFullDay && part === undefined ? [hour] : clockHours(hour, part)
  const days = daysBack === undefined ? [0, 1] : [daysBack]
  const meant = days.flatMap((back) =>
    hours.map((of) => today - back * dayMs + of * hourMs + minute * minuteMs),
  )
  if (meant.some((ms) => ms > reportedMs && ms <= reportedMs + roundingMs)) return undefined
  const past = meant.filter((ms) => ms <= reportedMs)
  if (past.length === 0) return undefined
  const uncertaintyMs = isRough ? roughUncertaintyMs : clockUncertaintyMs
  // "Yesterday at ten" may be either: both lie within.
  if (daysBack !== undefined && past.length > 1) return between(Math.min(...past), Math.max(...past))
  return { wallMs: Math.max(...past), uncertaintyMs }
}

/** The hours of a day of 24 that an hour may mean; those from 24 on are of the night after. */
function clockHours(hour: number, part: PartOfDay | undefined): readonly number[] {
  if (part === undefined) return hour > 12 || hour === 0 ? [hour] : [hour % 12, (hour % 12) + 12]
  if (hour > 12) return part === 'am' || part === 'small-hours' ? [] : [hour]
  const twelve = hour % 12
  switch (part) {
    case 'am':
    case 'small-hours':
    case 'early':
      return [twelve]
    case 'morning':
    case 'forenoon':
      return [hour]
    case 'noon':
      return hour >= 10 ? [hour] : [hour + 12]
    case 'pm':
    case 'afternoon':
      return [twelve + 12]
    case 'dusk':
    case 'evening':
    case 'night':
      return twelve < 5 ? [twelve + 24] : [twelve + 12]
  }
}
