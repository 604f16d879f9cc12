import { eventId } from '../../schemas/event-id.ts'
import { type DataOf, type Event, type EventType, schemaVersionOf } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'

const source = 'bench'

/** An event of the city as the log holds it. */
export function benchEvent<T extends EventType>(
  type: T,
  notification: string,
  occurredMs: number,
  recordedMs: number,
  data: DataOf<T>,
): Event {
  return {
    id: eventId(source, type, notification),
    type,
    schemaVersion: schemaVersionOf(type),
    occurredAt: toInstant(occurredMs),
    recordedAt: toInstant(recordedMs),
    data,
    meta: { source, actor: source },
  } as Event
}
