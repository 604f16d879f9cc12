import { afterEach, expect, test } from 'vitest'
import { home, startDesk, type Desk, type Json } from './desk.ts'

/* Neighbours have no signal and nothing explains it: they are told that it is passed on, and are called when it is settled. */

let desk: Desk
afterEach(() => desk.city.stop())

const reply = { words: '已转网络部门处理。', language: 'zh', told: 'passed-on' }
const sorted = (found: readonly unknown[]) => found.map(String).sort((a, b) => (a < b ? -1 : 1))
const ids = async (query = '') =>
  sorted((await desk.list(`/v1/callbacks${query}`)).map(({ complaintId }) => complaintId))
const call = (complaintId: unknown, outcome: string) =>
  desk.post(`/v1/complaints/${String(complaintId)}/callback`, { outcome })

async function passedOn(calls = 6) {
  await desk.site('S-1')
  for (let number = 0; number < calls; number += 1)
    await desk.call({ reply, place: { point: [home[0] + number * 0.0003, home[1]], uncertaintyMeters: 50 } })
  await desk.city.settle()
  const [cluster] = await desk.list('/v1/clusters')
  return { kind: 'cluster', id: String(cluster?.['clusterId']) }
}

test('passed on without an outage: called when the order is resolved, once each; who is still out halts the others', async () => {
  desk = await startDesk()
  const about = await passedOn()
  expect(await ids()).toEqual([])
  expect(await ids('?state=waiting')).toHaveLength(6)
  const { orderId } = await desk.post('/v1/orders', { about })
  await desk.city.goTo('2026-03-01T04:00:00.000Z')
  const resolve = () =>
    desk.post(`/v1/orders/${String(orderId)}/resolve`, { resolution: 'restored', cause: '基站重启' })
  await resolve()
  const due = await desk.list('/v1/callbacks')
  expect(due).toHaveLength(6)
  expect(due[0]).toMatchObject({
    orderId,
    reason: 'told-passed-on',
    dueSince: '2026-03-01T04:00:00.000Z',
    callFrom: '2026-03-01T04:00:00.000Z',
  })
  const csv = await desk.city.send<string>('GET', '/v1/callbacks.csv')
  expect(csv.body.trim().split('\n')).toHaveLength(7)
  const [first, second, third] = due.map(({ complaintId }) => complaintId)
  await call(first, 'fine')
  await call(second, 'no-answer')
  await desk.city.settle()
  expect(await ids()).toHaveLength(5)
  expect(await ids('?callable=true')).toHaveLength(4)
  await call(third, 'still-out')
  await desk.city.settle()
  expect(await ids()).toEqual([])
  expect(await ids('?state=halted')).toHaveLength(5)
  // Found wanting, it goes out once more; resolved again, they are called again, with the attempts that were made.
  await desk.city.goTo('2026-03-01T05:00:00.000Z')
  await desk.post(`/v1/orders/${String(orderId)}/reopen`, { reason: 'still-out' })
  expect(await ids('?state=waiting')).toHaveLength(5)
  await resolve()
  expect(await ids()).toHaveLength(5)
  expect((await desk.list('/v1/callbacks')).find(({ complaintId }) => complaintId === second)).toMatchObject({
    attempts: 1,
    lastOutcome: 'no-answer',
  })
})

test('explained later, they wait with its outage; who was called before it was known is not called again', async () => {
  desk = await startDesk()
  await passedOn()
  const [first, second, ...others] = (await desk.list('/v1/callbacks?state=waiting')).map(({ complaintId }) =>
    String(complaintId),
  )
  await desk.post(`/v1/complaints/${first}/resolve`, { resolution: 'restored' })
  await desk.post(`/v1/complaints/${second}/resolve`, { resolution: 'restored' })
  expect(await ids()).toEqual(sorted([first, second]))
  await call(first, 'fine')
  await call(second, 'no-answer')
  await desk.city.goTo('2026-03-01T02:03:00.000Z')
  await desk.alarm('A-1', 'S-1', { occurredAt: '2026-03-01T01:58:30Z' })
  await desk.city.goTo('2026-03-01T02:05:00.000Z')
  await desk.clear('A-1')
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  expect(await ids('?state=waiting')).toEqual(sorted([second, ...others]))
  await desk.city.goTo('2026-03-01T05:00:00.000Z')
  const due = (await desk.list('/v1/callbacks')) as readonly Json[]
  expect(sorted(due.map(({ complaintId }) => complaintId))).toEqual(sorted([second, ...others]))
  expect(due.find(({ complaintId }) => complaintId === second)).toMatchObject({ attempts: 1 })
})

test('nobody is called on holidays, and on weekends at their hours, by the calendar of the network', async () => {
  const callbackDays = {
    weekends: { from: '14:00', to: '16:00' },
    holidays: ['2026-03-02'],
    onHolidays: 'none' as const,
    workedWeekends: [],
  }
  desk = await startDesk({ config: { callbackDays } })
  const about = await passedOn(4)
  const { orderId } = await desk.post('/v1/orders', { about })
  await desk.post(`/v1/orders/${String(orderId)}/resolve`, { resolution: 'restored', cause: '重启' })
  // A Sunday, at ten past ten in Guangzhou.
  const callFrom = async () => (await desk.list('/v1/callbacks'))[0]?.['callFrom']
  expect(await callFrom()).toBe('2026-03-01T06:00:00.000Z')
  expect(await ids('?callable=true')).toEqual([])
  await desk.city.goTo('2026-03-01T07:00:00.000Z')
  expect(await ids('?callable=true')).toHaveLength(4)
  await desk.city.goTo('2026-03-01T08:30:00.000Z')
  expect(await callFrom()).toBe('2026-03-03T01:00:00.000Z')
})
