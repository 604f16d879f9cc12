import { expect, test } from 'vitest'
import type { Input } from '../../src/correlate/engine.ts'
import { clock, type Day, hourMs, input, minuteMs, newDay } from './day.ts'

const garden: [number, number] = [113.325, 23.135]
const metro: [number, number] = [113.333, 23.135]
const between: [number, number] = [113.329, 23.135]

const site = (elementId: string, name: string, point: [number, number], more: object = {}): Input =>
  input('ElementRegistered', clock('01:00'), {
    elementId,
    kind: 'site',
    name,
    services: ['mobile'],
    location: { point },
    coverage: { kind: 'radius', radiusMeters: 800 },
    ...more,
  })

const raised = (
  time: string,
  elementId: string,
  probableCause = 'Out of Service',
  more: object = {},
): Input =>
  input(
    'AlarmRaised',
    clock(time),
    {
      alarmId: `${probableCause} ${elementId}`,
      elementId,
      probableCause,
      alarmType: 'COMMUNICATIONS_ALARM',
      perceivedSeverity: 'CRITICAL',
      ...more,
    },
    { source: 'nms' },
  )

const cleared = (time: string, elementId: string, probableCause = 'Out of Service'): Input =>
  input('AlarmCleared', clock(time), { alarmId: `${probableCause} ${elementId}` }, { source: 'nms' })

let calls = 0
const call = (time: string, since: string, more: object = {}): Input => {
  calls += 1
  return input('ComplaintReceived', clock(time), {
    complaintId: `C-${calls}`,
    customerRef: `customer-${calls}`,
    service: 'mobile',
    symptom: 'no-signal',
    reportedAt: new Date(clock(time)).toISOString(),
    trouble: { from: new Date(clock(since)).toISOString() },
    place: { location: { point: garden }, uncertaintyMeters: 200 },
    ...more,
  })
}
const idOf = (event: Input): string => (event.type === 'ComplaintReceived' ? event.data.complaintId : '')

function twoSites(): Day {
  const day = newDay()
  day.feed(site('S1', 'Baima Garden', garden), site('S2', 'Tianhe Metro', metro))
  return day
}

const outages = (day: Day): string[] => {
  const open = new Set<string>()
  for (const event of day.decisions) {
    if (event.type === 'OutageOpened') open.add(event.data.outageId)
    if (event.type === 'OutageEnded') open.delete(event.data.outageId)
  }
  return [...open]
}

test('an alarm that arrives after the complaint explains it two seconds later', () => {
  const day = twoSites()
  const caller = call('10:06', '10:02')
  day.feed(caller)
  expect(day.answer(idOf(caller))).toMatchObject({ verdict: 'unexplained', band: 'dispatch' })
  day.feed(
    input(
      'AlarmRaised',
      clock('10:09'),
      { alarmId: 'late', elementId: 'S1', probableCause: 'Out of Service', perceivedSeverity: 'CRITICAL' },
      { happenedMs: clock('10:01'), source: 'nms' },
    ),
  )
  day.settle(clock('10:09:02'))
  expect(day.answer(idOf(caller))).toMatchObject({
    verdict: 'explained',
    band: 'say',
    state: 'ongoing',
    changed: ['verdict', 'root', 'state', 'band'],
  })
})

test('a sleeping cell raises no alarm: the complaints are dispatched, and their cluster shows it', () => {
  const day = twoSites()
  const callers = Array.from({ length: 6 }, (_, n) => call(`10:1${n}`, '10:05'))
  day.feed(...callers)
  for (const caller of callers) expect(day.answer(idOf(caller)).band).toBe('dispatch')
  expect(day.decisions.filter(({ type }) => type === 'ClusterOpened')).toHaveLength(1)
  expect(outages(day)).toEqual([])
})

test('a cutover that overruns: its end is stated until it passes, and never afterwards', () => {
  const day = twoSites()
  day.feed(
    input('CutoverPlanned', clock('08:00'), {
      cutoverId: 'CO-1',
      title: 'Swap',
      elementIds: ['S1'],
      plannedStart: '2026-03-01T10:00:00+08:00',
      plannedEnd: '2026-03-01T11:00:00+08:00',
    }),
    raised('10:02', 'S1'),
  )
  const early = call('10:20', '10:03')
  const late = call('11:20', '10:05')
  day.feed(early, late)
  const told = day.answer(idOf(early))
  expect(told.root).toEqual({ kind: 'cutover', id: 'CO-1' })
  expect(told.words.en).toContain('1 March, 11:00')
  expect(told.wordsUntil).toBe('2026-03-01T03:00:00.000Z')
  expect(told.wordsAfter?.en).toContain('longer than planned')
  expect(day.answer(idOf(late)).words.en).toContain('longer than planned')
  expect(day.answer(idOf(late)).words.en).not.toContain('11:00')
})

