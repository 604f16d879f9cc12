import type { Assessment } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { DecisionType, EventOf } from '../../schemas/event.ts'
import { decisionId } from '../../schemas/event-id.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { attribution } from './attribution.ts'
import { flattenState, unflattenState } from './engine-state.ts'
import { foldDecision } from './fold-decision.ts'
import { judge } from './judgement.ts'
import { Complaint } from './model.ts'
import { lookAt } from './placing.ts'
import type { FlatGraph } from './state-graph.ts'
import { EngineState, step, type StepInput } from './step.ts'

/** Raise it with every change that may decide otherwise: decision ids depend on it. */
export const engineVersion = '4'

/** What the engine takes in. */
export type Input = StepInput
/** One of the engine's own. */
export type Decision = EventOf<DecisionType>

/**
 * The correlation engine: a deterministic state machine over a bounded window. The same inputs in the same order give
 * the same decisions, byte for byte (E1). It knows no clock: time is the running maximum of `recordedAt`. One that has thrown while
 * it took an input in is half changed, and of no use any more.
 */
export interface Engine {
  /** Folds an input and the deadlines due by then; answers what it decided, in order, already folded. */
  decide(input: Input): Decision[]
  /** Folds an input together with the decisions that were logged for it. */
  fold(input: Input, decisions: readonly Decision[]): void
  /** From now on, what is named `kind:id` never falls due: it failed once (`DeadlineFailedError`). */
  drop(deadline: string): void
  /** What would be answered to a complaint now. Changes nothing that later answers depend on. */
  assess(draft: ComplaintReceived, nowMs: number): Assessment
  readonly timeMs: number
  /** When a deadline falls due with no input needed; the shell appends `ClockTicked` then. */
  nextDeadlineMs(): number | undefined
  sizes(): Record<string, number>
  ruleset(): Ruleset | undefined
  /** All that it remembers, to be kept: an engine made of it goes on as this one would (E2). Call between inputs. */
  snapshot(): FlatGraph
}

/** An engine that knows nothing, or what another one of this version knew. Throws where `snapshot` is of another make. */
export function createEngine(version: string = engineVersion, snapshot?: FlatGraph): Engine {
  const state = snapshot === undefined ? new EngineState(version) : unflattenState(snapshot)
  return {
    decide: (input) => decide(state, input),
    fold: (input, decisions) => fold(state, input, decisions),
    drop: (deadline) => void state.dropped.add(deadline),
    assess: (draft, nowMs) => assess(state, draft, nowMs),
    get timeMs() {
      return state.timeMs
    },
    nextDeadlineMs: () => state.window?.deadlines.nextMs,
    sizes: () => state.window?.sizes() ?? {},
    ruleset: () => state.window?.ruleset,
    snapshot: () => flattenState(state),
  }
}

function decide(state: EngineState, input: Input): Decision[] {
  const decisions: Decision[] = []
  const { version } = state
  step(state, input, (trigger, answer) => {
    const { window } = state
    if (window === undefined) return
    answer({
      log(type, subject, data) {
        const now = toInstant(state.timeMs)
        const event = {
          id: decisionId(input.id, `${type}:${subject}`, decisions.length, version),
          type,
          schemaVersion: 1,
          occurredAt: now,
          recordedAt: now,
          data,
          meta: {
            source: 'engine',
            actor: 'engine',
            causationId: input.id,
            trigger,
            ...(input.meta.backfilled && { backfilled: true as const }),
          },
        } as Decision
        decisions.push(event)
        foldDecision(event, window)
        return event.id
      },
      nameFor: (subject) => shortName(decisionId(input.id, subject, decisions.length, version)),
    })
  })
  return decisions
}

function fold(state: EngineState, input: Input, decisions: readonly Decision[]): void {
  let next = 0
  step(state, input, (trigger) => {
    const { window } = state
    if (window === undefined) return
    // Clustering has done it anew; what was logged of it stands.
    window.clusterChanges.splice(0)
    for (let event = decisions[next]; event?.meta.trigger === trigger; event = decisions[(next += 1)])
      foldDecision(event, window)
  })
  // Another version decided on other triggers; what it logged stands all the same.
  for (const event of decisions.slice(next)) if (state.window !== undefined) foldDecision(event, state.window)
}

function assess(
  { window, timeMs, version }: EngineState,
  draft: ComplaintReceived,
  nowMs: number,
): Assessment {
  if (window === undefined) throw new Error('no ruleset is active')
  const complaint = new Complaint(draft, window.ruleset)
  lookAt(window, complaint)
  const atMs = Math.max(nowMs, timeMs)
  const judgement = judge(complaint, atMs, window)
  const assessment = attribution(complaint, judgement, atMs, window, version)
  const outageId = judgement.verdict === 'explained' ? judgement.leader.root.outageId : undefined
  return outageId === undefined ? assessment : { ...assessment, outageId }
}

/** Twelve hexadecimal digits of a UUID, in capitals: short enough to be read out. */
const shortName = (uuid: string): string => (uuid.slice(0, 8) + uuid.slice(9, 13)).toUpperCase()
