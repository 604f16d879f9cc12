import { expect, test } from 'vitest'
import { clock, input, newDay } from './day.ts'
import {
  amended,
  at,
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

test('what comes back after its outage has ended is an outage again', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), call('C', '10:05', '10:01'), cleared('10:20', 'S1'))
  day.settle(clock('14:00'))
  expect(openOutages(day.decisions).size).toBe(0)
  // A raise within the dwell arrives hours late: the clear never held, and nothing has cleared it since.
  day.feed(raised('14:01', 'S1', { happened: '10:30' }), call('D', '14:05', '10:40'))
  day.settle(clock('14:10'))
  const [open] = openOutages(day.decisions)
  expect(open?.[1]).toEqual(episode('S1', '10:00'))
  expect(day.answer('D').outageId).toBe(open?.[0])
})

test('two episodes that a late fact makes one are one outage: the older', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), call('C', '10:05', '10:01'), cleared('10:20', 'S1'))
  day.feed(raised('11:00', 'S1'), call('D', '11:05', '11:01'))
  day.settle(clock('11:10'))
  const [older, ...younger] = openOutages(day.decisions).keys()
  expect(younger).toHaveLength(1)
  day.feed(raised('11:20', 'S1', { happened: '10:40' }))
  day.settle(clock('11:30'))
  expect([...openOutages(day.decisions)]).toEqual([[older, episode('S1', '10:00')]])
  const ended = day.decisions.flatMap((event) => (event.type === 'OutageEnded' ? [event.data] : []))
  expect(ended).toEqual([{ outageId: younger[0], reason: 'merged', into: older }])
})

function underOneController(): ReturnType<typeof newDay> {
  const day = newDay()
  day.feed(
    element('BSC', { subscribers: 0 }),
    site('S1', 'Baima Garden', garden, { parent: 'BSC', subscribers: 100 }),
    site('S2', 'Tianhe Metro', metro, { parent: 'BSC', subscribers: 10 }),
    site('S3', 'Harbour', [113.345, 23.135], { parent: 'BSC', subscribers: 1 }),
  )
  return day
}

test('an outage whose root turns out to be a consequence moves to the deeper root, and keeps its id', () => {
  const day = underOneController()
  day.feed(raised('10:00', 'S1'), call('C', '10:05', '10:01'))
  const [id] = openOutages(day.decisions).keys()
  day.feed(raised('10:20', 'BSC', { happened: '09:59' }))
  day.settle(clock('10:30'))
  expect([...openOutages(day.decisions)]).toEqual([[id, episode('BSC', '09:59')]])
  expect(day.answer('C')).toMatchObject({ root: episode('BSC', '09:59'), outageId: id })
})

test('an outage splits when its root proves to have ended before: what it was blamed for stands alone', () => {
  const day = underOneController()
  day.feed(raised('10:00', 'BSC'), raised('10:30', 'S1'), raised('10:31', 'S2'), raised('10:32', 'S3'))
  day.feed(call('C', '10:40', '10:31'))
  day.settle(clock('10:45'))
  expect([...openOutages(day.decisions).values()]).toEqual([episode('BSC', '10:00')])
  // The clear was lost on its way: the controller was back long before its sites failed.
  day.feed(cleared('10:50', 'BSC', { happened: '10:05' }))
  day.settle(clock('16:00'))
  expect(day.answer('C').root).toEqual(episode('S1', '10:30'))
  // The two that nobody complained of have lasted too long to be passed over.
  expect([...openOutages(day.decisions).values()]).toEqual([
    episode('S1', '10:30'),
    episode('S2', '10:31'),
    episode('S3', '10:32'),
  ])
})

test('failures that are forgotten or withdrawn count no more towards an outage', () => {
  const day = underOneController()
  day.feed(raised('10:00', 'BSC', { probableCause: 'Mains failure' }))
  day.feed(raised('10:01', 'S1'))
  day.settle(clock('10:05'))
  // The same alarm starts earlier and earlier: still one failed place.
  day.feed(raised('10:06', 'S1', { happened: '10:00' }), raised('10:07', 'S2'))
  day.settle(clock('10:14'))
  expect(openOutages(day.decisions).size).toBe(0)
})

