import { createEngine, type Engine, engineVersion, type Input } from '../../src/correlate/engine.ts'
import { DeadlineFailedError } from '../../src/correlate/step.ts'
import type { FlatGraph } from '../../src/correlate/state-graph.ts'

/** What the engine is to fail at: inputs by id, and deadlines as kind:id. */
export interface Poison {
  readonly inputs: ReadonlySet<string>
  readonly deadlines: ReadonlySet<string>
}

/**
 * The real engine, which throws at poison *after* it has changed: whoever went on with it would carry the change along. Deadlines
 * that decide something are seen by the trigger of their decisions.
 */
export function poisonEngine({ inputs, deadlines }: Poison, snapshot?: FlatGraph): Engine {
  const engine = createEngine(engineVersion, snapshot)
  const failAt = (input: Input, triggers: readonly (string | undefined)[]) => {
    for (const trigger of triggers) {
      const name = trigger?.slice(0, trigger.lastIndexOf('@')) ?? ''
      if (deadlines.has(name)) throw new DeadlineFailedError(name, new Error('it cannot fall due'))
    }
    if (inputs.has(input.id)) throw new Error('it cannot be taken in')
  }
  return {
    ...engine,
    get timeMs() {
      return engine.timeMs
    },
    decide(input) {
      const decisions = engine.decide(input)
      failAt(
        input,
        decisions.map(({ meta }) => meta.trigger),
      )
      return decisions
    },
    fold(input, decisions) {
      engine.fold(input, decisions)
      failAt(
        input,
        decisions.map(({ meta }) => meta.trigger),
      )
    },
  }
}
