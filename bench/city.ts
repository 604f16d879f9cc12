import type { Event } from '../schemas/event.ts'
import { toInstant } from '../schemas/instant.ts'
import type { CityOptions } from './city-options.ts'
import { createRandom } from '../src/simulate/random.ts'
import { drawSites, gapsOf, inventoryOf } from './city-parts/ground.ts'
import { drawHour, type City } from './city-parts/trouble.ts'

const hourMs = 3_600_000

export const cityStartMs = Date.UTC(2026, 2, 1)

/**
 * The city as events in the order in which the log takes them: inventory and gaps, then hour by hour for ever (take as many
 * as are wanted). Bounded in memory: each hour is drawn when it is due, and what it will bring later waits in its hour.
 */
export function* cityEvents(options: CityOptions): Generator<Event, never> {
  const random = createRandom(options.seed)
  const sites = drawSites(options.sites, random.fork('sites'))
  const beforeMs = cityStartMs - hourMs
  for (const event of inventoryOf(sites, beforeMs)) yield event
  for (const event of gapsOf(options.gaps, sites, beforeMs, random.fork('gaps'))) yield event
  const waiting = new Map<number, Event[]>()
  const emit = (event: Event): void => {
    const hour = Math.floor(Date.parse(event.recordedAt) / hourMs)
    const events = waiting.get(hour)
    if (events === undefined) waiting.set(hour, [event])
    else events.push(event)
  }
  const troubledSites = sites.filter(({ troubled }) => troubled)
  const city: City = {
    options,
    sites,
    troubledSites,
    recent: [],
    emit,
    counts: { alarms: 0, complaints: 0, cutovers: 0 },
  }
  for (let hour = cityStartMs / hourMs; ; hour += 1) {
    drawHour(city, hour, random.fork(`hour ${hour}`))
    const due = waiting.get(hour) ?? []
    waiting.delete(hour)
    due.sort((a, b) =>
      a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : a.id < b.id ? -1 : 1,
    )
    for (const event of due) yield event
  }
}

/** The events of the first `days`. */
export function* cityDays(options: CityOptions): Generator<Event, void> {
  const until = toInstant(cityStartMs + options.days * 24 * hourMs)
  for (const event of cityEvents(options)) {
    if (event.recordedAt >= until) return
    yield event
  }
}