test('works on a controller and its sites are counted once in subscribers', () => {
  const day = underOneController()
  day.feed(
    works('08:00', 'CO', '10:00', '11:00', { elementIds: ['BSC', 'S1', 'S2'] }),
    raised('10:02', 'S1'),
    call('C', '10:10', '10:03'),
  )
  day.settle(clock('10:20'))
  const opened = day.decisions.flatMap((event) => (event.type === 'OutageOpened' ? [event.data] : []))
  expect(opened).toMatchObject([{ root: { kind: 'cutover', id: 'CO' }, subscribers: 111 }])
})

test('an outage that is announced for later begins then', () => {
  const day = twoSites()
  day.feed(
    input('AdvisoryPublished', clock('10:00'), {
      advisoryId: 'ADV',
      advisoryType: 'power cut',
      title: 'Power cut',
      elementIds: ['S1'],
      from: at('12:00'),
      outage: {},
    }),
  )
  day.settle(clock('11:59'))
  expect(openOutages(day.decisions).size).toBe(0)
  day.settle(clock('12:01'))
  expect([...openOutages(day.decisions).values()]).toEqual([{ kind: 'advisory', id: 'ADV' }])
})

test('works on an area that are told of after the alarm explain what stands there, also to those served from outside', () => {
  const day = twoSites()
  const far = { place: { location: { point: [113.3305, 23.135] }, uncertaintyMeters: 50 } }
  day.feed(raised('10:00', 'S1'), call('C', '10:10', '10:01', far))
  day.feed(
    works('10:20', 'CO', '09:55', '11:00', { area: { kind: 'circle', center: garden, radiusMeters: 30 } }),
  )
  day.settle(clock('10:30'))
  expect(day.decisions).toContainEqual(
    expect.objectContaining({
      type: 'AlarmCorrelated',
      data: expect.objectContaining({ root: { kind: 'cutover', id: 'CO' } }),
    }),
  )
  expect([day.answer('C').root, ...day.answer('C').alternatives.map(({ root }) => root)]).toContainEqual({
    kind: 'cutover',
    id: 'CO',
  })
})

test('a gap that moves is no longer blamed where it was', () => {
  const day = twoSites()
  const area = (center: number[]) => ({ kind: 'circle', center, radiusMeters: 150 })
  day.feed(
    input('CoverageGapReported', clock('08:00'), { gapId: 'G', kind: 'blind-spot', area: area(garden) }),
    call('C', '10:10', '10:01', { trouble: { pattern: 'chronic' }, setting: 'indoor' }),
  )
  expect(day.answer('C').root).toEqual({ kind: 'gap', id: 'G' })
  day.feed(input('CoverageGapChanged', clock('10:20'), { gapId: 'G', set: { area: area([113.4, 23.2]) } }))
  day.settle(clock('10:30'))
  expect(day.answer('C').verdict).toBe('unexplained')
})

test('shared upstream: another network’s controller explains the trouble of a site that hangs on it', () => {
  const day = newDay()
  day.feed(
    element('HUB', { network: 'B' }),
    site('A1', 'Ours', garden, { network: 'A', parent: 'HUB' }),
    raised('10:00', 'HUB'),
    call('C', '10:10', '10:01', { network: 'A' }),
  )
  expect(day.answer('C').root).toEqual(episode('HUB', '10:00'))
})

test('a complaint is moved with its site when the inventory changes under an open failure', () => {
  const day = underOneController()
  day.feed(element('OTHER'), raised('10:00', 'OTHER'), call('C', '10:10', '10:01'))
  expect(day.answer('C').verdict).toBe('unexplained')
  day.feed(input('ElementChanged', clock('10:20'), { elementId: 'S1', set: { parent: 'OTHER' } }))
  day.settle(clock('10:21'))
  expect(day.answer('C').root).toEqual(episode('OTHER', '10:00'))
  day.feed(amended('10:22', 'C', { stillOut: 'yes' }))
  day.feed(input('ElementChanged', clock('10:30'), { elementId: 'S1', set: { parent: 'BSC' } }))
  day.settle(clock('10:31'))
  expect(day.answer('C').verdict).toBe('unexplained')
})
