import { expect, test } from 'vitest'
import type { CauseAttributed } from '../../schemas/attribution.ts'
import type { Input } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { clock, type Day, hourMs, input, minuteMs, newDay } from './day.ts'
import { call, cleared, element, episode, garden, openOutages, raised, site, twoSites } from './story.ts'

const windowMs = 72 * hourMs

/** Sizes once everything that was fed has left the window, and one hour more. */
function sizesAfterWindow(day: Day, sinceMs: number): Record<string, number> {
  day.settle(sinceMs + windowMs + minuteMs)
  day.settle(sinceMs + windowMs + 2 * hourMs)
  day.settle(sinceMs + windowMs + 4 * hourMs)
  // What serves the ground is taken in with the first fact that needs it.
  const { weighings: _, servingElements: __, ...sizes } = day.engine.sizes()
  return sizes
}

test('E5: names of objects that no inventory knows are forgotten with the alarms and works that named them', () => {
  const day = twoSites()
  const empty = sizesAfterWindow(day, clock('01:00'))
  const later = day.engine.timeMs + hourMs
  for (let n = 0; n < 50; n += 1)
    day.feed(
      input('AlarmRaised', later, {
        alarmId: `a${n}`,
        elementId: `port ${n}`,
        probableCause: 'Out of Service',
      }),
      input('AlarmCleared', later, { elementId: `other port ${n}`, probableCause: 'Out of Service' }),
      input('CutoverStarted', later, { cutoverId: `never planned ${n}` }),
      input('CutoverPlanned', later, {
        cutoverId: `planned ${n}`,
        title: 'Swap',
        elementIds: [`unknown ${n}`],
        plannedStart: new Date(later).toISOString(),
        plannedEnd: new Date(later + hourMs).toISOString(),
      }),
      input('AdvisoryPublished', later, { advisoryId: `note ${n}`, advisoryType: 'note', title: 'A note' }),
    )
  const full = day.engine.sizes()
  expect(full['elements']).toBeGreaterThan(100)
  expect(full['ruleClears']).toBe(50)
  expect(sizesAfterWindow(day, later + 4 * hourMs)).toEqual(empty)
})

test('E5: an element that is retired and named by nothing is forgotten at once', () => {
  const day = twoSites()
  const { elements } = day.engine.sizes()
  day.feed(element('GONE', { parent: 'S1' }), input('ElementRetired', clock('02:00'), { elementId: 'GONE' }))
  expect(day.engine.sizes()['elements']).toBe(elements)
})

test('E5, E6: what is touched a thousand times waits once', () => {
  const day = newDay()
  day.feed(element('BSC'), ...['S0', 'S1', 'S2', 'S3'].map((id) => site(id, id, garden, { parent: 'BSC' })))
  day.feed(...['S0', 'S1', 'S2', 'S3'].map((id) => raised('10:00', id)))
  for (let n = 0; n < 50; n += 1) day.feed(call(`C${n}`, '10:01', '10:00'))
  const flap = (type: 'AlarmRaised' | 'AlarmCleared', ms: number): Input =>
    input(type, ms, {
      alarmId: 'flapping',
      ...(type === 'AlarmRaised' && {
        elementId: 'BSC',
        probableCause: 'Out of Service',
        perceivedSeverity: 'CRITICAL',
      }),
    })
  for (let n = 0; n < 500; n += 1) {
    const ms = clock('10:01') + n * 400
    day.feed(flap('AlarmRaised', ms), flap('AlarmCleared', ms + 200))
  }
  expect(day.engine.sizes()['deadlines']).toBeLessThan(120)
})

test('an alarm that flaps a thousand times is one episode with one start, and one outage', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), call('C', '10:05', '10:01'))
  for (let n = 1; n <= 1_000; n += 1) {
    const ms = clock('10:10') + n * 30_000
    day.feed(
      input('AlarmCleared', ms, { alarmId: 'Out of Service S1' }, { source: 'nms' }),
      input(
        'AlarmRaised',
        ms + 10_000,
        {
          alarmId: 'Out of Service S1',
          elementId: 'S1',
          probableCause: 'Out of Service',
          alarmType: 'COMMUNICATIONS_ALARM',
          perceivedSeverity: 'CRITICAL',
        },
        { source: 'nms' },
      ),
    )
  }
  day.settle(clock('10:10') + 1_010 * 30_000)
  expect(day.engine.sizes()['causes']).toBe(1)
  expect([...openOutages(day.decisions).values()]).toEqual([episode('S1', '10:00')])
  const answers = day.decisions.filter(({ type }) => type === 'CauseAttributed')
  expect(answers).toHaveLength(1)
})

