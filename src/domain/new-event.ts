import type { EventMetadata } from '../../schemas/envelope.ts'
import { contentNotification, eventId } from '../../schemas/event-id.ts'
import { schemaVersionOf, type DataOf, type EventOf, type EventType } from '../../schemas/event.ts'

export interface Stamp {
  readonly meta: EventMetadata
  readonly occurredAt: string
  readonly recordedAt: string
  /** The sender's own id for it; left out: subject, time and content stand in. */
  readonly notification?: string | undefined
  /** Whom it is about, where `notification` is left out. */
  readonly subject: string
}

/** A fact in its envelope, its id made so that the same notification sent again is the same event. */
export function newEvent<T extends EventType>(type: T, data: DataOf<T>, stamp: Stamp): EventOf<T> {
  const { meta, occurredAt, recordedAt, subject } = stamp
  const notification = stamp.notification ?? contentNotification(subject, occurredAt, data)
  const event = {
    id: eventId(meta.source, type, notification),
    type,
    schemaVersion: schemaVersionOf(type),
    occurredAt,
    recordedAt,
    data,
    meta,
  }
  // The compiler cannot see that a distributive conditional type holds for a single T.
  return event as unknown as EventOf<T>
}
