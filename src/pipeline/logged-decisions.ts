import { decisionStream } from '../../schemas/stream.ts'
import type { Decision } from '../correlate/engine.ts'
import type { EventLog, Position, RecordedEvent } from '../event-log/event-log.ts'
import { decisionGrouping, type DecisionGroup } from './decision-groups.ts'

/** A place in a log where every input before it is decided, and no decision of a later one lies before it. */
export interface Stand {
  /** The last input before it. */
  readonly lastInput: string
  readonly position: Position
  /** The revision of the last decision before it, in the stream of decisions. */
  readonly decisions: number
}

/** Pairs inputs in log order with their logged decisions, which lie behind inputs that came meanwhile. */
export interface LoggedDecisions {
  /** Loads the next group if the last one is used up. Call before each input; undefined where nothing is to load. */
  prepare(): Promise<void> | undefined
  /** The logged decisions of the next input in log order, or undefined where it has not been decided. */
  take(inputId: string): readonly Decision[] | undefined
  /** Decisions of this input that were logged although the input as a whole was not: it had more than one append holds. */
  takePart(inputId: string): readonly Decision[]
  /**
   * The revision of the last decision read, where it is one of the input just taken or of those before, and nothing read is of a
   * later one; else undefined.
   */
  settledRevision(): number | undefined
}

/**
 * Reads the decisions of a shard beside the inputs, so that memory does not grow with the distance between an input and
 * its decisions, which after a bulk import is the whole import. `upTo` is the last revision to read; `behind` is where a
 * checkpoint stands, for those who go on from one.
 */
export function readLoggedDecisions(
  log: Pick<EventLog, 'readStream'>,
  shard: number,
  upTo: number,
  behind?: Pick<Stand, 'lastInput' | 'decisions'>,
): LoggedDecisions {
  const fromRevision = (behind?.decisions ?? -1) + 1
  const groups = groupsOf(
    log.readStream(decisionStream(shard), { fromRevision, maxEvents: upTo + 1 - fromRevision }),
  )
  const parts = new Map<string, Decision[]>()
  let group: DecisionGroup | undefined
  let lastCovered = behind?.lastInput
  let ended = false
  let settled: number | undefined

  const keepParts = ({ byCause }: DecisionGroup) => {
    for (const [cause, events] of byCause) parts.set(cause, [...(parts.get(cause) ?? []), ...events])
  }
  const takePart = (inputId: string) => {
    const part = parts.get(inputId) ?? []
    parts.delete(inputId)
    return part
  }
  const load = async () => {
    for (;;) {
      const next = await groups.next()
      if (next.done === true) {
        ended = true
        return
      }
      // An input that gave more decisions than one append holds: all parts but the last cover only what lay before it.
      if (next.value.covers !== lastCovered) {
        group = next.value
        return
      }
      keepParts(next.value)
    }
  }

  return {
    prepare: () => (ended || group !== undefined ? undefined : load()),
    take(inputId) {
      if (group === undefined) return undefined
      const part = takePart(inputId)
      const events = group.byCause.get(inputId) ?? []
      group.byCause.delete(inputId)
      settled = undefined
      if (inputId === group.covers) {
        if (group.byCause.size === 0 && parts.size === 0) settled = group.revision
        keepParts(group)
        lastCovered = inputId
        group = undefined
      }
      return part.length === 0 ? events : [...part, ...events]
    },
    takePart,
    settledRevision: () => settled,
  }
}

async function* groupsOf(batches: AsyncIterable<readonly RecordedEvent[]>): AsyncGenerator<DecisionGroup> {
  const grouping = decisionGrouping()
  for await (const batch of batches) for (const recorded of batch) yield* grouping.take(recorded)
  yield* grouping.end()
}
