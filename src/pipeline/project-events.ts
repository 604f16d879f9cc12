import type { EventType } from '../../schemas/event.ts'
import { readStored } from '../../schemas/read-stored.ts'
import { noteMoments } from '../../projections/moment.ts'
import { park, schemaFold } from '../../projections/parked.ts'
import type { Get, Projection, ProjectedEvent, RowWrite } from '../../projections/projection.ts'
import type { Position, RecordedEvent } from '../event-log/event-log.ts'
import { rowBatch } from '../row-store/row-batch.ts'
import { ownerOf } from '../row-store/row-generation.ts'
import { requireRowKey } from '../row-store/row-key.ts'
import type { RowStore } from '../row-store/row-store.ts'

/** The fold of the log into rows, event by event. */
export interface EventFold {
  /** The event in its current version; `undefined` where there is none, and the event is parked. */
  readonly project: (event: RecordedEvent) => ProjectedEvent | undefined
  /** Stores the rows of all events since the last commit, and with them how far they go. */
  readonly commit: (position: Position) => void
  /** Call between two commits, where rows have been replaced. */
  readonly forget: () => void
}

/** One projection folded alone, beside the others, whose rows it reads as they were before each event. */
export interface FoldBeside {
  readonly owner: string
  readonly others: Pick<RowStore, 'get'>
}

interface FoldOptions {
  readonly beside?: FoldBeside
  /** The moments of the log are noted, too, behind those that these rows hold. */
  readonly momentsOf?: Pick<RowStore, 'checkpoint' | 'get' | 'scan'>
}

/**
 * Folds events into rows; rows and checkpoint are committed together. What a projection writes for an event counts as a whole or,
 * where it throws or writes what no row can be, not at all: then the event is parked for it in a named row and counted, and the
 * fold goes on.
 */
export function foldEvents(
  rows: Pick<RowStore, 'get' | 'commit'>,
  projections: readonly Projection[],
  { beside, momentsOf }: FoldOptions = {},
): EventFold {
  const readers = new Map<EventType, Projection[]>()
  for (const projection of projections) {
    for (const type of projection.reads) readers.set(type, [...(readers.get(type) ?? []), projection])
  }
  const batch = rowBatch(rows)
  const momentOf = momentsOf === undefined ? undefined : noteMoments(momentsOf, momentsOf.checkpoint())
  let before: Position | undefined
  const get: Get = (table, key) => {
    if (beside === undefined || ownerOf(table) === beside.owner) return batch.get(table, key)
    return before === undefined ? undefined : beside.others.get(table, key, before)
  }

  const project = (event: RecordedEvent) => {
    const writes: RowWrite[] = [...(momentOf?.(event) ?? [])]
    const parkFor = (fold: string, error: string) => {
      const { position, id, type } = event
      writes.push(...park({ fold, position, eventId: id, type, error }, batch.get))
    }
    const stored = readStored(event)
    if (stored.kind === 'unreadable') {
      // What nobody can read belongs to no projection.
      if (beside === undefined) parkFor(schemaFold, stored.why)
      batch.add(event.position, writes)
      before = event.position
      return undefined
    }
    // All read the rows as they were before this event, so that their order does not matter.
    for (const projection of readers.get(stored.event.type) ?? []) {
      try {
        const made = projection.evolve(stored.event, get)
        for (const { table, key } of made) requireRowKey(table, key)
        for (const write of made) writes.push(write)
      } catch (error) {
        parkFor(projection.name, String(error))
      }
    }
    batch.add(event.position, writes)
    before = event.position
    return stored.event
  }

  return { project, commit: (position) => batch.commit(position), forget: () => batch.forget() }
}

/** Folds a batch of the log at once, in one commit. Gives its events in their current version. */
export function projectEvents(
  rows: RowStore,
  projections: readonly Projection[],
): (events: readonly RecordedEvent[]) => readonly ProjectedEvent[] {
  const { project, commit } = foldEvents(rows, projections, { momentsOf: rows })
  return (events) => {
    const current = events.map(project).filter((event) => event !== undefined)
    const last = events.at(-1)
    if (last !== undefined) commit(last.position)
    return current
  }
}
