import { setTimeout as pause } from 'node:timers/promises'
import type { AnswerList } from '../../schemas/command-list.ts'
import type { Event, EventType } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Fact } from '../domain/decider.ts'
import { newEvent } from '../domain/new-event.ts'
import type { ListDifference } from '../intake/element-list.ts'
import { refuseFuture } from './record.ts'
import type { Services } from './services.ts'
import { readModelsHold } from './take-snapshot.ts'
import { writeInBatches } from './write-in-batches.ts'

/** How often a list that goes on being stored looks whether the engine has caught up. */
const restMs = 5

interface ListStamp {
  readonly source: string
  readonly takenAt: string
  readonly actor: string
}

/** Compares a list with what is known, and stores the difference. One list of a source and kind at a time. */
export function storeList<T extends EventType>(
  services: Services,
  kind: string,
  { source, takenAt, actor }: ListStamp,
  difference: () => ListDifference<Fact<T>>,
): Promise<AnswerList> {
  return services.turns.take(`${kind}-list-${source}`, async () => {
    await readModelsHold(services)
    const { facts, counts } = difference()
    const recordedAt = toInstant(services.clock())
    const events = facts.map(
      ({ fact, subject, occurredAt }) =>
        newEvent(fact.type, fact.data, {
          meta: { source, actor },
          occurredAt,
          recordedAt,
          // Of one list every item says each thing once: the list sent again says nothing new.
          notification: `${subject} in the list of ${takenAt}`,
          subject,
        }) as Event,
    )
    for (const event of events) refuseFuture(event, services)
    await writeInBatches(services, events, async () => {
      while (services.correlator.lag().events > maxLagEvents(services)) await pause(restMs)
    })
    services.feeds.heard(source, toMs(takenAt))
    return counts
  })
}

/** Callers' answers go first: a whole network is stored no faster than the engine takes it in. */
function maxLagEvents({ bulkGate, config }: Services): number {
  return bulkGate?.maxLagEvents() ?? config.limits.bulkMaxLagEvents
}
