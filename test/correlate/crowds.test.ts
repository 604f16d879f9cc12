import { expect, test } from 'vitest'
import type { Input } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { clock, type Day, newDay } from './day.ts'
import { call, cleared, episode, garden, raised, site, twoSites } from './story.ts'

const nowhere = { place: undefined }
const addressed = { place: { location: { point: [113.36, 23.135] }, source: 'home' } }

/** So many customers who call from the garden, one a minute from five past ten on. */
const crowd = (count: number): Input[] =>
  Array.from({ length: count }, (_, n) => call(`near ${n}`, `10:${String(n + 5).padStart(2, '0')}`, '10:01'))

function settled(day: Day): Day {
  day.settle(clock('14:00'))
  return day
}

test('who tells no place is asked about the outage that many complain of, and about none where nobody does', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), call('lost', '10:04', '10:02', nowhere))
  expect(day.answer('lost')).toMatchObject({ verdict: 'unexplained', band: 'ask' })
  day.feed(...crowd(6))
  settled(day)
  expect(day.answer('lost')).toMatchObject({ verdict: 'explained', root: episode('S1', '10:00') })
})

test('who has moved away from the address on file is found by the crowd that shares the trouble', () => {
  const quiet = twoSites()
  quiet.feed(raised('10:00', 'S1'), call('moved', '10:20', '10:02', addressed))
  expect(settled(quiet).answer('moved').verdict).toBe('unexplained')
  const busy = twoSites()
  busy.feed(raised('10:00', 'S1'), ...crowd(8), call('moved', '10:20', '10:02', addressed))
  expect(settled(busy).answer('moved').root).toEqual(episode('S1', '10:00'))
})

test('a crowd explains nobody of another network, nobody much later, and nobody under rules without crowds', () => {
  const { crowds: _, ...without } = defaultRuleset
  for (const [ruleset, told] of [
    [defaultRuleset, { ...nowhere, network: 'other' }],
    [defaultRuleset, { ...nowhere, trouble: { from: new Date(clock('15:00')).toISOString() } }],
    [{ ...without, version: 'no crowds' }, nowhere],
  ] as const) {
    const day = newDay(ruleset)
    day.feed(site('S1', 'Baima Garden', garden, { network: 'ours' }), raised('10:00', 'S1'), ...crowd(8))
    day.feed(cleared('11:00', 'S1'), call('lost', '15:10', '10:02', told))
    day.settle(clock('20:00'))
    expect(day.answer('lost').verdict).toBe('unexplained')
  }
})

test('E4: it does not matter whether the crowd, the alarm or the one without a place comes first', () => {
  const facts = [raised('10:00', 'S1'), call('lost', '10:04', '10:02', nowhere), ...crowd(3)]
  const answers = facts.map((_, n) => {
    const day = twoSites()
    const order = [...facts.slice(n), ...facts.slice(0, n)]
    day.feed(...order.map((fact): Input => ({ ...fact, recordedAt: new Date(clock('10:30')).toISOString() })))
    const { verdict, root, probability, band } = settled(day).answer('lost')
    return { verdict, root, probability, band }
  })
  for (const answer of answers) expect(answer).toEqual(answers[0])
})
