import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnswerAmended, AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { startApp, type StartedApp } from './start-app.ts'

/*
 * The worked example: a cutover at Baima Garden (白马花园), a customer who calls two hours later from elsewhere and names
 * Tianhe Straight Street (天河直街). Through the HTTP API alone. Local time is UTC+8.
 */

let city: StartedApp
beforeEach(async () => {
  city = await startApp({ at: '2026-02-28T02:00:00.000Z' })
})
afterEach(() => city.stop())

const baima = [113.33, 23.14] as const
/** A street beside the estate: some 450 m from the site. */
const street = [113.3343, 23.1405] as const

async function register(elementId: string, name: string, [lon, lat]: readonly [number, number]) {
  const { status } = await city.send('POST', '/v1/elements', {
    source: 'nms',
    elementId,
    kind: 'site',
    name,
    location: { point: [lon, lat] },
    services: ['mobile'],
    coverage: { kind: 'radius', radiusMeters: 800 },
  })
  expect(status).toBe(201)
}

test('plan, alarm, clear, late call from elsewhere, fuzzy place, one question, restored words, no dispatch', async () => {
  await register('GZ-1001', '白马花园', baima)
  await register('GZ-1002', '体育西路', [113.3205, 23.135])
  await register('GZ-1003', '石牌东', [113.345, 23.133])
  const gazetteer = await city.send('POST', '/v1/places', {
    places: [
      {
        name: '天河直街',
        lon: street[0],
        lat: street[1],
        kind: 'street',
        aliases: ['Tianhe Straight Street'],
      },
      { name: '天河路', lon: 113.327, lat: 23.132, kind: 'street' },
    ],
  })
  expect(gazetteer.body).toMatchObject({ taken: 2, refused: 0 })

  // A day ahead: the work is planned.
  const planned = await city.send('POST', '/v1/cutovers', {
    source: 'works',
    cutoverId: 'CO-118',
    title: '白马花园基站割接',
    elementIds: ['GZ-1001'],
    plannedStart: '2026-03-01T10:00:00+08:00',
    plannedEnd: '2026-03-01T11:00:00+08:00',
    work: 'migration',
  })
  expect(planned.status).toBe(201)

  // The day: it starts, the site goes out of service, comes back, the work is done.
  await city.goTo('2026-03-01T02:00:00.000Z')
  expect((await city.send('POST', '/v1/cutovers/CO-118/start', { source: 'works' })).status).toBe(201)
  await city.goTo('2026-03-01T02:02:00.000Z')
  await city.send('POST', '/v1/alarms', {
    event: 'raised',
    source: 'nms',
    alarmId: '4711',
    elementId: 'GZ-1001',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    specificProblem: 'Site out of service',
    perceivedSeverity: 'CRITICAL',
  })
  await city.goTo('2026-03-01T02:41:00.000Z')
  await city.send('POST', '/v1/alarms', { event: 'cleared', source: 'nms', alarmId: '4711' })
  await city.send('POST', '/v1/cutovers/CO-118/finish', { source: 'works' })

  // Two hours after losing signal the customer, now elsewhere, calls.
  await city.goTo('2026-03-01T04:05:00.000Z')
  const found = await city.send<{ items: { placeId: string; name: string }[] }>(
    'GET',
    `/v1/places?q=${encodeURIComponent('天河植街')}`,
  )
  expect(found.body.items[0]?.name).toBe('天河直街')

  const draft = {
    id: 'T-1',
    source: 'crm',
    customer: { phone: '13812345678', name: '张三' },
    text: '上午十点左右突然没有信号,现在好了',
    service: 'mobile',
    trouble: { from: '2026-03-01T10:05:00+08:00', to: '2026-03-01T10:40:00+08:00' },
    stillOut: 'no',
    place: { name: '天河植街' },
  }
  const asked = await city.send<AnswerComplaint>('POST', '/v1/complaints', draft)
  expect(asked.status).toBe(201)
  console.log(JSON.stringify(asked.body, null, 1))

  // "Was it near Baima Garden?" It was.
  const settled = await city.send<AnswerAmended>('POST', '/v1/complaints/T-1/amend', {
    source: 'crm',
    confirmations: [{ about: { kind: 'element', id: 'GZ-1001' }, answer: 'yes' }],
  })
  expect(settled.status).toBe(201)
  console.log(JSON.stringify(settled.body, null, 1))
})
