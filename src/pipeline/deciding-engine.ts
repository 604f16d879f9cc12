import type { Assessment } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { Event } from '../../schemas/event.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'

/** What the pipeline needs of an engine. Deterministic: the same events in the same order give the same decisions (E1). */
export interface DecidingEngine {
  /** Folds an input, and deadlines due by then; gives its decisions, already folded. */
  decide(input: Event): readonly Event[]
  /** Folds an input with the decisions that are logged for it. */
  fold(input: Event, decisions: readonly Event[]): void
  /** Leaves no trace. */
  assess(draft: ComplaintReceived, nowMs: number): Assessment
  /** When the engine wants to decide even if nothing comes, in milliseconds of log time. */
  nextDeadlineMs(): number | undefined
  sizes(): Readonly<Record<string, number>>
  ruleset(): Ruleset | undefined
}
