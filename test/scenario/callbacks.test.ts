import { parse } from 'csv-parse/sync'
import { afterEach, expect, test } from 'vitest'
import { buildApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { startApp, type Sent, type StartedApp } from './start-app.ts'

/*
 * A site fails in the morning; those who were told that it was being repaired are called back once it has held. Through the
 * HTTP API alone. Local time is UTC+8.
 */

let city: StartedApp
afterEach(() => city.stop())

type Body = Readonly<Record<string, unknown>>
interface Callback {
  readonly complaintId: string
  readonly outageId: string
  readonly reason: string
  readonly callFrom?: string
  readonly attemptsLeft: number
  readonly lastOutcome?: string
}

async function post(url: string, payload: object = {}): Promise<Body> {
  const { status, body } = await city.send('POST', url, payload)
  expect(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
  return body
}

async function get<Answer = Body>(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { status, body }: Sent<Answer> = await city.send('GET', url, undefined, headers)
  expect(status, `${url}: ${JSON.stringify(body)}`).toBe(200)
  return body
}

/** Every page of a list. */
async function all<Item = Callback>(url: string): Promise<readonly Item[]> {
  const items: Item[] = []
  for (let next: string | undefined = ''; next !== undefined;) {
    const joint = url.includes('?') ? '&' : '?'
    const page: { items: Item[]; next?: string } = await get(
      `${url}${joint}limit=100${next === '' ? '' : `&cursor=${next}`}`,
    )
    items.push(...page.items)
    next = page.next
  }
  return items
}

const site = [113.33, 23.14] as const

async function failSite(at: string): Promise<void> {
  await post('/v1/elements', {
    source: 'nms',
    elementId: 'S-1',
    kind: 'site',
    name: '白马花园',
    location: { point: site },
    services: ['mobile'],
    coverage: { kind: 'radius', radiusMeters: 900 },
  })
  await alarm('raised', at)
}

const alarm = (event: 'raised' | 'cleared', occurredAt: string) =>
  post('/v1/alarms', {
    event,
    source: 'nms',
    alarmId: 'A-1',
    occurredAt,
    ...(event === 'raised' && {
      elementId: 'S-1',
      alarmType: 'COMMUNICATIONS_ALARM',
      probableCause: 'outOfService',
      perceivedSeverity: 'CRITICAL',
    }),
  })

const phoneOf = (at: number) => `138${String(10_000_000 + at)}`

/** A customer complains, and in the same call is told this. */
const complain = (at: number, more: object = {}, reply: object = { words: '正在抢修。' }) =>
  post('/v1/complaints', {
    id: `T-${String(at).padStart(3, '0')}`,
    source: 'crm',
    customer: { phone: phoneOf(at), name: '张三' },
    symptom: 'no-signal',
    service: 'mobile',
    trouble: { from: '2026-03-01T01:05:00Z' },
    place: { point: [site[0] + (at % 17) / 5_000, site[1] + (at % 13) / 5_000] },
    reply,
    ...more,
  })

const call = (complaintId: string, outcome: string, more: object = {}) =>
  post(`/v1/complaints/${complaintId}/callback`, { outcome, channel: 'phone', ...more })

test('300 callbacks less those who declined; "still out" opens the outage again and halts the others', async () => {
  city = await startApp({ at: '2026-03-01T01:00:00.000Z' })
  await failSite('2026-03-01T01:00:00Z')
  await city.goTo('2026-03-01T01:10:00.000Z')
  for (let at = 0; at < 300; at += 1) {
    await complain(at, {
      ...(at === 250 && { customerClass: 'VIP' }),
      ...(at === 299 && { escalated: true }),
      ...(at === 7 && { channel: 'wechat' }),
    })
  }
  // Nobody promised these anything: no reply at all, and one who was told nothing of the trouble's course.
  await complain(300, { reply: undefined })
  await complain(301, {}, { words: '已记录。', told: 'other' })
  // One asked to be called, and one calls a second time.
  await complain(302, {}, { words: '已记录。', told: 'other', callback: { channel: 'sms' } })
  await complain(303, { customer: { phone: phoneOf(0) } })
  await city.settle()

  const waiting = await all('/v1/callbacks?state=waiting')
  expect(waiting).toHaveLength(301)
  expect(await all('/v1/callbacks')).toEqual([])
  const outageId = waiting[0]?.outageId ?? ''
  const before = await get(`/v1/outages/${outageId}`)

  // It comes back; nothing is due before the clear has held for the dwell.
  await city.goTo('2026-03-01T02:00:00.000Z')
  await alarm('cleared', '2026-03-01T02:00:00Z')
  await city.goTo('2026-03-01T02:29:00.000Z')
  expect(await all('/v1/callbacks')).toEqual([])
  await city.goTo('2026-03-01T02:31:00.000Z')
  const due = await all('/v1/callbacks')
  expect(due).toHaveLength(301)
  expect(new Set(due.map(({ complaintId }) => complaintId)).size).toBe(301)
  expect(due.slice(0, 3).map(({ complaintId }) => complaintId)).toEqual(['T-299', 'T-250', 'T-000'])
  expect(due.find(({ complaintId }) => complaintId === 'T-302')).toMatchObject({
    reason: 'asked',
    channel: 'sms',
  })
  expect(due.find(({ complaintId }) => complaintId === 'T-007')).toMatchObject({ channel: 'wechat' })
  expect(await all(`/v1/callbacks?box=113.3299,23.1399,113.3301,23.1401`)).toHaveLength(2)

  await city.goTo('2026-03-01T02:40:00.000Z')
  // Twelve want no calls, and leave the list; one is fine, on the second of two complaints.
  for (let at = 1; at <= 12; at += 1) await call(`T-${String(at).padStart(3, '0')}`, 'declined')
  await call('T-303', 'fine')
  await city.settle()
  expect(await all('/v1/callbacks')).toHaveLength(301 - 12 - 1)
  // What was known before is as it was (P1).
  expect(await all('/v1/callbacks?asOf=2026-03-01T02:35:00Z')).toHaveLength(301)

  // Nobody answers: after a pause, then again, and then the customer is left alone.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await call('T-020', 'no-answer', { note: String(attempt) })
    await city.settle()
    const [found] = (await all('/v1/callbacks')).filter(({ complaintId }) => complaintId === 'T-020')
    if (attempt < 3)
      expect(found).toMatchObject({ attemptsLeft: 3 - attempt, callFrom: '2026-03-01T04:40:00.000Z' })
    else expect(found).toBeUndefined()
  }

  // One is still out: it is open again since its first beginning, and nobody is told that it works.
  await call('T-021', 'still-out')
  await city.settle()
  expect(await all('/v1/callbacks')).toEqual([])
  expect(await all('/v1/callbacks?state=halted')).toHaveLength(287)
  const open = await get<{ items: Body[] }>('/v1/outages')
  expect(open.items).toMatchObject([
    {
      outageId,
      status: 'open',
      state: 'open',
      since: before['since'],
      stillOut: { complaintId: 'T-021', complaints: 1 },
    },
  ])
  const late = await complain(400, { reply: undefined })
  expect(late['outageId']).toBe(outageId)
  expect((late['words'] as { zh: string }).zh).toContain('观察')

  // Hours later the engine's outage has ended; it is open all the same. The customer is helped, and the dwell runs anew.
  await city.goTo('2026-03-01T05:00:00.000Z')
  expect((await get<{ items: Body[] }>('/v1/outages')).items).toHaveLength(1)
  await call('T-021', 'fine')
  await city.settle()
  expect((await get<{ items: Body[] }>('/v1/outages')).items).toEqual([])
  expect(await get(`/v1/outages/${outageId}`)).toMatchObject({
    status: 'ended',
    ended: { reason: 'restored' },
  })
  expect(await all('/v1/callbacks')).toEqual([])
  await city.goTo('2026-03-01T05:31:00.000Z')
  expect(await all('/v1/callbacks')).toHaveLength(286)
  // Three days later nobody is called about it any more.
  await city.goTo('2026-03-04T06:00:00.000Z')
  expect(await all('/v1/callbacks')).toEqual([])
}, 90_000)

test('nobody is called at night, in the zone of the rules', async () => {
  city = await startApp({ at: '2026-03-01T11:00:00.000Z' })
  await failSite('2026-03-01T11:00:00Z')
  await complain(1, { trouble: { from: '2026-03-01T11:00:00Z' } })
  await city.goTo('2026-03-01T12:00:00.000Z')
  await alarm('cleared', '2026-03-01T12:00:00Z')
  await city.goTo('2026-03-01T12:45:00.000Z')
  // 20:45 in Shanghai: due, and not to be called before nine in the morning.
  expect(await all('/v1/callbacks')).toMatchObject([{ callFrom: '2026-03-02T01:00:00.000Z' }])
  expect(await all('/v1/callbacks?callable=true')).toEqual([])
  await city.goTo('2026-03-02T01:00:00.000Z')
  expect(await all('/v1/callbacks?callable=true')).toHaveLength(1)
})

test('S1: the dialler has numbers where its key is entitled to them, and masked ones otherwise', async () => {
  const keys = { entitled: 'entitled-key-0123456789', other: 'another-key-0123456789' }
  city = await startApp({ at: '2026-03-01T01:00:00.000Z' })
  await failSite('2026-03-01T01:00:00Z')
  await city.goTo('2026-03-01T01:10:00.000Z')
  await complain(1)
  await complain(
    2,
    { customer: { phone: '+86 138-1000-0002', name: '=HYPERLINK("x")' } },
    { words: '+正在抢修', told: 'ongoing' },
  )
  await alarm('cleared', '2026-03-01T01:10:00Z')
  await city.goTo('2026-03-01T02:00:00.000Z')
  const { headers, body } = await city.send<string>('GET', '/v1/callbacks.csv?language=zh')
  expect(headers['content-type']).toContain('text/csv')
  expect(headers['cache-control']).toBe('no-store')
  const rows: readonly Record<string, string>[] = parse(body, { columns: true })
  expect(rows.map((row) => [row['投诉编号'], row['电话号码'], row['姓名']])).toEqual([
    ['T-001', '13810000001', '张三'],
    ['T-002', '+8613810000002', `'=HYPERLINK("x")`],
  ])
  expect(rows[1]?.['已告知内容']).toBe(`'+正在抢修`)

  const masked = await maskedFor(keys)
  expect(masked).not.toContain('13810000001')
  expect(masked).toContain('138****0001')
})

/** The list as a key that is not entitled sees it: an app of its own over the same services. */
async function maskedFor(keys: { entitled: string; other: string }): Promise<string> {
  const apiKeys = [
    { name: 'dialler', key: keys.entitled, personalData: true },
    { name: 'other', key: keys.other, personalData: false },
  ]
  const { services } = city
  const app = await buildApp(
    { ...services, metrics: createMetrics(), config: { ...services.config, apiKeys } },
    { version: '0.0.0-test' },
  )
  const url = '/v1/callbacks.csv'
  const answer = await app.inject({ method: 'GET', url, headers: { 'x-api-key': keys.other } })
  const entitled = await app.inject({ method: 'GET', url, headers: { 'x-api-key': keys.entitled } })
  expect(entitled.body).toContain('13810000001')
  await app.close()
  return answer.body
}