test('a cutover without start and end messages explains by its window, and nobody is told that it is over', () => {
  const day = twoSites()
  day.feed(
    input('CutoverPlanned', clock('08:00'), {
      cutoverId: 'CO-2',
      title: 'Swap',
      elementIds: ['S1'],
      plannedStart: '2026-03-01T10:00:00+08:00',
      plannedEnd: '2026-03-01T11:00:00+08:00',
    }),
  )
  const caller = call('11:10', '10:05')
  day.feed(caller)
  const answer = day.answer(idOf(caller))
  expect(answer.root ?? answer.alternatives[0]?.root).toEqual({ kind: 'cutover', id: 'CO-2' })
  expect(answer.state).not.toBe('restored')
})

test('"restored" waits for the dwell, and a flapping alarm never gets there', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'))
  const caller = call('10:10', '10:01')
  day.feed(caller, cleared('10:20', 'S1'))
  day.settle(clock('10:45'))
  expect(day.answer(idOf(caller)).state).toBe('ongoing')
  day.feed(
    input(
      'AlarmRaised',
      clock('10:47'),
      {
        alarmId: 'Out of Service S1',
        elementId: 'S1',
        probableCause: 'Out of Service',
        perceivedSeverity: 'CRITICAL',
      },
      { source: 'nms' },
    ),
  )
  day.settle(clock('11:00'))
  expect(day.answer(idOf(caller)).state).toBe('ongoing')
  expect(outages(day)).toHaveLength(1)
  day.feed(cleared('11:05', 'S1'))
  day.settle(clock('11:34'))
  expect(day.answer(idOf(caller)).state).toBe('ongoing')
  day.settle(clock('11:36'))
  expect(day.answer(idOf(caller))).toMatchObject({ state: 'restored', changed: ['state'] })
})

test('a customer who is still out is never told "restored"', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), cleared('10:30', 'S1'))
  const still = call('11:30', '10:01', { stillOut: 'yes' })
  const fine = call('11:31', '10:01', { stillOut: 'no' })
  day.feed(still, fine)
  expect(day.answer(idOf(fine))).toMatchObject({ state: 'restored', band: 'say' })
  const answer = day.answer(idOf(still))
  expect(answer.band).toBe('dispatch')
  expect(answer.words.en).not.toMatch(/it is restored/)
})

test('complaints about a new trouble after the clear are not put down to the old one', () => {
  const day = twoSites()
  day.feed(raised('08:00', 'S1'), cleared('08:30', 'S1'))
  const caller = call('11:30', '11:20')
  day.feed(caller)
  expect(day.answer(idOf(caller)).verdict).toBe('unexplained')
})

test('the same customer calling three times is one customer: two repeats, and no cluster from them', () => {
  const day = twoSites()
  const thrice = ['10:10', '10:20', '10:30'].map((time) => call(time, '10:05', { customerRef: 'the same' }))
  day.feed(...thrice)
  const [first, second, third] = thrice.map(idOf)
  expect(day.answer(first ?? '').repeatOf).toBeUndefined()
  expect(day.answer(second ?? '').repeatOf).toBe(first)
  expect(day.answer(third ?? '').repeatOf).toBe(first)
  day.feed(call('10:31', '10:05'), call('10:32', '10:05'))
  expect(day.decisions.some(({ type }) => type === 'ClusterOpened')).toBe(false)
  day.feed(call('10:33', '10:05'))
  expect(day.decisions.some(({ type }) => type === 'ClusterOpened')).toBe(true)
})

