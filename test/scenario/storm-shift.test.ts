import { afterEach, expect, test } from 'vitest'
import { startDesk, type Desk, type Json, type Point } from './desk.ts'

/* One shift of eight hours with a storm in it, from 10:00 to 18:00 in Guangzhou, through the HTTP API alone. */

let desk: Desk
afterEach(() => desk.city.stop())

const sites = 20
const customers = 300
const placeOf = (number: number): Point => [
  113.3 + (number % 5) * 0.02,
  23.1 + Math.floor((number % sites) / 5) * 0.02,
]
const reply = { words: '正在抢修。', language: 'zh', told: 'ongoing' }

async function all(url: string): Promise<readonly Json[]> {
  const items: Json[] = []
  for (let next: string | undefined = ''; next !== undefined;) {
    const page = await desk.get(`${url}limit=100${next === '' ? '' : `&cursor=${next}`}`)
    items.push(...(page['items'] as readonly Json[]))
    next = page['next'] as string | undefined
  }
  return items
}

test('a storm is one row, one order and 300 callbacks less those who declined; a wrong cause is taken back from all; then it is handed over', async () => {
  desk = await startDesk()
  const { city } = desk
  await desk.post('/v1/elements', { source: 'nms', elementId: 'BSC-1', kind: 'aggregation', name: 'BSC 1' })
  for (let number = 0; number < sites; number += 1)
    await desk.site(`S-${number}`, placeOf(number), { parent: 'BSC-1' })
  await desk.alarm('B-1', 'BSC-1', { occurredAt: '2026-03-01T01:59:00Z' })
  for (let number = 0; number < sites; number += 1) await desk.alarm(`A-${number}`, `S-${number}`)
  for (let number = 0; number < customers; number += 1)
    await desk.call({ place: { point: placeOf(number) }, reply })
  await city.goTo('2026-03-01T02:30:00.000Z')

  const rows = await desk.list('/v1/noc')
  expect(rows).toMatchObject([{ kind: 'outage', customers, state: 'open' }])
  const storm = String(rows[0]?.['id'])
  await desk.post(`/v1/outages/${storm}/acknowledge`)
  await desk.post(`/v1/outages/${storm}/assign`, { assignee: 'Chen' })
  const about = { kind: 'outage', id: storm }
  const asked = [await desk.post('/v1/orders', { about }), await desk.post('/v1/orders', { about })]
  expect(new Set(asked.map(({ orderId }) => orderId)).size).toBe(1)
  expect(await desk.list('/v1/orders')).toMatchObject([{ complaints: customers, status: 'open' }])

  // It comes back at 12:00, holds for the dwell, and the customers are called.
  await city.goTo('2026-03-01T04:00:00.000Z')
  await desk.clear('B-1')
  for (let number = 0; number < sites; number += 1) await desk.clear(`A-${number}`)
  await desk.post(`/v1/orders/${String(asked[0]?.['orderId'])}/resolve`, {
    resolution: 'restored',
    cause: '控制器电源故障',
  })
  await city.goTo('2026-03-01T04:40:00.000Z')
  const due = await all('/v1/callbacks?')
  expect(due).toHaveLength(customers)
  const declined = due.slice(0, 17).map(({ complaintId }) => `/v1/complaints/${String(complaintId)}/callback`)
  for (const url of declined) await desk.post(url, { outcome: 'declined' })
  await city.settle()
  expect(await all('/v1/callbacks?')).toHaveLength(customers - declined.length)

  // Another site is thought to have failed; at 14:00 it proves not to be the cause, and who heard it is listed.
  const elsewhere: Point = [113.9, 23.6]
  await city.goTo('2026-03-01T05:00:00.000Z')
  await desk.site('S-99', elsewhere)
  await desk.alarm('A-99', 'S-99')
  const misled = [await desk.call({ place: { point: elsewhere }, reply })]
  misled.push(await desk.call({ place: { point: elsewhere }, reply }))
  const [{ outageId: wrong, root } = { outageId: '', root: undefined }] = misled
  await city.goTo('2026-03-01T06:00:00.000Z')
  await desk.post(`/v1/outages/${String(wrong)}/reject`, { cause: root, note: 'the site was up' })
  await city.goTo('2026-03-01T06:05:00.000Z')
  const corrections = await all('/v1/corrections?')
  expect(new Set(corrections.map(({ complaintId }) => complaintId))).toEqual(
    new Set(misled.map(({ complaintId }) => complaintId)),
  )

  await city.goTo('2026-03-01T10:00:00.000Z')
  const shift = await desk.get('/v1/handover?since=2026-03-01T02:00:00Z')
  expect(shift).toMatchObject({
    complete: true,
    ordersOpened: [{ orderId: asked[0]?.['orderId'] }],
    ordersResolved: [{ resolved: { cause: '控制器电源故障' } }],
    rejected: [{ about: { kind: 'outage', id: wrong }, note: 'the site was up' }],
  })
  expect((shift['closed'] as readonly Json[]).map(({ outageId }) => outageId)).toEqual(
    expect.arrayContaining([storm, wrong]),
  )
  expect(JSON.stringify(shift['stillOpen'])).not.toContain(storm)
}, 60_000)
