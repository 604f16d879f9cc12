import { envelope } from '../../../schemas/envelope.ts'
import { faultOf, readStored } from '../../../schemas/read-stored.ts'
import type { RecordedEvent } from '../event-log.ts'
import { findingAt, type Finding } from './finding.ts'

/** Whether each event follows the one before it in its stream and in the log. */
export interface OrderCheck {
  /** `lost`: how many events before this one could not be read; their revisions are missing for a reason named already. */
  check(event: RecordedEvent, lost: number): Finding | undefined
  /** The last revision seen of each stream. */
  readonly lastRevisions: ReadonlyMap<string, number>
}

/** Memory grows with streams, not with events. */
export function orderCheck(): OrderCheck {
  const lastRevisions = new Map<string, number>()
  let lastPosition = ''
  return {
    lastRevisions,
    check(event, lost) {
      const { stream, revision, position } = event
      const expected = (lastRevisions.get(stream) ?? -1) + 1
      const isBehind = position > lastPosition
      lastRevisions.set(stream, Math.max(revision, expected - 1))
      lastPosition = position
      if (!isBehind) return findingAt(event, 'order', 'it does not lie behind the event before it')
      if (revision < expected) {
        return findingAt(event, 'order', `revision ${expected} of its stream was to come`)
      }
      if (revision - expected > lost) {
        return findingAt(
          event,
          'missing',
          `revisions ${expected} to ${revision - 1} of its stream lie nowhere before it`,
        )
      }
      return undefined
    },
  }
}

/** Whether an event is one that this release can read: its envelope, and its data once brought up to the current version. */
export function checkSchema(event: RecordedEvent): Finding | undefined {
  const outer = envelope.safeParse(event)
  if (!outer.success) return findingAt(event, 'schema', faultOf(outer.error.issues))
  const stored = readStored(event)
  return stored.kind === 'readable' ? undefined : findingAt(event, 'schema', stored.why)
}
