/** A day of a calendar, `YYYY-MM-DD`. Sorts as text. */
export type Day = string

const dayMs = 86_400_000
/** No zone's clock stands at another offset within a quarter of an hour of UTC. */
const quarterMs = 900_000
/** The most quarters whose day is remembered; a year has 35,040. */
const maxQuarters = 50_000

/** Tells on which day of an IANA zone an `instant` falls. */
export function localDays(timeZone: string): (instant: string) => Day {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const ofQuarter = new Map<number, Day>()
  return (instant) => {
    const quarter = Math.floor(Date.parse(instant) / quarterMs)
    const known = ofQuarter.get(quarter)
    if (known !== undefined) return known
    const day = format.format(quarter * quarterMs)
    if (ofQuarter.size >= maxQuarters) ofQuarter.clear()
    ofQuarter.set(quarter, day)
    return day
  }
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

/** How many days lie from one to the other, both counted. */
export function daysFromTo(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1
}

/** The same date a year earlier; of 29 February, the 28th. */
export function yearBefore(day: Day): Day {
  const sameDate = `${String(Number(day.slice(0, 4)) - 1).padStart(4, '0')}${day.slice(4)}`
  return day.endsWith('-02-29') ? `${sameDate.slice(0, 8)}28` : sameDate
}

/** The Monday of a day's week (ISO 8601). */
export function mondayOf(day: Day): Day {
  const weekday = new Date(Date.parse(day)).getUTCDay()
  return addDays(day, -((weekday + 6) % 7))
}