test('an alarm cleared by its object is over for good, however long the clear itself is remembered', () => {
  const day = twoSites()
  const byRule = (ms: number): Input =>
    input('AlarmCleared', ms, { elementId: 'S1', probableCause: 'Out of Service' }, { source: 'nms' })
  day.feed(raised('10:00', 'S1'), byRule(clock('10:30')))
  // Kept alive by a confirmation two days later, it is raised again when the first clear has left the window.
  const alive = clock('10:00') + 48 * hourMs
  day.feed(input('AlarmChanged', alive, { alarmId: 'Out of Service S1' }, { source: 'nms' }))
  const again = clock('10:00') + 80 * hourMs
  day.feed(
    input(
      'AlarmRaised',
      again,
      {
        alarmId: 'Out of Service S1',
        elementId: 'S1',
        probableCause: 'Out of Service',
        perceivedSeverity: 'CRITICAL',
      },
      { source: 'nms' },
    ),
    input('ComplaintReceived', again + minuteMs, {
      complaintId: 'C',
      service: 'mobile',
      symptom: 'no-signal',
      reportedAt: new Date(again + minuteMs).toISOString(),
      trouble: { from: new Date(again).toISOString() },
      place: { location: { point: garden }, uncertaintyMeters: 200 },
    }),
  )
  expect(day.answer('C').root?.id).toBe(`nms/Out of Service S1@${new Date(again).toISOString()}`)
})

/** How exactly the answer took the place to be known. */
const placeOf = ({ evidence }: CauseAttributed): unknown =>
  evidence?.find(({ term }) => term === 'distance')?.figures['uncertaintyMeters']

test('a default geocode is no place for all who gave it, and a place again when they have left the window', () => {
  const day = twoSites()
  const give = (n: number, ms: number): Input =>
    input('ComplaintReceived', ms, {
      complaintId: `c${n}`,
      customerRef: `customer ${n}`,
      service: 'mobile',
      symptom: 'no-signal',
      reportedAt: new Date(ms).toISOString(),
      trouble: { from: new Date(ms).toISOString() },
      place: { location: { point: garden }, source: 'home' },
    })
  for (let n = 0; n < 12; n += 1) day.feed(give(n, clock('00:00') + n * 3 * hourMs))
  const shared = clock('00:00') + 36 * hourMs
  day.feed(
    input('AlarmRaised', shared, {
      alarmId: 'x',
      elementId: 'S1',
      probableCause: 'Out of Service',
      perceivedSeverity: 'CRITICAL',
    }),
    give(100, shared + minuteMs),
  )
  expect(placeOf(day.answer('c100'))).toBe(defaultRuleset.places.sharedUncertaintyMeters)
  const { probability } = day.answer('c100')
  // Withdrawn, the others make no default of it: who gives it next is weighed at an exact place.
  for (let n = 0; n < 12; n += 1)
    day.feed(input('ComplaintWithdrawn', shared + 2 * minuteMs, { complaintId: `c${n}` }))
  day.feed(give(101, shared + 3 * minuteMs))
  expect(placeOf(day.answer('c101'))).toBe(defaultRuleset.places.uncertaintyMeters.home)
  expect(day.answer('c101').probability).toBeGreaterThan(probability)
})

test('E6: three thousand callers who all say "since ten" leave the window as cheaply as they came', () => {
  const day = twoSites()
  for (let n = 0; n < 3_000; n += 1)
    day.feed(
      input('ComplaintReceived', clock('10:01') + n * 100, {
        complaintId: `c${n}`,
        customerRef: `customer ${n}`,
        service: 'mobile',
        symptom: 'no-signal',
        reportedAt: new Date(clock('10:01')).toISOString(),
        trouble: { from: new Date(clock('10:00')).toISOString() },
        place: { location: { point: garden }, uncertaintyMeters: 200 },
      }),
    )
  day.feed(raised('10:20', 'S1', { happened: '10:00' }), cleared('12:00', 'S1'))
  day.settle(clock('15:00'))
  const startedMs = performance.now()
  day.settle(clock('10:15') + windowMs)
  expect(day.engine.sizes()['complaints']).toBe(0)
  // It takes a tenth of a second; when each of them had the others counted anew it took seven.
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})

test('what is forgotten changes no answer: a complaint that leaves the window was company all the same', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1', { probableCause: 'Cell Capability Degraded' }))
  const quality = { symptom: 'slow-data' }
  for (let n = 0; n < 8; n += 1) day.feed(call(`early ${n}`, '10:10', '10:01', quality))
  day.feed(call('late', '20:00', '10:05', quality))
  day.feed(cleared('20:10', 'S1', { probableCause: 'Cell Capability Degraded' }))
  day.settle(clock('23:00'))
  const draft = call('again', '20:00', '10:05', quality)
  const probability = (): number =>
    draft.type === 'ComplaintReceived' ? day.engine.assess(draft.data, day.engine.timeMs).probability : 0
  const before = probability()
  expect(before).toBeGreaterThan(0)
  day.settle(clock('10:20') + windowMs)
  expect(day.engine.sizes()['complaints']).toBe(1)
  expect(probability()).toBe(before)
})
