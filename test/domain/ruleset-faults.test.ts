import { expect, test } from 'vitest'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { rulesetFaults } from '../../src/domain/ruleset-faults.ts'

const faultsOf = (change: Partial<Ruleset>): string[] =>
  rulesetFaults({ ...defaultRuleset, ...change }).map(({ pointer }) => pointer)

test('the default rules contradict nothing', () => expect(faultsOf({})).toEqual([]))

test('a profile that is not there, a symptom in no family and a rule named twice are each named', () => {
  const [first, ...others] = defaultRuleset.impacts
  if (first === undefined) throw new Error('there are rules')
  expect(faultsOf({ impacts: [{ ...first, profile: 'nowhere' }, ...others] })).toEqual(['/impacts/0/profile'])
  expect(faultsOf({ impacts: [first, ...defaultRuleset.impacts] })).toEqual(['/impacts/1/id'])
  const { tv: _, ...families } = defaultRuleset.symptomFamilies
  expect(faultsOf({ symptomFamilies: families })).toEqual(['/symptomFamilies'])
})

test('bounds that cross, and a window too short for what may still arrive, are named', () => {
  expect(faultsOf({ bands: { sayProbability: 0.5, askProbability: 0.6 } })).toEqual(['/bands/askProbability'])
  expect(faultsOf({ coverage: { ...defaultRuleset.coverage, minRadiusMeters: 20_000 } })).toEqual([
    '/coverage/minRadiusMeters',
  ])
  expect(faultsOf({ times: { ...defaultRuleset.times, windowMs: defaultRuleset.times.latenessMs } })).toEqual(
    ['/times/windowMs'],
  )
  expect(faultsOf({ clusters: { ...defaultRuleset.clusters, epsMs: 0 } })).toEqual(['/clusters/epsMs'])
})
