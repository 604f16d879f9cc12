import { expect, test } from 'vitest'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { clock, type Day, hourMs, input, newDay } from './day.ts'
import { at, call, cleared, element, garden, raised, site, twoSites, works } from './story.ts'

/** Every figure in every decision is one: JSON has no infinity, and what it has instead cannot be read back. */
function expectFigures(day: Day): void {
  expect(day.decisions.length).toBeGreaterThan(0)
  const visit = (value: unknown): void => {
    if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  for (const { data } of day.decisions) visit(data)
}

test('elements that are their own parent, parents in a circle, links in a circle, a ring of one', () => {
  const day = newDay()
  const link = (a: string, b: string, relation: string) =>
    input('ElementLinked', clock('01:00'), { elementId: a, dependsOn: b, relation })
  day.feed(
    site('S1', 'Baima Garden', garden, { parent: 'S1' }),
    element('A', { parent: 'B' }),
    element('B', { parent: 'A' }),
    input('ElementChanged', clock('01:00'), { elementId: 'S1', set: { parent: 'A' } }),
    link('A', 'S1', 'feeds'),
    link('A', 'A', 'powers'),
    link('S1', 'S1', 'ringNeighbour'),
    ...['A', 'B', 'S1'].map((id) => raised('10:00', id)),
    call('C', '10:10', '10:01'),
    ...['A', 'B', 'S1'].map((id) => cleared('10:30', id)),
    input('ElementRetired', clock('10:40'), { elementId: 'A' }),
    input('ElementUnlinked', clock('10:41'), { elementId: 'S1', dependsOn: 'nothing', relation: 'feeds' }),
  )
  day.settle(clock('20:00'))
  expect(day.answer('C').verdict).toBe('explained')
  // They have one root from wherever one comes, so nothing is handed to and fro.
  expect(day.decisions.filter(({ type }) => type.startsWith('Outage')).length).toBeLessThan(10)
  expectFigures(day)
})

test('coverage and areas without extent, at the pole and at the antimeridian', () => {
  const day = newDay()
  const places: [number, number][] = [
    [0, 90],
    [0, -90],
    [180, 10],
    [-180, 10],
    [0, 0],
  ]
  places.forEach((point, n) => {
    const ring = [point, point, point]
    day.feed(
      site(`P${n}`, 'Place', point, { coverage: { kind: 'polygon', ring } }),
      site(`Q${n}`, 'Place', point, { coverage: { kind: 'radius', radiusMeters: 1e-9 } }),
      site(`R${n}`, 'Place', point, { coverage: undefined }),
      input('CoverageGapReported', clock('08:00'), {
        gapId: `G${n}`,
        kind: 'blind-spot',
        area: { kind: 'polygon', ring },
      }),
      works('08:00', `W${n}`, '09:00', '12:00', {
        area: { kind: 'circle', center: point, radiusMeters: 200_000 },
      }),
      raised('10:00', `P${n}`),
      raised('10:00', `Q${n}`),
      call(`C${n}`, '10:10', '10:01', { place: { location: { point }, uncertaintyMeters: 0 } }),
      call(`D${n}`, '10:10', '10:01', { place: { location: { point }, uncertaintyMeters: 100_000 } }),
    )
  })
  day.settle(clock('20:00'))
  expectFigures(day)
})

test('a site on one side of the antimeridian serves the other', () => {
  const day = newDay()
  day.feed(site('S1', 'Taveuni', [179.999, -16.8]), raised('10:00', 'S1'))
  day.feed(
    call('C', '10:10', '10:01', { place: { location: { point: [-179.999, -16.8] }, uncertaintyMeters: 50 } }),
  )
  expect(day.answer('C').verdict).toBe('explained')
})

test('an element known by its polygon alone serves it', () => {
  const day = newDay()
  const [lon, lat] = garden
  const ring = [
    [lon - 0.01, lat - 0.01],
    [lon + 0.01, lat - 0.01],
    [lon, lat + 0.01],
  ]
  day.feed(site('S1', 'Estate', garden, { location: undefined, coverage: { kind: 'polygon', ring } }))
  day.feed(raised('10:00', 'S1'), call('C', '10:10', '10:01'))
  expect(day.answer('C').verdict).toBe('explained')
})

test('complaints with no more than an end, with nothing at all, from the far past, served by nobody known, sent twice', () => {
  const day = twoSites()
  day.feed(
    raised('10:00', 'S1'),
    call('to', '10:20', '10:01', { trouble: { to: at('10:15') } }),
    call('zero', '10:20', '10:01', { trouble: { from: at('10:01'), uncertaintyMs: 0 } }),
    call('unknown', '10:20', '10:01', { servedBy: 'nobody knows it', customerRef: undefined }),
    call('past', '10:20', '10:01', { trouble: { from: '1990-01-01T00:00:00Z' } }),
    call('future', '10:20', '10:01', { trouble: { from: '2099-12-31T00:00:00Z' } }),
    input('ComplaintReceived', clock('10:20'), { complaintId: 'bare', reportedAt: at('10:20') }),
    input('ComplaintReceived', clock('10:21'), { complaintId: 'to', reportedAt: at('10:21') }),
    input('ComplaintAmended', clock('10:21'), { complaintId: 'never seen', set: { symptom: 'tv' } }),
    input('ComplaintWithdrawn', clock('10:21'), { complaintId: 'never seen' }),
  )
  day.settle(clock('20:00'))
  expect(day.answer('to').verdict).toBe('explained')
  expect(day.answer('past').tooLate).toBe(true)
  expect(
    day.decisions.filter((event) => event.type === 'CauseAttributed' && event.data.complaintId === 'to'),
  ).toHaveLength(1)
  expectFigures(day)
})

test('alarms from the far past, cleared before they were raised, cleared and raised in one moment', () => {
  const day = twoSites()
  day.feed(
    input(
      'AlarmRaised',
      clock('10:00'),
      { alarmId: 'old', elementId: 'S1', probableCause: 'Out of Service' },
      { happenedMs: Date.UTC(1990) },
    ),
    cleared('10:00', 'S1'),
    raised('10:00', 'S1'),
    cleared('10:00', 'S1'),
    raised('10:01', 'S2'),
    cleared('10:02', 'S2', { happened: '09:00' }),
    call('C', '10:10', '10:01'),
  )
  day.settle(clock('20:00'))
  expectFigures(day)
})

test('works on a thousand elements, most of them unknown', () => {
  const day = twoSites()
  const elementIds = ['S1', 'S1', ...Array.from({ length: 998 }, (_, n) => `unknown ${n}`)]
  day.feed(
    works('08:00', 'CO', '10:00', '11:00', { elementIds }),
    raised('10:02', 'S1'),
    call('C', '10:10', '10:03'),
  )
  expect(day.answer('C').root).toEqual({ kind: 'cutover', id: 'CO' })
})

test('rules at the edges of what the schema takes: figures stay figures, and the engine starts', () => {
  const times = Object.fromEntries(
    Object.keys(defaultRuleset.times).map((name) => [name, 0]),
  ) as Ruleset['times']
  const zeros = Object.fromEntries(Object.keys(defaultRuleset.backgroundSymptoms).map((name) => [name, 0]))
  const edges: Partial<Ruleset>[] = [
    { times },
    { times: { ...defaultRuleset.times, windowMs: 0 } },
    { symptomFamilies: {} },
    { symptomProfiles: {} },
    { backgroundSymptoms: zeros, symptomProfiles: { down: zeros, cutover: { 'no-signal': 1, sms: 0 } } },
    { clusters: { epsMeters: 1e9, epsMs: 0, minCustomers: 2, maxUncertaintyMeters: 1 } },
    { weights: { ...defaultRuleset.weights, servingFraction: 0, edgeFraction: 0 } },
  ]
  edges.forEach((edge, n) => {
    const day = newDay({ ...defaultRuleset, ...edge, version: `edge ${n}` })
    day.feed(
      site('S1', 'Baima Garden', garden),
      works('08:00', 'CO', '10:00', '11:00', { elementIds: ['S1'], symptoms: [] }),
      raised('10:00', 'S1'),
      call('C', '10:00', '10:00', { symptom: 'sms', trouble: { from: at('10:00'), uncertaintyMs: 0 } }),
      call('C2', '10:05', '10:00', { place: { location: { point: garden }, uncertaintyMeters: 0 } }),
      cleared('10:30', 'S1'),
    )
    day.settle(clock('20:00'))
    // Forgotten and sent again, it is one more complaint and no trouble.
    day.feed(call('C', '20:01', '10:00'))
    day.settle(clock('20:00') + 100 * hourMs)
    expectFigures(day)
  })
})
