import type { Decision, Input } from '../correlate/engine.ts'
import type { Position, RecordedEvent } from '../event-log/event-log.ts'
import { decisionGrouping, type DecisionGroup } from './decision-groups.ts'
import type { Stand } from './logged-decisions.ts'

/** An input with all that was decided on it. */
export interface Paired {
  readonly inputId: string
  /** Undefined where nobody can read it. */
  readonly input: Input | undefined
  readonly position: Position
  readonly decisions: readonly Decision[]
}

/** An input of the log, and when it was seen. */
export interface SeenInput {
  readonly inputId: string
  readonly input: Input | undefined
  readonly position: Position
  readonly sinceMs: number
}

/** Pairs inputs with decisions that come when they come; what has no decisions yet waits. */
export interface Pairing {
  /** The next input in the order of the log. */
  addInput(input: SeenInput): void
  /** The next event of the stream of decisions. */
  addDecision(recorded: RecordedEvent): void
  /** The next input in log order, once everything that was decided on it is here. */
  next(): Paired | undefined
  /** Inputs on which nothing is decided yet. */
  waiting(): number
  /** When the first of them was seen. */
  waitingSinceMs(): number | undefined
  /** Decisions are here whose inputs are still to come: more of them are not needed. */
  isAhead(): boolean
  /** Where in the log whoever folded all that `next` gave stands; undefined in the midst of a group. */
  stand(): Stand | undefined
}

/** `behind` is where the engine stands that folds the pairs. */
export function pairDecisions(behind: Stand | undefined): Pairing {
  const grouping = decisionGrouping()
  let waiting: SeenInput[] = []
  let first = 0
  const groups: DecisionGroup[] = []
  const parts = new Map<string, readonly Decision[]>()
  let lastCovered = behind?.lastInput
  let stand = behind
  let isMidway = false

  const keepParts = ({ byCause }: DecisionGroup) => {
    for (const [cause, events] of byCause) parts.set(cause, [...(parts.get(cause) ?? []), ...events])
  }
  /** The group that covers the next input. */
  const openGroup = (): DecisionGroup | undefined => {
    for (let group = groups[0]; group !== undefined; group = groups[0]) {
      // Where one input's decisions fill several appends, all but the last cover only what lay before it.
      if (group.covers !== lastCovered) return group
      keepParts(group)
      groups.shift()
    }
    return undefined
  }
  const closeGroup = (group: DecisionGroup, lastInput: string, position: Position) => {
    const isWhole = group.byCause.size === 0
    keepParts(group)
    groups.shift()
    lastCovered = lastInput
    stand = isWhole ? { lastInput, position, decisions: group.revision } : undefined
  }

  return {
    addInput(input) {
      waiting.push(input)
    },
    addDecision(recorded) {
      groups.push(...grouping.take(recorded))
    },
    next() {
      const group = openGroup()
      const head = waiting[first]
      if (group === undefined || head === undefined) return undefined
      first += 1
      if (first * 2 > waiting.length) {
        waiting = waiting.slice(first)
        first = 0
      }
      const { inputId, input, position } = head
      const decisions = [...(parts.get(inputId) ?? []), ...(group.byCause.get(inputId) ?? [])]
      parts.delete(inputId)
      group.byCause.delete(inputId)
      isMidway = inputId !== group.covers
      if (!isMidway) closeGroup(group, inputId, position)
      return { inputId, input, position, decisions }
    },
    waiting: () => waiting.length - first,
    waitingSinceMs: () => waiting[first]?.sinceMs,
    isAhead: () => openGroup() !== undefined,
    stand: () => (isMidway ? undefined : stand),
  }
}
