import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { complaintReceived } from '../../schemas/complaint.ts'
import { engineVersion } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { newEvent } from '../../src/domain/new-event.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { activateFirstRules } from '../../src/pipeline/ruleset-first.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { home, startDesk, type Desk, type Json, type Point } from './desk.ts'
import type { StartedApp, StartSettings } from './start-app.ts'

/* "What did the agent see at 14:05?", through the HTTP API alone. All times are UTC. */

let city: StartedApp
let post: Desk['post']
let site: Desk['site']
let alarm: Desk['alarm']
let clear: Desk['clear']
beforeEach(async () => begin())
afterEach(() => city.stop())

async function begin(settings: StartSettings = {}): Promise<void> {
  ;({ city, post, site, alarm, clear } = await startDesk({ at: at('13:00'), ...settings }))
}

const at = (time: string) => `2026-03-01T${time}:00.000Z`

async function get<Body = Json>(url: string): Promise<Body> {
  const { status, body } = await city.send<Body>('GET', url)
  expect(status, `${url}: ${JSON.stringify(body)}`).toBe(200)
  return body
}

const asOf = (url: string, moment: string) =>
  `${url}${url.includes('?') ? '&' : '?'}asOf=${encodeURIComponent(moment)}`

const raise = (alarmId: string, elementId: string, occurredAt?: string) =>
  alarm(alarmId, elementId, occurredAt === undefined ? {} : { occurredAt })
const call = (id: string, place: Point = home) =>
  post('/v1/complaints', {
    id,
    source: 'crm',
    text: '没有信号',
    service: 'mobile',
    customer: { phone: `1380000${id.slice(-4)}` },
    place: { point: place, uncertaintyMeters: 100 },
    trouble: { from: new Date(city.clock.nowMs() - 60_000).toISOString(), uncertaintyMs: 120_000 },
  })

