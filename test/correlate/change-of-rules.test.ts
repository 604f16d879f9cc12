import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine, type Decision, type Input } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { clock, hourMs, input, newDay, startOfDay } from './day.ts'
import { arriving, dayOfFacts, town } from './random-day.ts'

const strict: Ruleset = {
  ...defaultRuleset,
  version: 'strict',
  bands: { sayProbability: 0.95, askProbability: 0.7 },
  impacts: defaultRuleset.impacts.map((rule) =>
    rule.id === 'cell-degraded' ? { ...rule, effect: 'none' as const } : rule,
  ),
  clusters: { ...defaultRuleset.clusters, epsMeters: 300, minCustomers: 3 },
}

const activate = (ruleset: Ruleset, recordedMs: number): Input =>
  input(
    'RulesetActivated',
    recordedMs,
    { ruleset, engineVersion: '1' },
    { id: `${ruleset.version} ${recordedMs}` },
  )

function finalAnswers(decisions: readonly Decision[]): Record<string, unknown> {
  const answers: [string, unknown][] = []
  for (const event of decisions)
    if (event.type === 'CauseAttributed') {
      const { complaintId, verdict, root, state, band } = event.data
      answers.push([complaintId, { verdict, root, state: state === 'watched' ? 'ongoing' : state, band }])
    }
  return Object.fromEntries(answers)
}

const run = (inputs: readonly Input[]): Decision[] => {
  const engine = createEngine()
  return inputs.flatMap((event) => engine.decide(event))
}

test('rules activated in the midst of a day come to the same answers as rules in force from its start', () => {
  const late = clock('16:00') + 2 * hourMs
  const tick = (hours: number): Input =>
    input('ClockTicked', late + hours * hourMs, {}, { id: `tick ${hours}` })
  fc.assert(
    fc.property(dayOfFacts, (facts) => {
      const fed = [...town(), ...arriving(facts)]
      const changed = run([startOfDay(), ...fed, activate(strict, late), tick(1), tick(9)])
      const fromStart = run([startOfDay(strict), ...fed, tick(0), tick(1), tick(9)])
      expect(finalAnswers(changed)).toEqual(finalAnswers(fromStart))
    }),
    { numRuns: 60, seed: 20260303 },
  )
})

test('E2: a change of rules is folded on restart like any other input', () => {
  const inputs = (facts: Parameters<typeof arriving>[0]): Input[] => [
    startOfDay(),
    ...town(),
    ...arriving(facts),
    activate(strict, clock('17:00')),
    input('ClockTicked', clock('18:00'), {}, { id: 'after' }),
  ]
  fc.assert(
    fc.property(dayOfFacts, (facts) => {
      const all = inputs(facts)
      const whole = run(all)
      const restarted = createEngine()
      const stopAt = all.length - 1
      for (const event of all.slice(0, stopAt))
        restarted.fold(
          event,
          whole.filter(({ meta }) => meta.causationId === event.id),
        )
      expect(all.slice(stopAt).flatMap((event) => restarted.decide(event))).toEqual(
        whole.filter(({ meta }) => meta.causationId === all[stopAt]?.id),
      )
    }),
    { numRuns: 40, seed: 20260304 },
  )
})

test('every answer names the rules that it was given under', () => {
  const day = newDay()
  const call = (complaintId: string, time: string): Input =>
    input('ComplaintReceived', clock(time), { complaintId, reportedAt: new Date(clock(time)).toISOString() })
  day.feed(call('before', '10:00'), activate(strict, clock('10:30')), call('after', '11:00'))
  expect(day.answer('before').ruleset).toBe('default-1')
  expect(day.answer('after').ruleset).toBe('strict')
})
