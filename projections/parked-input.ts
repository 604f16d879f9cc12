import { park } from './parked.ts'
import type { Projection } from './projection.ts'

const name = 'engine'

/** What the engine could not take, beside what the read models could not. */
export const parkedInputProjection: Projection = {
  name,
  version: 1,
  reads: ['InputParked'],
  evolve: (event, get) => {
    if (event.type !== 'InputParked') return []
    const { inputId, deadline, reason, engineVersion } = event.data
    return park(
      {
        fold: name,
        position: event.position,
        eventId: inputId,
        deadline,
        error: `${reason} (engine ${engineVersion})`,
      },
      get,
    )
  },
}
