import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { AnswerAmended, AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { logsToTest } from '../event-log/logs-to-test.ts'
import { startApp, type StartedApp } from './start-app.ts'

/*
 * A cutover at Baima Garden (白马花园) interrupts the signal; two hours later a customer, now elsewhere, calls and names
 * Tianhe Straight Street (天河直街). Through the HTTP API alone. Local time is UTC+8.
 */

let city: StartedApp
afterEach(() => city.stop())

const baima = [113.33, 23.14]
/** Half-way between the estate and the metro, 360 m from either. */
const street = [113.3335, 23.14]
const sites = [
  ['GZ-0417', '白马花园', baima],
  ['GZ-0533', '天河地铁站', [113.337, 23.14]],
  ['GZ-0601', '石牌东', [113.355, 23.133]],
] as const

async function post(url: string, payload: object = {}): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await city.send('POST', url, payload)
  expect(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
  return body
}

async function drawTheMap() {
  for (const [elementId, name, point] of sites) {
    await post('/v1/elements', {
      source: 'nms',
      elementId,
      kind: 'site',
      name,
      location: { point },
      services: ['mobile'],
      coverage: { kind: 'radius', radiusMeters: 800 },
    })
  }
  await post('/v1/places', {
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
}

const title =
  'plan, alarm, clear, a late call from elsewhere, one question, "restored", recorded, no work order'

test.each(logsToTest())(`${title}: on $name`, async ({ open }) => {
  const log = await open()
  onTestFinished(() => log.close())
  city = await startApp({ at: '2026-02-28T02:00:00.000Z', log })
  await drawTheMap()
  // A day ahead network operations enters the work.
  await post('/v1/cutovers', {
    source: 'works',
    cutoverId: 'CO-118',
    title: '白马花园基站割接',
    elementIds: ['GZ-0417'],
    plannedStart: '2026-03-01T10:00:00+08:00',
    plannedEnd: '2026-03-01T11:00:00+08:00',
    work: 'migration',
  })

  // The work begins, the site goes out of service, comes back, the work is done.
  await city.goTo('2026-03-01T02:00:00.000Z')
  await post('/v1/cutovers/CO-118/start', { source: 'works' })
  await city.goTo('2026-03-01T02:02:00.000Z')
  await post('/v1/alarms', {
    event: 'raised',
    source: 'nms',
    alarmId: '4711',
    elementId: 'GZ-0417',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    perceivedSeverity: 'CRITICAL',
  })
  // The metro's site fails at about the same time, for a reason of its own.
  await post('/v1/alarms', {
    event: 'raised',
    source: 'nms',
    alarmId: '4712',
    elementId: 'GZ-0533',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    perceivedSeverity: 'CRITICAL',
  })
  await city.goTo('2026-03-01T02:41:00.000Z')
  await post('/v1/alarms', { event: 'cleared', source: 'nms', alarmId: '4712' })
  await post('/v1/alarms', { event: 'cleared', source: 'nms', alarmId: '4711' })
  await city.goTo('2026-03-01T02:45:00.000Z')
  await post('/v1/cutovers/CO-118/finish', { source: 'works' })

  // Two hours after losing signal the customer calls; the agent types the street as it sounds.
  await city.goTo('2026-03-01T04:05:00.000Z')
  const search = await city.send<{ items: { name: string; placeId: string }[] }>(
    'GET',
    `/v1/places?q=${encodeURIComponent('天河植街')}`,
  )
  const placeId = search.body.items[0]?.placeId
  expect(search.body.items[0]?.name).toBe('天河直街')

  // Around it Baima Garden stands out.
  const near = await city.send<{ items: { title: string; state: string }[] }>(
    'GET',
    `/v1/causes?near=${street.join(',')}`,
  )
  expect(near.body.items.map(({ title, state }) => `${title} ${state}`)).toEqual(
    expect.arrayContaining(['白马花园: outOfService restored']),
  )

  // With what he says first the answer is a question. It is recorded with it.
  const first = await city.send<AnswerComplaint>('POST', '/v1/complaints', {
    id: 'T-1',
    source: 'crm',
    customer: { phone: '13812345678', name: '张三' },
    text: '上午手机没有信号',
    service: 'mobile',
    trouble: { from: '2026-03-01T10:05:00+08:00' },
    stillOut: 'no',
    place: { placeId },
  })
  expect(first.status).toBe(201)
  expect(first.body).toMatchObject({ band: 'ask', place: { name: '天河直街' } })
  expect(first.body.question?.options.map(({ about }) => about.id).toSorted()).toEqual(['GZ-0417', 'GZ-0533'])
  for (const name of ['白马花园', '天河地铁站']) expect(first.body.question?.words.zh).toContain(name)

  // Was it near Baima Garden, or by the metro? It was near Baima Garden.
  const amended = await city.send<AnswerAmended>('POST', '/v1/complaints/T-1/amend', {
    source: 'crm',
    confirmations: [
      { about: { kind: 'element', id: 'GZ-0417' }, answer: 'yes' },
      { about: { kind: 'element', id: 'GZ-0533' }, answer: 'no' },
    ],
  })
  expect(amended.status).toBe(201)
  const answer = amended.body.answer as AnswerComplaint
  expect(answer).toMatchObject({
    verdict: 'explained',
    root: { kind: 'cutover', id: 'CO-118' },
    state: 'restored',
    band: 'say',
    staleFeeds: [],
  })
  expect(answer.chain.map(({ relation, cause }) => `${relation} ${cause.kind}`)).toEqual([
    'explains alarm',
    'cutover cutover',
  ])
  expect(answer.words.zh).toContain('已恢复')
  expect(answer.words.en).toContain('restored')
  // The customer hears no names or codes of the network, the agent sees them.
  for (const name of ['白马花园', 'CO-118', 'GZ-0417', '4711']) {
    expect(answer.words.zh + answer.words.en).not.toContain(name)
  }
  expect(answer.detail.zh).toContain('CO-118')

  // The agent says it; no work order waits, the complaint is linked to site and cutover, and stands in the outage.
  await post('/v1/complaints/T-1/reply', {
    words: answer.words.zh,
    language: 'zh',
    attributionId: answer.attributionId,
  })
  await post('/v1/complaints/T-1/resolve', { resolution: 'explained' })
  await city.settle()
  const toDispatch = await city.send<{ items: unknown[] }>('GET', '/v1/complaints?toDispatch=true')
  expect(toDispatch.body.items).toEqual([])
  const outages = await city.send<{ items: { outageId: string }[] }>(
    'GET',
    '/v1/outages?causeKind=cutover&causeId=CO-118',
  )
  expect(outages.body.items.map(({ outageId }) => outageId)).toEqual([answer.outageId])
  const members = await city.send<{ items: { complaintId: string }[] }>(
    'GET',
    `/v1/outages/${answer.outageId}/members`,
  )
  expect(members.body.items.map(({ complaintId }) => complaintId)).toEqual(['T-1'])
  const story = await city.send<{ items: { type: string }[] }>('GET', '/v1/complaints/T-1/story')
  expect(story.body.items.map(({ type }) => type)).toEqual([
    'ComplaintReceived',
    'CauseAttributed',
    'ComplaintAmended',
    'CauseAttributed',
    'ReplyGiven',
    'ComplaintResolved',
  ])
})
