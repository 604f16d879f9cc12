import type { Event } from '../../schemas/event.ts'
import { keepDiffering } from './record.ts'
import type { Services } from './services.ts'

const batchEvents = 500

/** Stores what a list came to, batch by batch; what is known with other content is kept with the refused. */
export async function writeInBatches(
  services: Services,
  events: readonly Event[],
  afterBatch: () => Promise<void> = async () => {},
): Promise<void> {
  for (let at = 0; at < events.length; at += batchEvents) {
    const batch = events.slice(at, at + batchEvents)
    const outcomes = await services.writer.write(batch)
    outcomes.forEach(({ outcome }, index) => {
      const event = batch[index]
      if (outcome === 'differs' && event !== undefined) keepDiffering(services, event)
    })
    await afterBatch()
  }
}
