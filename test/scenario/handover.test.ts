import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerHandover } from '../../schemas/answer-handover.ts'
import { heightsMm, maxRows } from '../../src/http/handover-page.ts'
import { thingNow } from '../../src/http/page-query.ts'
import { startDesk, type Desk, type Json } from './desk.ts'

/* A shift of eight hours, 10:00 to 18:00 in Guangzhou, handed over. */

let desk: Desk
beforeEach(
  async () =>
    void (desk = await startDesk({
      config: { feeds: [{ source: 'nms-north', heartbeatMs: 300_000, maxLagMs: 900_000 }] },
    })),
)
afterEach(() => desk.city.stop())

const points = {
  'S-1': [113.33, 23.14],
  'S-2': [113.43, 23.14],
  'S-3': [113.53, 23.14],
  'S-4': [113.63, 23.14],
} as const

/** A site fails and a customer calls about it. */
async function failure(name: keyof typeof points) {
  await desk.site(name, points[name])
  await desk.alarm(`A-${name}`, name)
  const { outageId, root, complaintId } = await desk.call({ place: { point: points[name] } })
  await desk.city.settle()
  return { url: `/v1/outages/${outageId}`, outageId, root, complaintId }
}

const items = (body: Json, name: string) => body[name] as readonly Json[]

test('a shift of eight hours is handed over: what opened, closed, is open, was promised, rejected, written, and is down', async () => {
  const before = await failure('S-1')
  await desk.post(`${before.url}/note`, { text: 'of the night shift' })
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  const since = '2026-03-01T02:05:00Z'
  await desk.post(`${before.url}/assign`, { assignee: 'Chen' })
  await desk.post(`${before.url}/estimate`, { expectedEnd: '2026-03-01T04:00:00Z' })
  const closed = await failure('S-2')
  await desk.post(`${closed.url}/estimate`, { expectedEnd: '2026-03-01T03:00:00Z' })
  await desk.city.goTo('2026-03-01T02:30:00.000Z')
  await desk.clear('A-S-2')
  const wrong = await failure('S-3')
  await desk.city.goTo('2026-03-01T03:00:00.000Z')
  await desk.post(`${wrong.url}/reject`, { cause: wrong.root, note: 'the site was up' })
  const { eventId } = await desk.post(`${wrong.url}/note`, { text: 'a slip' })
  await desk.post(`/v1/acts/${String(eventId)}/undo`)
  await desk.post(`${before.url}/note`, { text: 'generator <on> its way' })
  await desk.city.goTo('2026-03-01T09:30:00.000Z')
  const last = await failure('S-4')
  await desk.post(`${before.url}/estimate`, { expectedEnd: '2026-03-01T12:00:00Z' })
  await desk.city.goTo('2026-03-01T10:00:00.000Z')

  const shift = await desk.get(`/v1/handover?since=${since}`)
  expect(thingNow(answerHandover).safeParse(shift).error).toBeUndefined()
  expect(items(shift, 'opened').map(({ outageId }) => outageId)).toEqual([
    last.outageId,
    wrong.outageId,
    closed.outageId,
  ])
  expect(items(shift, 'closed')).toMatchObject([
    { outageId: closed.outageId, ended: { reason: 'restored' } },
    { outageId: wrong.outageId, ended: { reason: 'rejected' } },
  ])
  expect(new Set(items(shift, 'stillOpen').map(({ id }) => id))).toEqual(
    new Set([before.outageId, last.outageId]),
  )
  expect(items(shift, 'stillOpen')).toContainEqual(
    expect.objectContaining({ id: before.outageId, owner: 'Chen', expectedEnd: '2026-03-01T12:00:00.000Z' }),
  )
  expect(items(shift, 'promisesMissed')).toMatchObject([
    { outageId: before.outageId, promised: '2026-03-01T04:00:00.000Z' },
  ])
  expect(items(shift, 'rejected')).toMatchObject([
    { about: { kind: 'outage', id: wrong.outageId }, cause: wrong.root, note: 'the site was up' },
  ])
  expect(items(shift, 'notes').map(({ text }) => text)).toEqual(['generator <on> its way'])
  expect(items(shift, 'feedsDown')).toMatchObject([{ source: 'nms-north', reason: 'never-heard' }])
  expect(shift['complete']).toBe(true)
  // The same shift, looked at later, is what was handed over then.
  await desk.city.goTo('2026-03-01T13:00:00.000Z')
  const again = await desk.get(`/v1/handover?since=${since}&asOf=2026-03-01T10:00:00Z`)
  for (const name of ['opened', 'closed', 'stillOpen', 'promisesMissed', 'rejected', 'notes'])
    expect(again[name], name).toEqual(shift[name])
})