describe('what did the agent see at 14:05?', () => {
  test('the answer of 14:05 with its evidence, words and rules, though it was revised at 14:20', async () => {
    await site('S-1')
    await city.goTo(at('14:00'))
    const { complaintId } = await call('T-0001')
    const url = `/v1/complaints/${String(complaintId)}`
    await city.goTo(at('14:05'))
    const seen = await get<AnswerComplaint>(url)
    expect(seen).toMatchObject({ verdict: 'unexplained', band: 'dispatch', ruleset: defaultRuleset.version })

    await city.goTo(at('14:10'))
    await post('/v1/rulesets', { ...defaultRuleset, version: 'later' })
    await city.goTo(at('14:19'))
    await raise('A-1', 'S-1', at('13:58'))
    await city.goTo(at('14:20'))
    const revised = await get<AnswerComplaint>(url)
    expect(revised).toMatchObject({ verdict: 'explained', band: 'say', ruleset: 'later' })
    expect(revised.words).not.toEqual(seen.words)
    expect(revised).not.toHaveProperty('asOf')

    await city.goTo(at('18:00'))
    const then = await get<AnswerComplaint>(asOf(url, '2026-03-01T22:05:00+08:00'))
    expect(then).toMatchObject({ asOf: { at: at('14:05'), recordedAt: expect.stringMatching(/T14:0\d/) } })
    expect(then).toEqual({ ...seen, asOf: expect.anything() })
    expect(then.attributionId).toBe(seen.attributionId)
    expect(then.evidence).toEqual(seen.evidence)
    expect(await get(asOf(url, at('14:20')))).toMatchObject({ verdict: 'explained', ruleset: 'later' })
    expect(await get(asOf('/v1/rulesets/active', at('14:05')))).toMatchObject({
      ruleset: { version: defaultRuleset.version },
    })
  })

  test('P1: every read as of a moment is what it answered at that moment', async () => {
    const box = '113.2,23.0,113.5,23.3'
    const urls = [
      '/v1/outages',
      '/v1/outages?status=ended',
      `/v1/outages?box=${box}`,
      '/v1/clusters',
      '/v1/clusters?status=closed',
      '/v1/complaints?toDispatch=true',
      '/v1/complaints?day=2026-03-01',
      `/v1/elements?box=${box}`,
      '/v1/causes?near=113.33,23.14&radiusMeters=3000',
      '/v1/statistics?from=2026-03-01&to=2026-03-01&by=cause',
      '/v1/planning/complaints?from=2026-03-01&to=2026-03-01',
      '/v1/cutovers?status=planned',
      '/v1/cutovers?status=started',
      '/v1/alarms',
      '/v1/alarms/nms/A-1',
      '/v1/elements/S-1',
      '/v1/complaints/T-0001',
      '/v1/complaints/T-0001/story',
      '/v1/unmapped-alarms',
    ]
    const seen: { moment: string; url: string; status: number; body: Json }[] = []
    const look = async (moment: string) => {
      await city.goTo(moment)
      for (const url of urls) seen.push({ moment, url, ...(await city.send('GET', url)) })
      // What comes next is recorded later.
      city.clock.advanceTo(Date.parse(moment) + 1_000)
    }
    await liveADay(look)
    await city.goTo('2026-03-02T12:00:00.000Z')
    const different = []
    for (const { moment, url, status, body } of seen) {
      const then = await city.send('GET', asOf(url, moment))
      if (status === 404) {
        expect(then.body, `${url} at ${moment}`).toMatchObject({
          status: 404,
          detail: expect.stringContaining('was known at'),
        })
        continue
      }
      expect(then.body['asOf'], url).toMatchObject({ at: moment })
      const { asOf: _mark, ...answer } = then.body
      expect(answer, `${url} at ${moment}`).toEqual(body)
      different.push(
        JSON.stringify((await city.send('GET', url)).body['items']) !== JSON.stringify(body['items']),
      )
    }
    expect(different.filter(Boolean).length).toBeGreaterThan(20)
  })

  test('a list as of a moment goes on page by page at that moment', async () => {
    await site('S-1')
    await city.goTo(at('14:00'))
    for (let n = 0; n < 7; n += 1) await call(`T-100${n}`)
    await city.goTo(at('14:05'))
    for (let n = 0; n < 7; n += 1) await post(`/v1/complaints/T-100${n}/withdraw`)
    await city.goTo(at('14:10'))
    expect(await get('/v1/complaints?toDispatch=true')).toMatchObject({ items: [] })
    const ids: string[] = []
    for (let cursor = ''; ;) {
      const page = await get<{ items: Json[]; next?: string }>(
        asOf(`/v1/complaints?toDispatch=true&limit=3${cursor}`, at('14:04')),
      )
      ids.push(...page.items.map((item) => String(item['complaintId'])))
      if (page.next === undefined) break
      cursor = `&cursor=${page.next}`
    }
    expect(ids.toSorted()).toEqual(Array.from({ length: 7 }, (_, n) => `T-100${n}`))
  })
})

