import { closedError } from './batches.ts'
import type { ReadAllOptions, RecordedEvent } from './event-log.ts'
import { patience, type EventStoreParts } from './eventstore-calls.ts'
import { LostClientError } from './eventstore-errors.ts'
import { subscribeAfter } from './eventstore-filter.ts'
import type { Heads } from './eventstore-heads.ts'
import { beforeAll, fromServerEvent, laterOf } from './eventstore-record.ts'

/** The most events of a batch. */
const batchSize = 500

/**
 * Our events up to the last one of now. The client cannot read all with a filter, and whatever else the server holds would
 * come along; a subscription can, so this is one that ends.
 */
export async function* readAllForwards(
  parts: EventStoreParts,
  heads: Heads,
  { after = beforeAll, maxEvents = Number.POSITIVE_INFINITY }: Omit<ReadAllOptions, 'direction'>,
): AsyncGenerator<readonly RecordedEvent[]> {
  const { connection, limits, prefix, closing } = parts
  const patient = patience(parts)
  const end = await heads.ask()
  let last = laterOf(after, heads.beginning())
  let left = maxEvents
  while (last < end && left > 0) {
    if (closing.aborted) throw closedError()
    const lease = connection.lease()
    const feed = subscribeAfter(parts, lease, last, closing)
    try {
      while (last < end && left > 0) {
        const taken = await feed.take(Math.min(batchSize, left), limits.callTimeoutMs)
        if (closing.aborted) throw closedError()
        if (taken.length === 0) throw new LostClientError('its subscription ended')
        patient.renew()
        const events = taken
          .map((event) => fromServerEvent(event, prefix))
          .filter(({ position }) => position <= end)
        last = events.at(-1)?.position ?? end
        left -= events.length
        yield events
      }
    } catch (error) {
      await patient.afterFailure(lease, error)
    } finally {
      feed.close()
    }
  }
}
