import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import { wholeCity } from '../city-options.ts'
import { cityEvents } from '../city.ts'

/** So many events of these types, as the city brings them. */
export function takeOf(types: readonly Event['type'][], count: number): Event[] {
  const taken: Event[] = []
  for (const event of cityEvents(wholeCity)) {
    if (types.includes(event.type)) taken.push(event)
    if (taken.length === count) break
  }
  return taken
}

/**
 * Batches as intake stores them: all events of one were recorded at one moment, later than those of the batch before.
 * `source` makes them the events of a feed of its own.
 */
export function inBatches(events: readonly Event[], size: number, source: string): Event[][] {
  const batches: Event[][] = []
  const firstMs = Date.parse(events.at(-1)?.recordedAt ?? '')
  for (let from = 0; from < events.length; from += size) {
    const recordedAt = toInstant(firstMs + from)
    batches.push(
      events.slice(from, from + size).map((event) => ({
        ...event,
        recordedAt,
        meta: { ...event.meta, source },
      })),
    )
  }
  return batches
}
