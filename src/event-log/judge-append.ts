import type { EncodedEvent } from './append-limits.ts'
import { decodeEvent } from './block.ts'
import type { ExpectedRevision, Position, RecordedEvent } from './event-log.ts'
import { sameContent } from './same-content.ts'

/** What a stream holds when a call is judged. */
export interface HeldStream {
  readonly last: ExpectedRevision
  /** A position of this log before all events. */
  readonly beforeAll: Position
  /** The stored event of an id, by its `key`. */
  find(key: string): RecordedEvent | undefined
}

export type AppendVerdict =
  | {
      readonly kind: 'store'
      readonly fresh: readonly EncodedEvent[]
      readonly duplicates: readonly string[]
      readonly differing: readonly string[]
      /** The greatest position among the known events; one before all events where none is known. */
      readonly knownUpTo: Position
    }
  | { readonly kind: 'wrong-revision'; readonly actual: ExpectedRevision }

/** The rule of every append (L2): known events are set aside first; the revision is asked of what is left. */
export function judgeAppend(
  events: readonly EncodedEvent[],
  expected: ExpectedRevision,
  held: HeldStream,
): AppendVerdict {
  const fresh: EncodedEvent[] = []
  const duplicates: string[] = []
  const differing: string[] = []
  let knownUpTo = held.beforeAll
  for (const event of events) {
    const stored = held.last === 'no_stream' ? undefined : held.find(event.key)
    if (stored === undefined) {
      fresh.push(event)
    } else {
      const pile = sameContent(stored, decodeEvent(event.text)) ? duplicates : differing
      pile.push(event.id)
      if (stored.position > knownUpTo) knownUpTo = stored.position
    }
  }
  if (fresh.length > 0 && held.last !== expected) return { kind: 'wrong-revision', actual: held.last }
  return { kind: 'store', fresh, duplicates, differing, knownUpTo }
}