describe('a moment', () => {
  test('without an offset, or none at all, is refused by name', async () => {
    for (const moment of ['2026-03-01T14:05:00', 'yesterday', '2026-02-30T25:00:00Z', '']) {
      const { status, body } = await city.send('GET', asOf('/v1/outages', moment))
      expect(status, moment).toBe(400)
      expect(body).toMatchObject({ errors: [{ in: 'query', pointer: '/asOf' }] })
    }
  })

  test('that is yet to come is refused, for what is known then nobody knows', async () => {
    for (const url of ['/v1/outages', '/v1/outages/OUT-1', '/v1/complaints/T-1', '/v1/causes?near=113,23']) {
      const { status, body } = await city.send('GET', asOf(url, at('13:01')))
      expect(status, url).toBe(400)
      expect(body).toMatchObject({
        errors: [{ in: 'query', pointer: '/asOf', detail: expect.stringContaining('future') }],
      })
    }
  })

  test('before the first event is answered with when that was', async () => {
    const { status, body } = await city.send('GET', asOf('/v1/outages', '2025-12-31T00:00:00Z'))
    expect(status).toBe(404)
    expect(body).toMatchObject({
      firstRecordedAt: at('13:00'),
      detail: expect.stringContaining('first event'),
    })
  })

  test('before a complaint came has no such complaint, and of this moment what is known now', async () => {
    await site('S-1')
    await city.goTo(at('14:00'))
    await call('T-0001')
    const { status, body } = await city.send('GET', asOf('/v1/complaints/T-0001', at('13:59')))
    expect(status).toBe(404)
    expect(body['detail']).toBe('No complaint T-0001 was known at 2026-03-01T13:59:00.000Z.')
    expect(await get(asOf('/v1/complaints/T-0001', at('14:00')))).toMatchObject({
      complaintId: 'T-0001',
      attributionId: expect.any(String),
    })
  })

  test('is a parameter of every read in the description of the API', async () => {
    const { paths } = await get<{
      paths: Record<string, { get?: { parameters?: { name: string; description?: string }[] } }>
    }>('/openapi.json')
    for (const path of [
      'complaints/{complaintId}',
      'outages',
      'clusters/{clusterId}',
      'elements',
      'causes',
    ]) {
      const asked = paths[`/v1/${path}`]?.get?.parameters?.find(({ name }) => name === 'asOf')
      expect(asked?.description, path).toContain('known')
    }
  })
})

/** Works, two faults, calls, a merge of facts, clears, and people's acts; looks at many moments. */
async function liveADay(look: (moment: string) => Promise<void>): Promise<void> {
  await site('S-1')
  await site('S-2', [113.36, 23.16])
  await post('/v1/cutovers', {
    source: 'works',
    cutoverId: 'CO-1',
    title: '割接',
    elementIds: ['S-2'],
    plannedStart: at('14:30'),
    plannedEnd: at('15:00'),
  })
  await look(at('13:30'))
  await raise('A-1', 'S-1')
  for (let n = 1; n <= 6; n += 1) await call(`T-000${n}`)
  await look(at('13:40'))
  await call('T-0099', [113.45, 23.25])
  await look(at('14:00'))
  await post('/v1/cutovers/CO-1/start', { source: 'works' })
  await raise('A-2', 'S-2')
  await call('T-0011', [113.36, 23.16])
  await look(at('14:32'))
  await clear('A-1')
  await post('/v1/complaints/T-0001/reply', { words: '正在抢修', language: 'zh' })
  await look(at('14:40'))
  await look(at('15:20'))
  await clear('A-2')
  await post('/v1/cutovers/CO-1/finish', { source: 'works' })
  await post('/v1/complaints/T-0099/resolve', { resolution: 'restored' })
  await look(at('15:30'))
  await look(at('19:00'))
}

