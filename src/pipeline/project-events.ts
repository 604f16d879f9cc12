import type { EventType } from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import { noteMoments } from '../../projections/moment.ts'
import { park } from '../../projections/parked.ts'
import type { Projection, ProjectedEvent, RowWrite } from '../../projections/projection.ts'
import type { Position, RecordedEvent } from '../event-log/event-log.ts'
import { rowBatch } from '../row-store/row-batch.ts'
import type { RowStore } from '../row-store/row-store.ts'

/** The fold of the log into rows, event by event. */
export interface EventFold {
  /** The event in its current version; `undefined` where there is none, and the event is parked. */
  readonly project: (event: RecordedEvent) => ProjectedEvent | undefined
  /** Stores the rows of all events since the last commit, and with them how far they go. */
  readonly commit: (position: Position) => void
}

/**
 * Folds events into rows; rows and checkpoint are committed together. What a projection cannot take is parked in a named
 * row and counted, and the fold goes on.
 */
export function foldEvents(rows: RowStore, projections: readonly Projection[]): EventFold {
  const readers = new Map<EventType, Projection[]>()
  for (const projection of projections) {
    for (const type of projection.reads) readers.set(type, [...(readers.get(type) ?? []), projection])
  }
  const batch = rowBatch(rows)
  const momentOf = noteMoments(rows, rows.checkpoint())

  const project = (event: RecordedEvent) => {
    const writes: RowWrite[] = [...momentOf(event)]
    const parkFor = (name: string, error: unknown) => {
      const { position, id, type } = event
      writes.push(...park({ projection: name, position, eventId: id, type, error: String(error) }, batch.get))
    }
    let current: ProjectedEvent | undefined
    try {
      current = upcast(event)
    } catch (error) {
      parkFor('upcast', error)
    }
    // All read the rows as they were before this event, so that their order does not matter.
    for (const projection of current === undefined ? [] : (readers.get(current.type) ?? [])) {
      try {
        if (current !== undefined)
          for (const write of projection.evolve(current, batch.get)) writes.push(write)
      } catch (error) {
        parkFor(projection.name, error)
      }
    }
    batch.add(event.position, writes)
    return current
  }

  return { project, commit: (position) => batch.commit(position) }
}

/** Folds a batch of the log at once, in one commit. Gives its events in their current version. */
export function projectEvents(
  rows: RowStore,
  projections: readonly Projection[],
): (events: readonly RecordedEvent[]) => readonly ProjectedEvent[] {
  const { project, commit } = foldEvents(rows, projections)
  return (events) => {
    const current = events.map(project).filter((event) => event !== undefined)
    const last = events.at(-1)
    if (last !== undefined) commit(last.position)
    return current
  }
}
