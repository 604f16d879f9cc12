import type { Envelope } from './envelope.ts'
import { eventData, type Event, type EventType } from './event.ts'
import { upcast } from './upcast.ts'

/** An event as a log holds it, seen by a release: in its current version, or not to be read and why. */
export type Stored<E extends Envelope> =
  | { readonly kind: 'readable'; readonly event: Omit<E, 'type' | 'data'> & Event }
  | { readonly kind: 'unreadable'; readonly why: string }

/**
 * Brings a stored event up to its current version and judges it by the schema of its type. What is not readable no fold may
 * take: a checksum only says that it is what was written, not that it makes sense. The reason holds no value of the event.
 */
export function readStored<E extends Envelope>(stored: E): Stored<E> {
  const { type, recordedAt, occurredAt } = stored
  if (!Object.hasOwn(eventData, type)) {
    return unreadable(`this version knows no event ${type}: use the version that wrote it`)
  }
  if (Number.isNaN(Date.parse(recordedAt)) || Number.isNaN(Date.parse(occurredAt))) {
    return unreadable('its times are none')
  }
  try {
    const event = upcast(stored)
    const judged = eventData[type as EventType].safeParse(event.data)
    return judged.success ? { kind: 'readable', event } : unreadable(faultOf(judged.error.issues))
  } catch (error) {
    return unreadable(`its data cannot be brought up to date: ${String(error)}`)
  }
}

/** The events of a batch that can be read, in their current version. What cannot is parked, and told of elsewhere. */
export function* readable<E extends Envelope>(
  batch: Iterable<E>,
): Generator<Omit<E, 'type' | 'data'> & Event> {
  for (const stored of batch) {
    const read = readStored(stored)
    if (read.kind === 'readable') yield read.event
  }
}

/** The first fault, by field and kind. Never a value: it may be anything. */
export function faultOf([first]: readonly {
  readonly path: readonly PropertyKey[]
  readonly code?: string | undefined
}[]): string {
  return `its ${first?.path.map(String).join('.') ?? ''} is not what the schema of its type says (${first?.code})`
}

function unreadable(why: string): { readonly kind: 'unreadable'; readonly why: string } {
  return { kind: 'unreadable', why }
}
