import { eventData, schemaVersionOf, type Event } from '../../schemas/event.ts'
import type { FeedEvent } from '../../src/simulate/feed-event.ts'

/** What the log would hold of what a feed sends: checked, with defaults filled in. */
export function storedEvents(feed: readonly FeedEvent[]): Event[] {
  return feed.map(
    ({ id, type, source, occurredAt, recordedAt, data }) =>
      ({
        id,
        type,
        schemaVersion: schemaVersionOf(type),
        occurredAt,
        recordedAt,
        data: eventData[type].parse(data),
        meta: { source, actor: 'unverified' },
      }) as Event,
  )
}