test('the page to print stands for itself, in both languages, and what people wrote is text in it', async () => {
  const { url } = await failure('S-1')
  await desk.post(`${url}/note`, { text: '<script>alert(1)</script>' })
  await desk.city.goTo('2026-03-01T10:00:00.000Z')
  const page = async (language: string) => {
    const { status, headers, body } = await desk.city.send<string>(
      'GET',
      `/v1/handover?since=2026-03-01T01:00:00Z&format=html&language=${language}`,
    )
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(body).not.toMatch(/<script|src=|href=|url\(/)
    return body
  }
  expect(await page('zh')).toContain('交接班记录')
  const english = await page('en')
  expect(english).toContain('&lt;script&gt;')
  expect(english).toContain('1 March, 09:00 – 1 March, 18:00 (Asia/Shanghai)')
  expect((await desk.city.send('GET', '/v1/handover?since=2026-03-02T00:00:00Z')).status).toBe(400)
})

test('what customers were promised and did not get, orders, clusters that are over and notes on complaints are handed over', async () => {
  const since = '2026-03-01T02:00:00Z'
  const told = async (url: string, statedEnd: string) =>
    desk.post(`${url}/reply`, { words: '正在抢修', language: 'zh', statedEnd })
  const broken = await failure('S-1')
  const complaintUrl = `/v1/complaints/${broken.complaintId}`
  const neighbour = await desk.call({ place: { point: points['S-1'] } })
  const kept = await failure('S-2')
  await desk.city.settle()
  await told(complaintUrl, '2026-03-01T03:00:00Z')
  await told(`/v1/complaints/${neighbour.complaintId}`, '2026-03-01T03:00:00Z')
  await told(`/v1/complaints/${kept.complaintId}`, '2026-03-01T03:00:00Z')
  // Told another end in time, the customer was promised that one; it lies in the next shift.
  const again = await desk.call({ place: { point: points['S-1'] } })
  await told(`/v1/complaints/${again.complaintId}`, '2026-03-01T03:30:00Z')
  await told(`/v1/complaints/${again.complaintId}`, '2026-03-01T12:00:00Z')
  await desk.post(`${complaintUrl}/note`, { text: 'shop, loses trade' })
  for (let number = 0; number < 4; number += 1) await desk.call({ place: { point: [113.9, 23.1] } })
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  await desk.clear('A-S-2')
  await desk.city.goTo('2026-03-01T02:20:00.000Z')
  const order = await desk.post('/v1/orders', { about: { kind: 'outage', id: broken.outageId } })
  const other = await desk.post('/v1/orders', { about: { kind: 'outage', id: kept.outageId } })
  await desk.post(`/v1/orders/${String(other['orderId'])}/resolve`, { resolution: 'restored', cause: '光缆' })
  await desk.city.goTo('2026-03-01T10:00:00.000Z')

  const shift = await desk.get(`/v1/handover?since=${since}`)
  expect(thingNow(answerHandover).safeParse(shift).error).toBeUndefined()
  expect(items(shift, 'promisesBroken')).toMatchObject([
    {
      promised: '2026-03-01T03:00:00.000Z',
      outageId: broken.outageId,
      complaints: 2,
      complaintIds: [broken.complaintId, neighbour.complaintId].sort(),
    },
  ])
  expect(new Set(items(shift, 'ordersOpened').map(({ orderId }) => orderId))).toEqual(
    new Set([order['orderId'], other['orderId']]),
  )
  expect(items(shift, 'ordersResolved')).toMatchObject([
    { orderId: other['orderId'], resolved: { cause: '光缆' } },
  ])
  expect(items(shift, 'notes')).toMatchObject([
    { about: { kind: 'complaint', id: broken.complaintId }, text: 'shop, loses trade' },
  ])
  const next = await desk.get('/v1/handover?since=2026-03-01T09:00:00Z')
  for (const name of ['promisesBroken', 'ordersOpened', 'ordersResolved', 'clustersClosed'])
    expect(items(next, name), name).toEqual([])
  // Nobody may belong to the cluster any more once complaints of its time come too late.
  await desk.city.goTo('2026-03-03T02:00:00.000Z')
  await desk.call({ place: { point: [113.7, 23.4] } })
  await desk.city.settle()
  const later = await desk.get('/v1/handover?since=2026-03-03T00:00:00Z')
  expect(items(later, 'clustersClosed')).toMatchObject([{ customers: 4, unexplained: 4 }])
})

test('after a storm day the page still is two sheets, and says how much it leaves out', async () => {
  const failures = 30
  for (let number = 0; number < failures; number += 1) {
    const point = [113 + (number % 6) * 0.1, 23 + Math.floor(number / 6) * 0.1] as const
    await desk.site(`T-${number}`, point)
    await desk.alarm(`T-${number}`, `T-${number}`)
    const { complaintId, outageId, root } = await desk.call({ place: { point } })
    await desk.city.settle()
    await desk.post(`/v1/complaints/${complaintId}/reply`, {
      words: '正在抢修',
      language: 'zh',
      statedEnd: '2026-03-01T03:00:00Z',
    })
    const url = `/v1/outages/${outageId}`
    await desk.post(`${url}/note`, { text: 'all is under water '.repeat(20) })
    await desk.post(`${url}/estimate`, { expectedEnd: '2026-03-01T04:00:00Z' })
    const { orderId } = await desk.post('/v1/orders', { about: { kind: 'outage', id: outageId } })
    if (number % 3 === 0)
      await desk.post(`/v1/orders/${String(orderId)}/resolve`, { resolution: 'restored', cause: '光缆' })
    if (number % 3 === 0) await desk.post(`${url}/reject`, { cause: root })
  }
  await desk.city.goTo('2026-03-01T10:00:00.000Z')
  const { body } = await desk.city.send<string>(
    'GET',
    '/v1/handover?since=2026-03-01T01:00:00Z&format=html&language=en',
  )
  expect(body).toContain(`Outages opened (30, and ${30 - maxRows.opened} more in the system)`)
  expect(body).toContain(`Still open (20)`)
  const count = (pattern: RegExp) => body.match(pattern)?.length ?? 0
  const fullMm = (rows: number, headings: number) =>
    heightsMm.title + headings * heightsMm.heading + rows * heightsMm.row
  const printed = { rows: count(/<tr>/g), headings: count(/<h2>/g) }
  expect(fullMm(printed.rows, printed.headings)).toBeLessThan(2 * heightsMm.sheet)
  // Nor would a day on which there is more of everything fill more than two, whatever stands in the rows.
  const tables = Object.values(maxRows)
  const most = tables.reduce((sum, rows) => sum + rows + 1, 0)
  const lost = heightsMm.heading + 2 * heightsMm.row
  expect(fullMm(most, tables.length) + lost).toBeLessThan(2 * heightsMm.sheet)
})

test('notes on outages, clusters and complaints are listed, the newest first; what was taken back is not', async () => {
  const { url, complaintId } = await failure('S-1')
  await desk.city.settle()
  const texts = async (path: string) => (await desk.list(`${path}/notes`)).map(({ text }) => text)
  for (const path of [url, `/v1/complaints/${complaintId}`]) {
    await desk.post(`${path}/note`, { text: 'first' })
    await desk.city.goTo(new Date(desk.city.clock.nowMs() + 1_000).toISOString())
    const { eventId } = await desk.post(`${path}/note`, { text: 'second' })
    expect(await texts(path)).toEqual(['second', 'first'])
    await desk.post(`/v1/acts/${String(eventId)}/undo`)
    expect(await texts(path)).toEqual(['first'])
  }
  for (let number = 0; number < 4; number += 1) await desk.call({ place: { point: [113.9, 23.1] } })
  await desk.city.settle()
  const [cluster] = await desk.list('/v1/noc?kind=cluster')
  const path = `/v1/clusters/${String(cluster?.['id'])}`
  await desk.post(`${path}/note`, { text: 'new estate' })
  expect(await texts(path)).toEqual(['new estate'])
  expect((await desk.city.send('GET', '/v1/outages/none/notes')).status).toBe(404)
})
