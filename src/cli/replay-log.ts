import type { Event } from '../../schemas/event.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { upcast } from '../../schemas/upcast.ts'
import { createEngine, type Input } from '../correlate/engine.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { isInput } from '../pipeline/decision-groups.ts'
import { compareDecisions, type DecisionComparison } from './compare-decisions.ts'
import { differingAnswers, findingsFold, type AnswerDifference, type Findings } from './findings.ts'

export interface ReplayReport {
  readonly events: number
  readonly inputs: number
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

/** Decides a whole log again. Memory grows with complaints, not with events. */
export async function replayLog(log: EventLog, { rules, onProgress }: ReplayOptions): Promise<ReplayReport> {
  const engine = createEngine()
  const logged = findingsFold()
  const derived = findingsFold()
  const comparer = rules === undefined ? compareDecisions(log) : undefined
  let events = 0
  let inputs = 0
  for await (const batch of log.readAll()) {
    const decided: Event[] = []
    for (const recorded of batch) {
      const event: Event = upcast(recorded)
      logged.take(event)
      if (!isInput(event)) continue
      inputs += 1
      derived.take(event)
      for (const decision of engine.decide(rules === undefined ? event : under(rules, event))) {
        derived.take(decision)
        decided.push(decision)
      }
    }
    await comparer?.compare(decided)
    events += batch.length
    onProgress(events)
  }
  return {
    events,
    inputs,
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
