import type { Event } from './event.ts'
import type { Envelope } from './envelope.ts'

type Data = Record<string, unknown>

/**
 * How each older version of a type's data becomes the next one. Stored events are never rewritten; every reader sees
 * them as the current version.
 */
const steps: Record<string, Record<number, (data: Data) => Data>> = {
  // Until version 2 a cutover named one element; work on several sites had to be entered once for each.
  CutoverPlanned: {
    1: ({ elementId, ...rest }) => ({ ...rest, elementIds: elementId === undefined ? [] : [elementId] }),
  },
}

/** The event as its current version. What is current passes through untouched, as the same object. */
export function upcast<E extends Envelope>(stored: E): Omit<E, 'type' | 'data'> & Event {
  const forType = steps[stored.type]
  let step = forType?.[stored.schemaVersion]
  if (step === undefined) return stored as never
  let { data, schemaVersion } = stored
  while (step !== undefined) {
    data = step(data)
    schemaVersion += 1
    step = forType?.[schemaVersion]
  }
  return { ...stored, data, schemaVersion } as never
}