describe('what was true in the world at a moment', () => {
  test('as it is known now, and as it was known at another moment', async () => {
    await site('S-1')
    await city.goTo(at('14:00'))
    await call('T-0001')
    await city.goTo(at('14:18'))
    // The alarm comes half an hour late, and so does its clear.
    await raise('A-1', 'S-1', at('13:45'))
    await city.goTo(at('14:20'))
    await city.goTo(at('15:30'))
    await post('/v1/alarms', { event: 'cleared', source: 'nms', alarmId: 'A-1', occurredAt: at('15:00') })
    await city.goTo(at('18:00'))
    const { outageId } = await get<{ outageId: string }>('/v1/complaints/T-0001')
    const outage = `/v1/outages/${outageId}`
    const statusOf = async (query: string) => (await get<{ at: Json }>(`${outage}?${query}`)).at['status']
    expect(await statusOf(`at=${at('13:40')}`)).toBe('not-begun')
    expect(await statusOf(`at=${at('13:50')}`)).toBe('open')
    expect(await statusOf(`at=${at('15:10')}`)).toBe('over')
    expect(await statusOf(`at=${at('15:10')}&asOf=${at('15:20')}`)).toBe('open')
    expect((await city.send('GET', `${outage}?at=${at('13:50')}&asOf=${at('14:05')}`)).status).toBe(404)

    const openAt = async (query: string) =>
      (await get<{ items: Json[] }>(`/v1/outages?${query}`)).items.map((item) => item['outageId'])
    const box = '&box=113.32,23.13,113.34,23.15'
    expect(await openAt(`at=${at('13:40')}`)).toEqual([])
    expect(await openAt(`at=${at('13:50')}`)).toEqual([outageId])
    expect(await openAt(`at=${at('13:50')}${box}`)).toEqual([outageId])
    expect(await openAt(`at=${at('13:50')}&box=110,20,111,21`)).toEqual([])
    expect(await openAt(`at=${at('15:10')}`)).toEqual([])
    expect(await openAt(`at=${at('15:10')}&asOf=${at('15:20')}`)).toEqual([outageId])
    expect(await openAt(`at=${at('13:50')}&asOf=${at('14:05')}`)).toEqual([])

    expect(await get(`/v1/complaints/T-0001?at=${at('13:50')}`)).toMatchObject({
      verdict: 'explained',
      at: {
        time: at('13:50'),
        status: 'not-reported',
        trouble: 'not-begun',
        causes: [{ status: 'open', from: at('13:45'), to: at('15:00') }],
        outage: { outageId, status: 'open' },
      },
    })
  })

  test('a moment yet to come, or later than what was known of, is refused; so is what does not go with it', async () => {
    await city.goTo(at('14:00'))
    for (const query of [
      `at=${at('14:01')}`,
      `at=${at('13:45')}&asOf=${at('13:30')}`,
      `at=${at('13:30')}&status=ended`,
      `at=${at('13:30')}&causeKind=alarm&causeId=x`,
    ]) {
      for (const list of ['outages', 'clusters']) {
        const { status, body } = await city.send(
          'GET',
          `/v1/${list}?${query.replace('ended', list === 'outages' ? 'ended' : 'closed')}`,
        )
        expect(status, query).toBe(400)
        expect(body['errors'], query).toBeDefined()
      }
    }
  })
})

test('history that was loaded says so, and is known when its file says it was', async () => {
  await city.stop()
  const log = openMemoryLog()
  const complaint = newEvent(
    'ComplaintReceived',
    complaintReceived.parse({
      complaintId: 'OLD-1',
      reportedAt: at('09:00'),
      symptom: 'no-signal',
      place: { location: { point: [...home] } },
    }),
    {
      meta: { source: 'import:crm', actor: 'import', backfilled: true },
      occurredAt: at('09:00'),
      recordedAt: at('09:00'),
      subject: 'OLD-1',
    },
  )
  const writer = createWriter({ log })
  await activateFirstRules(log, writer, { ruleset: defaultRuleset, engineVersion }, at('08:00'))
  await writer.write([complaint])
  await begin({ log })
  await city.goTo(at('14:00'))
  await call('T-0001')
  await city.goTo(at('15:00'))
  const old = await get<{ complaint: Json }>('/v1/complaints/OLD-1')
  expect(old.complaint).toMatchObject({ backfilled: true })
  expect(await get('/v1/complaints/OLD-1/story')).toMatchObject({ items: [{ backfilled: true }, {}] })
  expect(await get(asOf('/v1/complaints?day=2026-03-01', at('10:00')))).toMatchObject({
    items: [{ complaintId: 'OLD-1', backfilled: true }],
    asOf: { recordedAt: at('09:00'), backfilled: true },
  })
  const live = await get<{ items: Json[]; asOf: Json }>(asOf('/v1/complaints?day=2026-03-01', at('14:30')))
  expect(live.items[0]).not.toHaveProperty('backfilled')
  expect(live.asOf).not.toHaveProperty('backfilled')
})
