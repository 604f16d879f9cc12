import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswerAmended, AnswerAssist, AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
const at = '2026-03-01T08:00:00.000Z'
beforeEach(async () => (started = await startApp({ at })))
afterEach(() => started.stop())

const place = { point: [113.33, 23.14] }

async function eventsOf(complaintId: string) {
  const events = []
  for await (const batch of started.services.log.readStream(`complaint-${complaintId}`)) events.push(...batch)
  return events
}

/** A site out of service around the place. */
async function failSite() {
  await started.send('POST', '/v1/elements', {
    source: 'nms',
    elementId: 'S-1',
    kind: 'site',
    name: '白马花园',
    location: place,
    coverage: { kind: 'radius', radiusMeters: 800 },
  })
  await started.send('POST', '/v1/alarms', {
    event: 'raised',
    source: 'nms',
    alarmId: 'A-1',
    elementId: 'S-1',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    perceivedSeverity: 'CRITICAL',
    occurredAt: '2026-03-01T07:50:00Z',
  })
}

describe('a complaint is answered in the same response', () => {
  test('with cause chain, probability, band, words, outage and how current the picture is', async () => {
    await failSite()
    const { status, body, headers } = await started.send<AnswerComplaint>('POST', '/v1/complaints', {
      id: 'C-1',
      text: '没有信号',
      place,
      trouble: { from: '2026-03-01T07:52:00Z' },
    })
    expect(status).toBe(201)
    expect(headers['location']).toBe('/v1/complaints/C-1')
    expect(body).toMatchObject({
      complaintId: 'C-1',
      verdict: 'explained',
      root: { kind: 'alarm' },
      band: 'say',
      understood: { symptom: 'no-signal', service: 'mobile' },
      dataAsOf: { nms: at },
      staleFeeds: [],
    })
    const again = await started.send<AnswerComplaint>('GET', '/v1/complaints/C-1')
    expect(again.body.attributionId).toBe(body.attributionId)
    const story = await started.send<{ items: { type: string }[] }>('GET', '/v1/complaints/C-1/story')
    expect(story.body.items.map(({ type }) => type)).toContain('CauseAttributed')
  })

  test('L2: the same complaint sent again is the same answer and no other event', async () => {
    const draft = { id: 'C-1', text: 'no signal', place, customer: { phone: '13812345678' } }
    const first = await started.send<AnswerComplaint>('POST', '/v1/complaints', draft)
    await started.goTo('2026-03-01T08:05:00.000Z')
    const second = await started.send<AnswerComplaint>('POST', '/v1/complaints', draft)
    expect(first.status).toBe(201)
    expect(second).toMatchObject({ status: 200, body: { duplicate: 'same' } })
    expect(second.body.attributionId).toBe(first.body.attributionId)
    expect(second.body.words).toEqual(first.body.words)
    expect(await eventsOf('C-1')).toHaveLength(1)
  })

  test('L2: without an id, what was said at a stated time is one complaint', async () => {
    const draft = { text: 'no signal', place, reportedAt: '2026-03-01T07:59:00Z' }
    const first = await started.send<AnswerComplaint>('POST', '/v1/complaints', draft)
    const second = await started.send<AnswerComplaint>('POST', '/v1/complaints', draft)
    expect(second).toMatchObject({ status: 200, body: { complaintId: first.body.complaintId } })
  })

  test('H1: its id with other content changes nothing and is kept with the refused', async () => {
    await started.send('POST', '/v1/complaints', { id: 'C-1', text: 'no signal', place })
    const { status, body } = await started.send<AnswerComplaint>('POST', '/v1/complaints', {
      id: 'C-1',
      symptom: 'slow-data',
      place,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ duplicate: 'differs', understood: { symptom: 'no-signal' } })
    const refused = await started.send<{ items: { id: string }[] }>('GET', '/v1/refused')
    expect(refused.body.items.map(({ id }) => id)).toEqual([body.refusedId])
  })

  test('assist answers the same and records nothing', async () => {
    await failSite()
    await started.settle()
    const draft = { text: '没有信号', place, trouble: { from: '2026-03-01T07:52:00Z' } }
    const head = await started.services.log.head()
    const assist = await started.send<AnswerAssist>('POST', '/v1/assist', draft)
    expect(await started.services.log.head()).toBe(head)
    const recorded = await started.send<AnswerComplaint>('POST', '/v1/complaints', draft)
    expect(assist.body.root).toEqual(recorded.body.root)
    expect(assist.body.words).toEqual(recorded.body.words)
    expect(assist.body.probability).toBe(recorded.body.probability)
  })

  test('the reply given in the call is kept word for word', async () => {
    await started.send('POST', '/v1/complaints', {
      id: 'C-1',
      text: 'no signal',
      reply: { words: '正在抢修,预计十一点恢复。', language: 'zh', statedEnd: '2026-03-01T11:00:00+08:00' },
    })
    const reply = (await eventsOf('C-1')).find(({ type }) => type === 'ReplyGiven')
    expect(reply?.data).toMatchObject({
      words: '正在抢修,预计十一点恢复。',
      statedEnd: '2026-03-01T03:00:00.000Z',
    })
  })

  test('what is not the network has words of its own', async () => {
    const { body } = await started.send<AnswerComplaint>('POST', '/v1/complaints', {
      symptom: 'no-signal',
      accountState: 'suspended',
      place,
    })
    expect(body.verdict).toBe('notNetwork')
  })
})

