import type { Position } from './event-log.ts'
import type { EventStoreParts } from './eventstore-calls.ts'
import { readAllBackwards } from './eventstore-read.ts'
import { beforeAll, positionOf } from './eventstore-record.ts'

/** How far the log reaches. */
export interface Heads {
  /** The last position heard of, from whatever call; one before all events where there is none. */
  known(): Position
  hear(position: Position): void
  /** Nothing of this log lies up to here: where a read from the beginning may begin. */
  beginning(): Position
  /** The last position now, asked of the server; one before all events where there is none. */
  ask(): Promise<Position>
}

/**
 * The server may hold much that is not ours behind our last event. It is passed once: the next time only what came since is
 * looked through.
 */
export function createHeads(parts: EventStoreParts): Heads {
  let known = beforeAll
  let lookedThroughTo = beforeAll
  let beginning = beforeAll

  const hear = (position: Position) => {
    if (position > known) known = position
  }

  return {
    known: () => known,
    hear,
    beginning: () => beginning,
    async ask() {
      let end: Position | undefined
      const tail = readAllBackwards(parts, { maxEvents: 1 }, (event) => {
        const position = positionOf(event)
        end ??= position
        return position <= lookedThroughTo
      })
      for await (const [event] of tail) if (event !== undefined) hear(event.position)
      if (end !== undefined && end > lookedThroughTo) lookedThroughTo = end
      if (known === beforeAll) beginning = lookedThroughTo
      return known
    },
  }
}
