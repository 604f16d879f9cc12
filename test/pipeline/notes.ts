import { eventId } from '../../schemas/event-id.ts'
import type { Event, EventOf } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { EventLog, RecordedEvent } from '../../src/event-log/event-log.ts'

export const day = Date.UTC(2026, 2, 1)

/** The smallest input there is: a note about a complaint. */
export function note(aboutId: string, text: string, recordedMs = day): EventOf<'NoteAdded'> {
  const at = toInstant(recordedMs)
  return {
    id: eventId('test', 'NoteAdded', `${aboutId}/${text}`),
    type: 'NoteAdded',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: { about: { kind: 'complaint', id: aboutId }, text },
    meta: { source: 'test', actor: 'test' },
  }
}

export async function allEvents(log: EventLog): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of log.readAll()) events.push(...batch)
  return events
}

export const idsOf = (events: readonly Pick<Event, 'id'>[]) => events.map(({ id }) => id)