test('customer class and escalation order callbacks and are no evidence', async () => {
  await failSite()
  await started.settle()
  const draft = { text: '没有信号', place, trouble: { from: '2026-03-01T07:52:00Z' } }
  const plain = await started.send<AnswerAssist>('POST', '/v1/assist', draft)
  const vip = { ...draft, customerClass: 'vip', escalated: true }
  const escalated = await started.send<AnswerAssist>('POST', '/v1/assist', vip)
  expect(escalated.body).toEqual(plain.body)
})

test('an answer that takes too long is 202 with a link that tells it', async () => {
  await started.stop()
  const neverInTime = async () => undefined
  started = await startApp({
    at,
    change: (services) => ({ ...services, correlator: { ...services.correlator, decided: neverInTime } }),
  })
  const { status, body, headers } = await started.send('POST', '/v1/complaints', {
    id: 'C-1',
    text: 'no signal',
  })
  expect({ status, body }).toMatchObject({ status: 202, body: { complaintId: 'C-1', pending: true } })
  await started.settle()
  const later = await started.send<AnswerComplaint>('GET', String(headers['location']))
  expect(later.body.attributionId).toBeDefined()
})

test('the id of one system used by another is told to differ, and the complaint has one beginning', async () => {
  await started.send('POST', '/v1/complaints', { id: 'C-1', source: 'crm', text: 'no signal' })
  const other = await started.send('POST', '/v1/complaints', { id: 'C-1', source: 'web', text: 'no signal' })
  expect(other).toMatchObject({ status: 200, body: { duplicate: 'differs' } })
  expect(await eventsOf('C-1')).toHaveLength(1)
})

describe('a place', () => {
  test('of several matches is asked about, and the amendment settles it', async () => {
    await started.send('POST', '/v1/places', {
      places: [
        { name: '中山路', lon: 113.26, lat: 23.13, kind: 'street' },
        { name: '中山路', lon: 113.46, lat: 23.11, kind: 'street' },
      ],
    })
    const { body } = await started.send<AnswerComplaint>('POST', '/v1/complaints', {
      id: 'C-1',
      text: '没有信号',
      place: { name: '中山路' },
    })
    expect(body.band).toBe('ask')
    expect(body.place).toBeUndefined()
    expect(body.which?.places).toHaveLength(2)
    const placeId = body.which?.places[0]?.placeId
    const amended = await started.send<AnswerAmended>('POST', '/v1/complaints/C-1/amend', {
      place: { placeId },
    })
    expect(amended.status).toBe(201)
    expect(amended.body.answer).toMatchObject({ place: { placeId } })
    expect(amended.body.answer).not.toHaveProperty('which')
  })

  test('in GCJ-02 is stored in WGS-84 with the original', async () => {
    await started.send('POST', '/v1/complaints', {
      id: 'C-1',
      text: '没有信号',
      place: { point: [113.33, 23.14], crs: 'gcj02' },
    })
    const [received] = await eventsOf('C-1')
    const data = received?.data as { place: { location: { point: [number, number]; original: unknown } } }
    expect(data.place.location.original).toEqual({ crs: 'gcj02', point: [113.33, 23.14] })
    expect(Math.abs(data.place.location.point[0] - 113.33)).toBeGreaterThan(0.003)
  })

  test('of an unknown name is said to be unknown, and the complaint recorded', async () => {
    const { status, body } = await started.send<AnswerComplaint>('POST', '/v1/complaints', {
      text: 'no signal',
      place: { name: 'Xanadu' },
    })
    expect(status).toBe(201)
    expect(body.placeNotFound).toBe('Xanadu')
  })
})

