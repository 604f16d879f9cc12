import { expect, test } from 'vitest'
import { clock, input, newDay } from './day.ts'

const baima = [113.325, 23.135] as const
const metro = [113.335, 23.14] as const
const street: [number, number] = [113.3285, 23.1365]

function cityDay() {
  const day = newDay()
  const site = (elementId: string, name: string, [lon, lat]: readonly [number, number]) =>
    input('ElementRegistered', clock('01:00'), {
      elementId,
      kind: 'site',
      name,
      services: ['mobile'],
      location: { point: [lon, lat] },
      coverage: { kind: 'radius', radiusMeters: 700 },
    })
  day.feed(site('GZ-0417', '白马花园', baima), site('GZ-0533', '天河地铁站', metro))
  return day
}

test('the worked example: a late caller from elsewhere is told of the cutover that interrupted the signal', () => {
  const day = cityDay()
  day.feed(
    input('CutoverPlanned', clock('01:30'), {
      cutoverId: 'CO-118',
      title: 'Antenna swap',
      elementIds: ['GZ-0417'],
      plannedStart: '2026-03-01T10:00:00+08:00',
      plannedEnd: '2026-03-01T11:00:00+08:00',
    }),
    input('CutoverStarted', clock('10:00'), { cutoverId: 'CO-118' }),
    input('AlarmRaised', clock('10:02'), {
      alarmId: '4711',
      elementId: 'GZ-0417',
      alarmType: 'COMMUNICATIONS_ALARM',
      probableCause: 'Out of Service',
      perceivedSeverity: 'CRITICAL',
    }),
    input('AlarmCleared', clock('10:41'), { alarmId: '4711' }),
    input('CutoverFinished', clock('10:45'), { cutoverId: 'CO-118' }),
  )
  const draft = {
    complaintId: 'C-1',
    symptom: 'no-signal',
    service: 'mobile',
    reportedAt: '2026-03-01T12:10:00+08:00',
    trouble: { from: '2026-03-01T10:05:00+08:00' },
    place: { location: { point: street }, name: '天河直街' },
    stillOut: 'no',
  }
  day.feed(input('ComplaintReceived', clock('12:10'), draft))
  const first = day.answer('C-1')
  expect(first).toMatchObject({
    verdict: 'explained',
    root: { kind: 'cutover', id: 'CO-118' },
    state: 'restored',
  })
  expect(first.chain.map(({ relation }) => relation)).toEqual(['explains', 'cutover'])
  expect(first.words.zh).toContain('已恢复')
})

test('the agent’s line has local times in both languages; without a place the words are the question', () => {
  const day = cityDay()
  day.feed(
    input('AlarmRaised', clock('10:02'), {
      alarmId: '4711',
      elementId: 'GZ-0417',
      probableCause: 'Out of Service',
      perceivedSeverity: 'CRITICAL',
    }),
    input('ComplaintReceived', clock('10:20'), {
      complaintId: 'C-1',
      symptom: 'no-signal',
      reportedAt: '2026-03-01T10:20:00+08:00',
      trouble: { from: '2026-03-01T10:05:00+08:00' },
      place: { location: { point: baima } },
    }),
    input('ComplaintReceived', clock('10:21'), {
      complaintId: 'C-2',
      reportedAt: '2026-03-01T10:21:00+08:00',
    }),
  )
  expect(day.answer('C-1').detail).toEqual({
    zh: '白马花园: Out of Service (3月1日 10:02 –; 进行中)',
    en: '白马花园: Out of Service (1 March, 10:02 –; ongoing)',
  })
  expect(day.answer('C-2').words).toEqual(day.answer('C-2').question?.words)
})