test('two alarmed sites cover the place: one question separates them, and the answer settles it', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), raised('10:01', 'S2'))
  const caller = call('10:20', '10:02', { place: { location: { point: between }, uncertaintyMeters: 400 } })
  day.feed(caller)
  const asked = day.answer(idOf(caller))
  expect(asked.band).toBe('ask')
  expect(asked.question?.words.en).toMatch(/Was it near Baima Garden, or near Tianhe Metro\?/)
  day.feed(
    input('ComplaintAmended', clock('10:21'), {
      complaintId: idOf(caller),
      set: { confirmations: [{ about: { kind: 'element', id: 'S1' }, answer: 'yes' }] },
    }),
  )
  const settled = day.answer(idOf(caller))
  expect(settled.band).toBe('say')
  expect(settled.chain[0]?.elementId).toBe('S1')
  expect(settled.words.en).not.toMatch(/Baima|S1/)
})

test('another operator’s site is never blamed', () => {
  const day = newDay()
  day.feed(
    site('A1', 'Ours', garden, { network: 'A' }),
    site('B1', 'Theirs', garden, { network: 'B' }),
    raised('10:00', 'B1'),
  )
  const caller = call('10:10', '10:01', { network: 'A' })
  day.feed(caller)
  expect(day.answer(idOf(caller))).toMatchObject({ verdict: 'unexplained', alternatives: [] })
})

test('doors and fans are no candidates', () => {
  const day = twoSites()
  day.feed(
    raised('10:00', 'S1', 'Door Open'),
    raised('10:00', 'S1', 'BBU Fan Stalled'),
    raised('10:00', 'S1', '门禁告警'),
  )
  const caller = call('10:10', '10:01')
  day.feed(caller)
  expect(day.answer(idOf(caller))).toMatchObject({ verdict: 'unexplained', alternatives: [] })
})

test('power is the root of the failure that follows it, and nobody’s trouble before', () => {
  const day = twoSites()
  day.feed(raised('09:00', 'S1', 'Mains failure'))
  const before = call('09:30', '09:20')
  day.feed(before)
  expect(day.answer(idOf(before)).verdict).toBe('unexplained')
  day.feed(raised('12:10', 'S1'))
  const after = call('12:20', '12:11')
  day.feed(after)
  expect(day.answer(idOf(after)).chain.map(({ relation }) => relation)).toEqual(['explains', 'power'])
})

test('a chronic trouble is explained by the gap, not by a fault younger than itself; the chain goes to reason and remedy', () => {
  const day = twoSites()
  day.feed(
    input('CoverageGapReported', clock('08:00'), {
      gapId: 'G-1',
      kind: 'blind-spot',
      name: 'Garden car park',
      area: { kind: 'circle', center: garden, radiusMeters: 150 },
      reason: { kind: 'owner-refuses', text: 'The owners refuse an antenna' },
      remedy: { kind: 'planned-site', reference: 'P-88' },
    }),
    raised('10:00', 'S1'),
  )
  const caller = call('10:30', '10:00', {
    trouble: { from: '2026-02-01T08:00:00+08:00', pattern: 'chronic' },
    place: { location: { point: garden }, uncertaintyMeters: 50 },
  })
  day.feed(caller)
  const answer = day.answer(idOf(caller))
  expect(answer.root).toEqual({ kind: 'gap', id: 'G-1' })
  expect(answer.chain.map(({ relation }) => relation)).toEqual(['explains', 'reason', 'remedy'])
  expect(answer.state).toBe('standing')
})

test('an outage that people declare is one before any alarm, and explains those within it', () => {
  const day = twoSites()
  day.feed(
    input('AdvisoryPublished', clock('10:00'), {
      advisoryId: 'ADV-1',
      advisoryType: 'fibre cut',
      title: 'Fibre cut in Tianhe',
      area: { kind: 'circle', center: garden, radiusMeters: 3000 },
      outage: { expectedEnd: '2026-03-01T14:00:00+08:00' },
    }),
  )
  expect(outages(day)).toHaveLength(1)
  const caller = call('10:20', '10:02')
  day.feed(caller)
  expect(day.answer(idOf(caller))).toMatchObject({
    root: { kind: 'advisory', id: 'ADV-1' },
    outageId: outages(day)[0],
    band: 'say',
  })
})