describe('acts on an answer', () => {
  test('that is not the one in force get 409 with the one that is', async () => {
    const { body } = await started.send<AnswerComplaint>('POST', '/v1/complaints', {
      id: 'C-1',
      text: 'no signal',
      place,
    })
    await started.settle()
    const refused = await started.send('POST', '/v1/complaints/C-1/reply', {
      words: 'All is well.',
      language: 'en',
      attributionId: 'another',
    })
    expect(refused).toMatchObject({ status: 409, body: { attributionId: body.attributionId } })
    const taken = await started.send('POST', '/v1/complaints/C-1/reply', {
      words: 'We are looking into it.',
      language: 'en',
      attributionId: body.attributionId,
    })
    expect(taken).toMatchObject({ status: 201, body: { type: 'ReplyGiven', outcome: 'stored' } })
  })

  test('on a complaint that nobody knows get 404', async () => {
    for (const act of ['withdraw', 'dispatch']) {
      expect((await started.send('POST', `/v1/complaints/none/${act}`)).status).toBe(404)
    }
    const note = await started.send('POST', '/v1/complaints/none/note', { text: 'x' })
    expect(note.status).toBe(404)
  })

  test('can be taken back, once', async () => {
    await started.send('POST', '/v1/complaints', { id: 'C-1', text: 'no signal', place })
    const { body } = await started.send('POST', '/v1/complaints/C-1/dispatch', { orderId: 'W-1' })
    const undo = `/v1/acts/${String(body['eventId'])}/undo`
    expect((await started.send('POST', undo)).status).toBe(201)
    expect(await started.send('POST', undo)).toMatchObject({
      status: 200,
      body: { outcome: 'duplicate' },
    })
    const complaint = await started.send<{ complaint: { status: string } }>('GET', '/v1/complaints/C-1')
    expect(complaint.body.complaint.status).toBe('open')
  })
})

describe('S1: personal data', () => {
  const secrets = ['13812345678', '张三', '我家没有信号']
  const draft = {
    id: 'C-1',
    text: '我家没有信号',
    customer: { phone: '138 1234 5678', name: '张三' },
    place,
  }

  test('is in no event, and seen whole or masked only through its own route', async () => {
    await started.send('POST', '/v1/complaints', draft)
    await started.settle()
    const everything = []
    for await (const batch of started.services.log.readAll()) everything.push(...batch)
    const text = JSON.stringify(everything)
    for (const secret of secrets) expect(text).not.toContain(secret)
    expect(text).toContain('customerRef')
    const personal = await started.send('GET', '/v1/complaints/C-1/personal')
    expect(personal.body).toEqual({
      masked: false,
      erased: false,
      fields: { phone: '138 1234 5678', name: '张三', text: '我家没有信号' },
    })
    expect(personal.headers['cache-control']).toBe('no-store')
  })

  test('a customer is found by number without the number in an address', async () => {
    await started.send('POST', '/v1/complaints', draft)
    await started.settle()
    const found = await started.send<{ items: { complaintId: string }[] }>('POST', '/v1/customers/find', {
      phone: '+86 13812345678',
    })
    expect(found.body.items.map(({ complaintId }) => complaintId)).toEqual(['C-1'])
  })

  test('numbers in notes are masked, a reply stays word for word', async () => {
    await started.send('POST', '/v1/complaints', draft)
    await started.send('POST', '/v1/complaints/C-1/note', { text: 'call back at 138-1234-5678 after 18:00' })
    await started.send('POST', '/v1/complaints/C-1/reply', {
      words: 'Our number is 020 8765 4321.',
      language: 'en',
    })
    const data = (await eventsOf('C-1')).map((event) => event.data)
    expect(data[1]).toMatchObject({ text: 'call back at … after 18:00' })
    expect(data[2]).toMatchObject({ words: 'Our number is 020 8765 4321.' })
  })

  test('another content under a known id leaves what is sealed as it was', async () => {
    await started.send('POST', '/v1/complaints', draft)
    await started.send('POST', '/v1/complaints', { ...draft, text: 'something else entirely is broken' })
    const personal = await started.send<{ fields: { text: string } }>('GET', '/v1/complaints/C-1/personal')
    expect(personal.body.fields.text).toBe('我家没有信号')
  })
})

describe('a stale feed', () => {
  test('is named in the answer and by /ready, and the words neither blame nor clear the network', async () => {
    await started.stop()
    const feeds = [{ source: 'nms', heartbeatMs: 300_000, maxLagMs: 900_000 }]
    started = await startApp({ at, config: { feeds } })
    const stale = await started.send<AnswerComplaint>('POST', '/v1/complaints', { text: 'no signal', place })
    expect(stale.body.staleFeeds).toEqual(['nms'])
    const words = started.services.correlator.ruleset()?.words['feed-stale']
    expect(stale.body).toMatchObject({ verdict: 'unexplained', words, detail: words })
    expect(stale.body.band).not.toBe('say')
    expect((await started.send('GET', '/ready')).body['staleFeeds']).toEqual(['nms'])

    await started.send('POST', '/v1/feeds/nms/heartbeat')
    const fresh = await started.send<AnswerComplaint>('POST', '/v1/complaints', { text: 'no signal', place })
    expect(fresh.body.staleFeeds).toEqual([])
    expect(fresh.body.words).not.toEqual(words)
  })
})
