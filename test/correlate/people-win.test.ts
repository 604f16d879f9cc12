import { expect, test } from 'vitest'
import { clock, hourMs, input } from './day.ts'
import { amended, at, between, call, cleared, episode, raised, twoSites, works } from './story.ts'

const said = (type: 'CauseConfirmed' | 'CauseRejected', time: string, complaintId: string, cause: object) =>
  input(type, clock(time), { complaintId, cause })
const undone = (time: string, eventId: string) => input('DecisionUndone', clock(time), { eventId })

test('a cause rejected twice stays rejected when one of the two is taken back', () => {
  const day = twoSites()
  const cause = episode('S1', '10:00')
  const twice = ['10:12', '10:13'].map((time) => said('CauseRejected', time, 'C', cause))
  day.feed(raised('10:00', 'S1'), call('C', '10:10', '10:01'), ...twice, undone('10:14', twice[0]?.id ?? ''))
  day.settle(clock('10:20'))
  expect(day.answer('C').verdict).toBe('unexplained')
  day.feed(undone('10:21', twice[1]?.id ?? ''))
  day.settle(clock('10:22'))
  expect(day.answer('C').root).toEqual(cause)
})

test('a confirmation taken back leaves the one before it standing; the last word on a cause counts', () => {
  const day = twoSites()
  const [one, two] = [episode('S1', '10:00'), episode('S2', '10:00')]
  day.feed(
    raised('10:00', 'S1'),
    raised('10:00', 'S2'),
    call('C', '10:10', '10:01', {
      place: { location: { point: between }, uncertaintyMeters: 300 },
    }),
    said('CauseConfirmed', '10:11', 'C', one),
  )
  const second = said('CauseConfirmed', '10:12', 'C', two)
  day.feed(second)
  day.settle(clock('10:13'))
  expect(day.answer('C')).toMatchObject({ root: two, confirmed: true })
  day.feed(undone('10:14', second.id))
  day.settle(clock('10:15'))
  expect(day.answer('C')).toMatchObject({ root: one, confirmed: true })
  day.feed(said('CauseRejected', '10:16', 'C', one), said('CauseConfirmed', '10:17', 'C', one))
  day.settle(clock('10:18'))
  expect(day.answer('C')).toMatchObject({ root: one, confirmed: true })
})

test('what a person confirms is the answer, even where nothing of it fits', () => {
  const day = twoSites()
  day.feed(
    raised('06:00', 'S2'),
    cleared('06:30', 'S2'),
    call('C', '12:00', '11:50'),
    said('CauseConfirmed', '12:05', 'C', episode('S2', '06:00')),
  )
  day.settle(clock('12:10'))
  expect(day.answer('C')).toMatchObject({ root: episode('S2', '06:00'), confirmed: true, band: 'say' })
})

test('a confirmed answer stands when its cause has left the window before the complaint', () => {
  const day = twoSites()
  day.feed(
    raised('06:00', 'S1'),
    cleared('06:30', 'S1'),
    call('C', '20:00', '06:10', { customerRef: 'late caller' }),
    said('CauseConfirmed', '20:01', 'C', episode('S1', '06:00')),
  )
  day.settle(clock('20:05'))
  const answer = day.answer('C')
  expect(answer.root).toEqual(episode('S1', '06:00'))
  // The alarm was last heard of at 06:30 three days ago; the complaint has hours to go.
  const later = clock('06:31') + 72 * hourMs
  day.feed(input('ClockTicked', later, {}))
  day.feed(input('ComplaintAmended', later + 1_000, { complaintId: 'C', set: { stillOut: 'no' } }))
  day.settle(later + 60_000)
  expect(day.answer('C')).toEqual(answer)
})

test('a confirmation outlives a late fact that moves the start of the episode', () => {
  const day = twoSites()
  day.feed(
    raised('10:10', 'S1'),
    call('C', '10:20', '10:11'),
    said('CauseConfirmed', '10:21', 'C', episode('S1', '10:10')),
    input('EndEstimated', clock('10:22'), { about: { kind: 'element', id: 'S1' }, expectedEnd: at('13:00') }),
    raised('10:25', 'S1', { happened: '10:00' }),
  )
  day.settle(clock('10:30'))
  expect(day.answer('C')).toMatchObject({
    root: episode('S1', '10:00'),
    confirmed: true,
    expectedEnd: at('13:00'),
  })
})

test('a verdict on a complaint that came too late binds that complaint', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), cleared('10:30', 'S1'))
  const late = clock('10:05') + 30 * hourMs
  day.feed(
    input('ComplaintReceived', late, {
      complaintId: 'late',
      reportedAt: new Date(late).toISOString(),
      trouble: { from: at('10:05') },
      place: { location: { point: [113.325, 23.135] } },
    }),
  )
  const first = day.answer('late')
  expect(first.tooLate).toBe(true)
  day.feed(input('CauseRejected', late + 1_000, { complaintId: 'late', cause: first.root }))
  day.settle(late + 60_000)
  expect(day.answer('late').verdict).toBe('unexplained')
})

test('an amendment a day later does not make a complaint one that came too late', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), call('C', '10:10', '10:01'))
  const later = clock('10:10') + 30 * hourMs
  day.feed(input('ComplaintAmended', later, { complaintId: 'C', set: { stillOut: 'no', setting: 'indoor' } }))
  day.settle(later + 60_000)
  expect(day.answer('C').tooLate).toBeUndefined()
})

test('an estimate given by a person is not lost when the works begin, and gives way to a later plan', () => {
  const day = twoSites()
  day.feed(
    works('08:00', 'CO', '10:00', '11:00', { elementIds: ['S1'] }),
    input('EndEstimated', clock('09:30'), { about: { kind: 'cutover', id: 'CO' }, expectedEnd: at('12:30') }),
    input('CutoverStarted', clock('10:00'), { cutoverId: 'CO' }),
    raised('10:02', 'S1'),
    call('C', '10:20', '10:03'),
  )
  expect(day.answer('C').words.en).toContain('12:30')
  day.feed(
    input('CutoverRescheduled', clock('10:30'), {
      cutoverId: 'CO',
      plannedStart: at('10:00'),
      plannedEnd: at('14:00'),
    }),
    call('D', '10:40', '10:03'),
  )
  expect(day.answer('D').words.en).toContain('14:00')
})

test('"yes, it was there" speaks for the failure of what serves that place, wherever up the network it lies', () => {
  const day = twoSites()
  day.feed(
    input('ElementRegistered', clock('01:00'), { elementId: 'BSC', kind: 'aggregation', name: 'BSC' }),
    input('ElementChanged', clock('01:00'), { elementId: 'S1', set: { parent: 'BSC' } }),
    raised('10:00', 'BSC'),
    raised('10:00', 'S2'),
    call('C', '10:10', '10:01', { place: { location: { point: between }, uncertaintyMeters: 400 } }),
  )
  const before = day.answer('C')
  expect(before.question?.options.map(({ about }) => about.id).sort()).toEqual(['S1', 'S2'])
  day.feed(
    amended('10:11', 'C', { confirmations: [{ about: { kind: 'element', id: 'S1' }, answer: 'yes' }] }),
  )
  expect(day.answer('C')).toMatchObject({ root: episode('BSC', '10:00'), band: 'say' })
})