test('people win: a rejected cause is not proposed again, a confirmed one is never superseded', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'))
  const caller = call('10:10', '10:01')
  day.feed(caller)
  const root = day.answer(idOf(caller)).root
  const rejected = input('CauseRejected', clock('10:12'), { complaintId: idOf(caller), cause: root })
  day.feed(rejected)
  day.settle(clock('10:13'))
  expect(day.answer(idOf(caller))).toMatchObject({
    verdict: 'unexplained',
    changed: ['verdict', 'root', 'state', 'band'],
  })
  day.feed(input('DecisionUndone', clock('10:14'), { eventId: rejected.id }))
  day.settle(clock('10:15'))
  expect(day.answer(idOf(caller)).root).toEqual(root)

  // Torn between two sites, the agent was told by a technician that it was the first, against the network's own word.
  const torn = call('10:30', '10:02', {
    servedBy: 'S2',
    symptom: 'weak-signal',
    place: { location: { point: between }, uncertaintyMeters: 400 },
  })
  day.feed(torn, input('CauseConfirmed', clock('10:31'), { complaintId: idOf(torn), cause: root }))
  day.settle(clock('10:32'))
  expect(day.answer(idOf(torn))).toMatchObject({ root, confirmed: true, band: 'say' })
  day.feed(
    input(
      'AlarmRaised',
      clock('10:33'),
      { alarmId: 'other', elementId: 'S2', probableCause: 'Out of Service', perceivedSeverity: 'CRITICAL' },
      { happenedMs: clock('10:02'), source: 'nms' },
    ),
  )
  day.settle(clock('10:40'))
  expect(day.answer(idOf(torn))).toMatchObject({ root, confirmed: true, disputed: true })
})

test('a wrong answer is not copied: rejections on a few complaints count against the cause for the rest', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1', 'Cell Capability Degraded'))
  const wrong = Array.from({ length: 5 }, (_, n) => call(`10:1${n}`, '10:01', { symptom: 'slow-data' }))
  day.feed(...wrong)
  const cause = {
    kind: 'alarm',
    id: `nms/Cell Capability Degraded S1@${new Date(clock('10:00')).toISOString()}`,
  }
  const before = day.engine.assess(probe('10:20'), clock('10:20'))
  day.feed(
    ...wrong
      .slice(0, 4)
      .map((caller) => input('CauseRejected', clock('10:18'), { complaintId: idOf(caller), cause })),
  )
  const after = day.engine.assess(probe('10:20'), clock('10:20'))
  expect(after.probability + (after.alternatives[0]?.probability ?? 0)).toBeLessThan(
    before.probability + (before.alternatives[0]?.probability ?? 0),
  )
})

function probe(time: string): Parameters<Day['engine']['assess']>[0] {
  const event = call(time, '10:02', { symptom: 'slow-data' })
  if (event.type !== 'ComplaintReceived') throw new Error('a call is a complaint')
  return event.data
}

test('billing and handsets are no network trouble: words of their own, no cluster', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'))
  const calls = Array.from({ length: 6 }, (_, n) =>
    call(`10:1${n}`, '10:01', { scope: n % 2 === 0 ? 'notNetwork' : 'customerSide' }),
  )
  day.feed(...calls)
  expect(day.answer(idOf(calls[0] as Input))).toMatchObject({ verdict: 'notNetwork', band: 'say' })
  expect(day.answer(idOf(calls[1] as Input))).toMatchObject({ verdict: 'customerSide', band: 'say' })
  expect(day.decisions.some(({ type }) => type === 'ClusterOpened')).toBe(false)
})

test('without any place the answer is the question where it happened', () => {
  const day = twoSites()
  const caller = call('10:10', '10:01', { place: undefined })
  day.feed(caller)
  expect(day.answer(idOf(caller))).toMatchObject({ band: 'ask', verdict: 'unexplained' })
  expect(day.answer(idOf(caller)).question?.words.en).toContain('Where')
})

test('the cell that last served the customer beats geometry', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), raised('10:00', 'S2'))
  const caller = call('10:10', '10:01', { servedBy: 'S2' })
  day.feed(caller)
  expect(day.answer(idOf(caller)).chain[0]?.elementId).toBe('S2')
})

