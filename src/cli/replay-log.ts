import type { Event } from '../../schemas/event.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { readStored } from '../../schemas/read-stored.ts'
import { createEngine, engineVersion, type Input } from '../correlate/engine.ts'
import type { LogReader } from '../event-log/event-log.ts'
import { isInput } from '../pipeline/decision-groups.ts'
import {
  EngineFailedError,
  intakeOf,
  readParkedInputs,
  type ParkedInputs,
} from '../pipeline/parked-inputs.ts'
import { compareDecisions, type DecisionComparison } from './compare-decisions.ts'
import { differingAnswers, findingsFold, type AnswerDifference, type Findings } from './findings.ts'

export interface ReplayReport {
  readonly events: number
  readonly inputs: number
  /** What could not be taken and is left out. */
  readonly parked: number
  /** What the log holds, and what the engine decides now. */
  readonly logged: Findings
  readonly derived: Findings
  /** Without other rules only. */
  readonly decisions?: DecisionComparison
  readonly answersCompared: number
  readonly differences: readonly AnswerDifference[]
}

export interface ReplayOptions {
  /** In the place of every ruleset of the log. */
  readonly rules?: Ruleset | undefined
  readonly onProgress: (events: number) => void
}

/**
 * Decides a whole log again, without what is parked. Where the engine fails at more, which other rules may bring about, that is
 * left out too, and it begins again. Memory grows with complaints, not with events.
 */
export async function replayLog(log: LogReader, options: ReplayOptions): Promise<ReplayReport> {
  const parked = await readParkedInputs(log, 0, engineVersion)
  for (;;) {
    try {
      return await replayWithout(parked, log, options)
    } catch (error) {
      if (!(error instanceof EngineFailedError)) throw error
      parked.add(error)
    }
  }
}

async function replayWithout(
  parked: ParkedInputs,
  log: LogReader,
  { rules, onProgress }: ReplayOptions,
): Promise<ReplayReport> {
  const engine = createEngine()
  const takeIn = intakeOf(engine, parked)
  const logged = findingsFold()
  const derived = findingsFold()
  // Whoever writes to it meanwhile adds to both, inputs and decisions: what lies behind this is not looked at.
  const head = await log.head()
  const comparer = rules === undefined ? compareDecisions(log, head) : undefined
  let events = 0
  let inputs = 0
  let unreadable = 0
  for await (const batch of log.readAll()) {
    const decided: Event[] = []
    for (const recorded of batch) {
      if (head === undefined || recorded.position > head) continue
      events += 1
      const stored = readStored(recorded)
      if (stored.kind === 'unreadable') {
        unreadable += 1
        continue
      }
      const { event } = stored
      logged.take(event)
      if (!isInput(event)) continue
      inputs += 1
      derived.take(event)
      const input = rules === undefined ? event : under(rules, event)
      for (const decision of takeIn(input, () => engine.decide(input)) ?? []) {
        derived.take(decision)
        decided.push(decision)
      }
    }
    await comparer?.compare(decided)
    onProgress(events)
  }
  return {
    events,
    inputs,
    parked: parked.size + unreadable,
    logged: logged.report(),
    derived: derived.report(),
    ...(comparer === undefined ? {} : { decisions: await comparer.end() }),
    answersCompared: new Set([...logged.answers.keys(), ...derived.answers.keys()]).size,
    differences: differingAnswers(logged.answers, derived.answers),
  }
}

function under(ruleset: Ruleset, event: Input): Input {
  return event.type === 'RulesetActivated' ? { ...event, data: { ...event.data, ruleset } } : event
}
