import { decisionTypes, fenceTypes, isInputType, type Event } from '../../schemas/event.ts'
import { readStored } from '../../schemas/read-stored.ts'
import { isDecisionStream } from '../../schemas/stream.ts'
import type { Decision, Input } from '../correlate/engine.ts'
import type { RecordedEvent } from '../event-log/event-log.ts'

const decisions: ReadonlySet<string> = new Set(decisionTypes)
const fences: ReadonlySet<string> = new Set(fenceTypes)

/** What the engine takes in. */
export function isInput(event: Event): event is Input {
  return isInputType(event.type)
}

export function isDecision(event: Event): event is Decision {
  return decisions.has(event.type)
}

/** The place of an input in the log, whether it can be read or not: it is covered by decisions either way. */
export function isInputPlace({ type, stream }: Pick<RecordedEvent, 'type' | 'stream'>): boolean {
  return isInputType(type) && !isDecisionStream(stream)
}

/** The input at such a place; undefined where nobody can read it. */
export function readInput(recorded: RecordedEvent): Input | undefined {
  const stored = readStored(recorded)
  return stored.kind === 'readable' && isInput(stored.event) ? stored.event : undefined
}

/** Decisions appended together: every input up to `covers`, in log order, has been decided by then. */
export interface DecisionGroup {
  readonly covers: string | undefined
  readonly byCause: Map<string, readonly Decision[]>
  /** Of the last event of the group, in the stream of decisions. */
  readonly revision: number
}

export interface DecisionGrouping {
  /** Takes the next event of the stream of decisions, and gives the groups that are whole by it. */
  take(recorded: RecordedEvent): readonly DecisionGroup[]
  /** The group that nothing has closed, at the end of a stream that was read to where it is known to be whole. */
  end(): readonly DecisionGroup[]
}

/**
 * Divides the stream of decisions into groups. A group ends with the event that says so, with a report of its correlator,
 * or, where an older release wrote it, with the first event of another one. What nobody can read still says which inputs were
 * decided by then.
 */
export function decisionGrouping(): DecisionGrouping {
  let open: { covers: string | undefined; byCause: Map<string, Decision[]>; revision: number } | undefined

  const close = (): readonly DecisionGroup[] => {
    const closed = open === undefined ? [] : [open]
    open = undefined
    return closed
  }
  const add = (recorded: RecordedEvent) => {
    const { meta, revision } = recorded
    open ??= { covers: meta.covers, byCause: new Map(), revision }
    open.revision = revision
    const stored = readStored(recorded)
    if (stored.kind === 'unreadable' || !isDecision(stored.event)) return
    const cause = meta.causationId ?? ''
    const siblings = open.byCause.get(cause)
    if (siblings === undefined) open.byCause.set(cause, [stored.event])
    else siblings.push(stored.event)
  }

  return {
    take(recorded) {
      const { type, meta, revision } = recorded
      const { covers, closes } = meta
      if (fences.has(type)) {
        const before = close()
        if (type !== 'CorrelatorReported' || covers === undefined) return before
        return [...before, { covers, byCause: new Map(), revision }]
      }
      const before = open !== undefined && open.covers !== covers ? close() : []
      add(recorded)
      return closes === undefined ? before : [...before, ...close()]
    },
    end: close,
  }
}