test('a ring element fails only when it is cut on both sides', () => {
  const day = newDay()
  const ring = (elementId: string) =>
    input('ElementRegistered', clock('01:00'), { elementId, kind: 'transport', name: elementId })
  const link = (a: string, b: string, relation: string) =>
    input('ElementLinked', clock('01:00'), { elementId: a, dependsOn: b, relation })
  day.feed(
    input('ElementRegistered', clock('01:00'), { elementId: 'HEAD', kind: 'aggregation', name: 'HEAD' }),
    ...['R1', 'R2', 'R3'].map(ring),
    link('R1', 'HEAD', 'ringNeighbour'),
    link('R2', 'R1', 'ringNeighbour'),
    link('R3', 'R2', 'ringNeighbour'),
    link('R3', 'HEAD', 'ringNeighbour'),
    site('S1', 'Baima Garden', garden),
    link('S1', 'R2', 'feeds'),
  )
  day.feed(raised('10:00', 'R1'))
  const one = call('10:10', '10:01')
  day.feed(one)
  expect(day.answer(idOf(one)).verdict).toBe('unexplained')
  day.feed(raised('10:05', 'R3'))
  const both = call('10:20', '10:06')
  day.feed(both)
  expect(day.answer(idOf(both))).toMatchObject({ verdict: 'explained' })
})

test('a default geocode that unrelated customers share day after day counts as vague', () => {
  const day = twoSites()
  const cityHall: [number, number] = [113.3252, 23.1352]
  const everyDay = Array.from({ length: 16 }, (_, n) => {
    const ms = clock('00:30') + n * 3 * hourMs
    return input('ComplaintReceived', ms, {
      complaintId: `default-${n}`,
      customerRef: `default-${n}`,
      reportedAt: new Date(ms).toISOString(),
      trouble: { from: new Date(ms - 10 * minuteMs).toISOString() },
      place: { location: { point: cityHall }, source: 'home' },
    })
  })
  day.feed(...everyDay.slice(0, 2))
  const sharp = day.engine.assess(
    { ...probe('07:00'), place: { location: { point: cityHall }, source: 'home' } },
    clock('07:00'),
  )
  expect(sharp.verdict).toBe('unexplained')
  day.feed(...everyDay.slice(2))
  const last = clock('00:30') + 15 * 3 * hourMs
  day.feed(
    input('AlarmRaised', last, {
      alarmId: 'x',
      elementId: 'S1',
      probableCause: 'Out of Service',
      perceivedSeverity: 'CRITICAL',
    }),
  )
  const draft = {
    ...probe('00:30'),
    reportedAt: new Date(last + minuteMs).toISOString(),
    trouble: { from: new Date(last).toISOString() },
  }
  const vague = day.engine.assess(
    { ...draft, place: { location: { point: cityHall }, source: 'home' } },
    last,
  )
  const exact = day.engine.assess({ ...draft, place: { location: { point: garden }, source: 'home' } }, last)
  expect(vague.probability).toBeLessThan(exact.probability)
})

test('an alarm open for days with nothing to confirm it explains nothing', () => {
  const day = twoSites()
  day.feed(raised('02:00', 'S1'))
  const later = clock('02:00') + 30 * hourMs
  const caller = input('ComplaintReceived', later, {
    complaintId: 'stale',
    reportedAt: new Date(later).toISOString(),
    trouble: { from: new Date(later - 5 * minuteMs).toISOString() },
    place: { location: { point: garden }, uncertaintyMeters: 100 },
  })
  day.feed(caller)
  expect(day.answer('stale').verdict).toBe('unexplained')
})

test('E5: what leaves the window is forgotten', () => {
  const day = twoSites()
  const lives = (n: number): Input[] => {
    const ms = clock('00:00') + n * hourMs
    const at = new Date(ms).toISOString()
    return [
      input('AlarmRaised', ms, { alarmId: `a${n}`, elementId: 'S1', probableCause: 'Out of Service' }),
      input('AlarmCleared', ms + 10 * minuteMs, { alarmId: `a${n}` }),
      input('ComplaintReceived', ms + 11 * minuteMs, {
        complaintId: `c${n}`,
        reportedAt: at,
        trouble: { from: at },
        place: { location: { point: garden } },
      }),
    ]
  }
  const sizeAfter = (hours: number): Record<string, number> => {
    for (let n = fed; n < hours; n += 1) day.feed(...lives(n))
    fed = hours
    const { weighings: _, ...sizes } = day.engine.sizes()
    return sizes
  }
  let fed = 1
  const after = sizeAfter(200)
  expect(sizeAfter(400)).toEqual(after)
  expect(after['complaints']).toBeLessThan(80)
  expect(after['causes']).toBeLessThan(80)
})
