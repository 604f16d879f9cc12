import { deserialize, serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/correlate/engine.ts'
import type { FlatGraph } from '../../src/correlate/state-graph.ts'
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
} from './story.ts'

const verdict = (
  type: 'OutageConfirmed' | 'OutageRejected',
  time: string,
  outageId: string | undefined,
  cause: object,
) => input(type, clock(time), { outageId, cause })
const undone = (time: string, eventId: string) => input('DecisionUndone', clock(time), { eventId })

/** One outage on S1 with one complaint, C. */
function oneOutage() {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), call('C', '10:05', '10:01'))
  day.settle(clock('10:06'))
  const [outageId] = openOutages(day.decisions).keys()
  return { day, outageId, cause: episode('S1', '10:00') }
}

test('a cause rejected on its outage is proposed to none of its complaints, present or later, and the outage is over', () => {
  const { day, outageId, cause } = oneOutage()
  const rejected = verdict('OutageRejected', '10:10', outageId, cause)
  expect(day.feed(rejected).map(({ type, data }) => [type, data])).toEqual([
    ['OutageEnded', { outageId, reason: 'rejected' }],
  ])
  day.feed(call('D', '10:12', '10:02'))
  day.settle(clock('10:15'))
  expect([day.answer('C').verdict, day.answer('D').verdict]).toEqual(['unexplained', 'unexplained'])
  // Nor does an alarm that hangs on nothing else bring it back.
  day.feed(amended('10:16', 'C', { stillOut: 'yes' }))
  day.settle(clock('10:20'))
  expect(openOutages(day.decisions).size).toBe(0)
  day.feed(undone('10:21', rejected.id))
  day.settle(clock('10:25'))
  expect(day.answer('C')).toMatchObject({ root: cause, outageId })
  expect(day.answer('D')).toMatchObject({ root: cause, outageId })
  expect([...openOutages(day.decisions)]).toEqual([[outageId, cause]])
})

test('a root rejected on its outage lies behind nothing: what hung on it stands for itself', () => {
  const day = newDay()
  day.feed(element('BSC'), site('S1', 'Baima Garden', garden, { parent: 'BSC' }), site('S2', 'Metro', metro))
  day.feed(raised('10:00', 'BSC'), raised('10:01', 'S1'), call('C', '10:05', '10:01'))
  day.settle(clock('10:06'))
  const [outageId] = openOutages(day.decisions).keys()
  expect(day.answer('C').root).toEqual(episode('BSC', '10:00'))
  day.feed(verdict('OutageRejected', '10:10', outageId, episode('BSC', '10:00')))
  day.settle(clock('10:15'))
  expect(day.answer('C').root).toEqual(episode('S1', '10:01'))
  expect([...openOutages(day.decisions).values()]).toEqual([episode('S1', '10:01')])
})

test('a cause confirmed on its outage binds present complaints, where evidence turns too, and later ones', () => {
  const { day, outageId, cause } = oneOutage()
  const confirmed = verdict('OutageConfirmed', '10:10', outageId, cause)
  day.feed(confirmed)
  // A stronger rival comes up: the customer turns out to have stood by the metro.
  day.feed(
    raised('10:11', 'S2', { happened: '10:00' }),
    amended('10:12', 'C', { place: { location: { point: metro }, uncertaintyMeters: 30 } }),
    call('D', '10:13', '10:02'),
  )
  day.settle(clock('10:20'))
  expect(day.answer('C')).toMatchObject({ root: cause, confirmed: true, band: 'say' })
  expect(day.answer('D')).toMatchObject({ root: cause, confirmed: true, outageId })
  day.feed(undone('10:21', confirmed.id))
  day.settle(clock('10:25'))
  expect(day.answer('C').root).toEqual(episode('S2', '10:00'))
})

test('what a person confirmed for one complaint goes before what is rejected for its outage', () => {
  const { day, outageId, cause } = oneOutage()
  day.feed(
    input('CauseConfirmed', clock('10:07'), { complaintId: 'C', cause }),
    verdict('OutageRejected', '10:10', outageId, cause),
    call('D', '10:12', '10:02'),
  )
  day.settle(clock('10:15'))
  expect(day.answer('C').root).toEqual(cause)
  expect(day.answer('D').verdict).toBe('unexplained')
})

test('E2: an engine that folds what was logged, or is made of a snapshot, decides on as the live one', () => {
  const { day, outageId, cause } = oneOutage()
  const logged = day.decisions.slice()
  const reject = verdict('OutageRejected', '10:10', outageId, cause)
  const again = createEngine()
  for (const event of day.inputs)
    again.fold(
      event,
      logged.filter(({ meta }) => meta.causationId === event.id),
    )
  const restored = createEngine(undefined, deserialize(serialize(again.snapshot())) as FlatGraph)
  for (const event of [reject, call('D', '10:12', '10:02'), input('ClockTicked', clock('10:20'), {})]) {
    const live = day.feed(event)
    expect(again.decide(event)).toEqual(live)
    expect(restored.decide(event)).toEqual(live)
  }
})

test('outages that were merged are themselves again when their roots prove to be two', () => {
  const day = newDay()
  day.feed(
    element('BSC'),
    site('S1', 'Baima Garden', garden, { parent: 'BSC' }),
    site('S2', 'Metro', metro, { parent: 'BSC' }),
  )
  day.feed(raised('10:00', 'S1'), call('C', '10:05', '10:01'))
  day.feed(
    raised('10:30', 'S2'),
    call('D', '10:35', '10:31', { place: { location: { point: metro }, uncertaintyMeters: 50 } }),
  )
  day.settle(clock('10:40'))
  const [first, second] = [day.answer('C').outageId, day.answer('D').outageId]
  expect(first).not.toBe(second)
  // The controller is told to have failed before both.
  day.feed(raised('10:41', 'BSC', { happened: '09:59' }))
  day.settle(clock('10:50'))
  expect([...openOutages(day.decisions)]).toEqual([[first, episode('BSC', '09:59')]])
  // It was back long before the second site failed.
  day.feed(cleared('11:00', 'BSC', { happened: '10:10' }))
  day.settle(clock('11:10'))
  expect(day.answer('D')).toMatchObject({ root: episode('S2', '10:30'), outageId: second })
  expect(day.decisions.findLast(({ type }) => type === 'OutageOpened')?.data).toMatchObject({
    outageId: second,
    splitFrom: first,
    since: at('10:30'),
  })
})
