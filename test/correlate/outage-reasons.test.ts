import { expect, test } from 'vitest'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { clock, input, newDay, startOfDay } from './day.ts'
import {
  call,
  cleared,
  element,
  episode,
  garden,
  metro,
  openOutages,
  raised,
  site,
  twoSites,
  works,
} from './story.ts'

/* What is reason enough for an outage, a row of the list that network operations works on. */

const mains = { probableCause: 'Mains failure' }

test('an element that serves nobody is an outage once that has lasted, whoever complains; what comes back before is none', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), raised('10:00', 'S2'), cleared('10:10', 'S2'))
  day.settle(clock('10:14'))
  expect(openOutages(day.decisions).size).toBe(0)
  day.settle(clock('10:16'))
  expect([...openOutages(day.decisions).values()]).toEqual([episode('S1', '10:00')])
})

test('what serves badly is an outage only with complaints, and rules without `openAfterMs` open none by time', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1', { probableCause: 'Cell Capability Degraded' }))
  day.settle(clock('14:00'))
  expect(openOutages(day.decisions).size).toBe(0)
  const { openAfterMs: _, ...outages } = defaultRuleset.outages
  const patient = newDay({ ...defaultRuleset, outages })
  patient.feed(site('S1', 'Baima Garden', garden), raised('10:00', 'S1'))
  patient.settle(clock('14:00'))
  expect(openOutages(patient.decisions).size).toBe(0)
})

test('planned work is no outage by itself while it goes to plan, and is one when it overruns', () => {
  const day = twoSites()
  day.feed(works('08:00', 'CO', '10:00', '11:00', { elementIds: ['S1'] }), raised('10:05', 'S1'))
  day.settle(clock('10:59'))
  expect(openOutages(day.decisions).size).toBe(0)
  day.settle(clock('11:05'))
  expect([...openOutages(day.decisions).values()]).toEqual([{ kind: 'cutover', id: 'CO' }])
})

test("a feeder's mains failure lies behind those of its sites and what they break: one outage", () => {
  const day = newDay()
  day.feed(
    element('F', { kind: 'power' }),
    site('S1', 'Baima Garden', garden),
    site('S2', 'Tianhe Metro', metro),
    ...['S1', 'S2'].map((elementId) =>
      input('ElementLinked', clock('01:10'), { elementId, dependsOn: 'F', relation: 'powers' }),
    ),
  )
  day.feed(raised('10:01', 'S1', mains), raised('10:02', 'S2', mains))
  day.feed(raised('11:00', 'S1'), raised('11:10', 'S2'))
  day.feed(raised('11:20', 'F', { ...mains, happened: '10:00' }), call('C', '11:30', '11:05'))
  day.settle(clock('12:00'))
  expect([...openOutages(day.decisions).values()]).toEqual([episode('F', '10:00', 'Mains failure')])
  expect(day.answer('C').chain.map(({ relation }) => relation)).toEqual(['explains', 'power', 'power'])
})

test('a battery lasts no longer than `batteryMs`: mains of yesterday explain no failure of today', () => {
  const day = twoSites()
  day.feed(raised('01:30', 'S1', mains), raised('10:00', 'S1'), call('C', '10:05', '10:01'))
  day.settle(clock('10:10'))
  expect(day.answer('C').root).toEqual(episode('S1', '10:00'))
})

/** So far off that nothing alone is sure. */
const vague = { place: { location: { point: metro }, uncertaintyMeters: 900 }, symptom: 'slow-data' }

test('complaints of which each is only likely make an outage together, and all are told of it', () => {
  const day = newDay()
  day.feed(
    startOfDay(),
    site('S1', 'Baima Garden', garden),
    site('S2', 'Tianhe Metro', metro),
    raised('10:00', 'S1', { probableCause: 'Cell Capability Degraded' }),
  )
  const opened = (): number => openOutages(day.decisions).size
  const callers: string[] = []
  for (let number = 0; number < 8 && opened() === 0; number += 1) {
    const id = `C${number}`
    callers.push(id)
    day.feed(call(id, `10:${20 + 2 * number}`, '10:05', vague))
  }
  const [outageId] = openOutages(day.decisions).keys()
  expect(callers.length).toBeGreaterThan(1)
  day.settle(clock('10:50'))
  const explained = callers.map((id) => day.answer(id)).filter(({ verdict }) => verdict === 'explained')
  expect(explained.length).toBeGreaterThan(1)
  expect(new Set(explained.map((answer) => answer.outageId))).toEqual(new Set([outageId]))
})
