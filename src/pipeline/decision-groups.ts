import { decisionTypes, fenceTypes, type Event } from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import type { Decision, Input } from '../correlate/engine.ts'
import type { RecordedEvent } from '../event-log/event-log.ts'

const decisions: ReadonlySet<string> = new Set(decisionTypes)
const fences: ReadonlySet<string> = new Set(fenceTypes)

/** What the engine takes in. The fence says who decides, which must not make a difference: it moves no time. */
export function isInput(event: Event): event is Input {
  return !isDecision(event) && !fences.has(event.type)
}

export function isDecision(event: Event): event is Decision {
  return decisions.has(event.type)
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
 * or, where an older release wrote it, with the first event of another one.
 */
export function decisionGrouping(): DecisionGrouping {
  let open: { covers: string | undefined; byCause: Map<string, Decision[]>; revision: number } | undefined

  const close = (): readonly DecisionGroup[] => {
    const closed = open === undefined ? [] : [open]
    open = undefined
    return closed
  }
  const add = (decision: Decision, revision: number) => {
    open ??= { covers: decision.meta.covers, byCause: new Map(), revision }
    open.revision = revision
    const cause = decision.meta.causationId ?? ''
    const siblings = open.byCause.get(cause)
    if (siblings === undefined) open.byCause.set(cause, [decision])
    else siblings.push(decision)
  }

  return {
    take(recorded) {
      const event: Event = upcast(recorded)
      const { covers, closes } = event.meta
      if (!isDecision(event)) {
        const before = close()
        if (event.type !== 'CorrelatorReported' || covers === undefined) return before
        return [...before, { covers, byCause: new Map(), revision: recorded.revision }]
      }
      const before = open !== undefined && open.covers !== covers ? close() : []
      add(event, recorded.revision)
      return closes === undefined ? before : [...before, ...close()]
    },
    end: close,
  }
}
