import type { Position, RecordedEvent } from '../event-log.ts'

/** Something that is wrong with a log, at a place in it. */
export interface Finding {
  readonly kind:
    | 'damaged' // A record whose checksum does not match: nothing of it is used.
    | 'missing' // Positions or revisions that no event has.
    | 'order' // An event in a place that another has, or that does not follow.
    | 'index' // A table beside the records that contradicts them.
    | 'schema' // An event that no release could have written.
    | 'decision' // A decision that follows from nothing that lies before it.
  readonly position: Position
  readonly stream?: string
  readonly revision?: number
  /** What is wrong, as a sentence without its full stop. Free of personal data. */
  readonly what: string
}

/** Events of a log, in its order, with what was found out about their records while reading them. */
export interface Scanned {
  readonly events: readonly RecordedEvent[]
  readonly findings: readonly Finding[]
  /** Events that are archived and whose files are elsewhere. */
  readonly away?: number
}

/** Reads a log from behind a position (left out: from the beginning) to its end, past everything that is damaged. */
export type Scan = (after?: Position) => AsyncIterable<Scanned>

/** A finding about an event. */
export function findingAt(
  { position, stream, revision }: RecordedEvent,
  kind: Finding['kind'],
  what: string,
): Finding {
  return { kind, position, stream, revision, what }
}
