import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryExchangeTable } from '../../src/exchange/exchange-store.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { until } from '../pipeline/until.ts'
import { startApp, type StartedApp, type StartSettings } from '../scenario/start-app.ts'
import { deskIn, home, type Desk, type Json } from '../scenario/desk.ts'
import { signedStatus, startExampleReceiver, type ExampleReceiver } from './example-receiver.ts'

/* Orders go to another product and come back, whatever it does meanwhile. The example receiver is that product; loopback alone. */

const secret = 'the secret of the order system'
const statusSecret = 'what it signs its statuses under'
const quick = { timeoutMs: 2_000, firstRetryMs: 5, maxRetryMs: 20, maxAttempts: 1_000 }

let receiver: ExampleReceiver
let started: StartedApp[] = []
beforeEach(async () => {
  started = []
  receiver = await startExampleReceiver(secret)
})
afterEach(async () => {
  for (const city of started) await city.stop()
  await receiver.close()
})

const systemAt = (url: string, more: object = {}) => ({
  name: 'tickets',
  webhook: { url: `${url}/orders`, secret },
  statusSecret,
  limits: quick,
  ...more,
})

async function start(system: object, settings: StartSettings = {}): Promise<StartedApp> {
  const config = { orderSystems: [system] } as unknown as NonNullable<StartSettings['config']>
  const city = await startApp({ at: '2026-03-01T02:00:00.000Z', config, ...settings })
  started.push(city)
  return city
}

/** A cluster that nothing explains, passed on. */
async function order(town: Desk, city: StartedApp): Promise<string> {
  await town.site('S-1')
  for (let number = 0; number < 6; number += 1) {
    await town.call({ place: { point: [home[0] + number * 0.0003, home[1]], uncertaintyMeters: 50 } })
  }
  await city.settle()
  const [cluster] = await town.list('/v1/clusters')
  const about = { kind: 'cluster', id: cluster?.['clusterId'] }
  return String((await town.post('/v1/orders', { about }))['orderId'])
}

async function stateOf(town: Desk): Promise<Json | undefined> {
  return (await town.list('/v1/order-systems'))[0]
}

const typesAt = (orderId: string) => receiver.orders.get(orderId)?.messages.map(({ type }) => type)

describe('orders by webhook', () => {
  test('an order goes out signed, and its number comes back to every member', async () => {
    const city = await start(systemAt(receiver.url))
    const town = deskIn(city)
    const orderId = await order(town, city)
    await until(async () => (await town.get(`/v1/orders/${orderId}`))['externalId'] === 'TT-1')
    expect(receiver.orders.get(orderId)?.messages).toMatchObject([
      { type: 'OrderOpened', data: { place: { point: expect.any(Array) }, evidence: { complaints: 6 } } },
    ])
    const members = await town.list(`/v1/orders/${orderId}/members`)
    expect(members).toHaveLength(6)
    for (const member of members) expect(member['order']).toMatchObject({ externalId: 'TT-1' })
    // What it told itself is not told to it again.
    await town.post(`/v1/orders/${orderId}/update`, { note: 'the customer is a hospital' })
    await until(() => typesAt(orderId)?.length === 2)
    expect(typesAt(orderId)).toEqual(['OrderOpened', 'OrderUpdated'])
  })

  test('the receiver is down and back: everything arrives in order, each once by its key', async () => {
    receiver.answerWith(503)
    const city = await start(systemAt(receiver.url))
    const town = deskIn(city)
    const orderId = await order(town, city)
    await until(() => receiver.arrivals.length >= 3)
    // Meanwhile callers are answered and orders are worked on.
    await town.post(`/v1/orders/${orderId}/return`, { reason: 'not-ours' })
    await town.post(`/v1/orders/${orderId}/reopen`, { reason: 'sent-again' })
    expect(await town.call()).toMatchObject({ order: { orderId } })
    expect(await stateOf(town)).toMatchObject({
      pending: { orderId, reason: 'answered 503' },
      deadLetters: 0,
    })
    receiver.answerWith(undefined)
    await until(() => typesAt(orderId)?.length === 3)
    expect(typesAt(orderId)).toEqual(['OrderOpened', 'OrderReturned', 'OrderReopened'])
    expect(new Set(receiver.arrivals).size).toBe(3)
    await until(async () => (await stateOf(town))?.['pending'] === undefined)
  })

  test('growth of what an order is about is told when it has doubled, and not for each complaint', async () => {
    const city = await start(systemAt(receiver.url))
    const town = deskIn(city)
    const orderId = await order(town, city)
    const messages = () => receiver.orders.get(orderId)?.messages ?? []
    const grown = () =>
      messages().flatMap(({ data }) => (data as { grown?: { complaints: number } }).grown?.complaints ?? [])
    const call = async (calls: number) => {
      for (let number = 0; number < calls; number += 1) {
        await town.call({ place: { point: [home[0] + number * 0.0002, home[1]], uncertaintyMeters: 50 } })
        await city.settle()
      }
    }
    await call(5)
    expect(await town.get(`/v1/orders/${orderId}`)).not.toHaveProperty('grown')
    await call(20)
    await until(() => grown().length === 2)
    // It was passed on with six; after twelve it has doubled, and after twice as many again.
    expect(grown()).toEqual([12, 24])
    await city.settle()
    expect(await town.get(`/v1/orders/${orderId}`)).toMatchObject({
      complaints: 31,
      grown: { complaints: 24 },
    })
    const told = await city.send('POST', `/v1/orders/${orderId}/update`, {
      grown: { complaints: 1, customers: 1 },
    })
    expect(told.status).toBe(400)
  })

  test('each order system gets the orders that it takes', async () => {
    const south = await startExampleReceiver(secret)
    try {
      const systems = [
        systemAt(receiver.url, { takes: { about: ['outage'], elementKinds: ['site'] } }),
        systemAt(south.url, { name: 'south', takes: { services: ['mobile'], regions: ['home'] } }),
      ]
      const regions = [
        { id: 'home', name: 'Home', area: { kind: 'circle', center: home, radiusMeters: 2_000 } },
      ]
      const city = await startApp({
        at: '2026-03-01T02:00:00.000Z',
        config: { orderSystems: systems, regions } as unknown as NonNullable<StartSettings['config']>,
      })
      started.push(city)
      const town = deskIn(city)
      const cluster = await order(town, city)
      const far = [113.9, 23.5] as const
      await town.site('S-9', far)
      await town.alarm('A-9', 'S-9')
      const { outageId } = await town.call({ place: { point: far } })
      await city.settle()
      const { orderId } = await town.post('/v1/orders', { about: { kind: 'outage', id: outageId } })
      await town.post(`/v1/orders/${cluster}/update`, { note: 'more' })
      await until(
        () => typesAt(String(orderId)) !== undefined && south.orders.get(cluster)?.messages.length === 2,
      )
      expect([...receiver.orders.keys()]).toEqual([orderId])
      expect([...south.orders.keys()]).toEqual([cluster])
    } finally {
      await south.close()
    }
  })

  test('a restart in between neither loses nor doubles: what was in hand comes again under the same key', async () => {
    const log = openMemoryLog()
    const exchangeTable = memoryExchangeTable()
    const first = await start(systemAt(receiver.url), { log, exchangeTable })
    const orderId = await order(deskIn(first), first)
    await until(() => typesAt(orderId)?.length === 1)
    receiver.answerWith(503)
    await deskIn(first).post(`/v1/orders/${orderId}/update`, { note: 'more' })
    await until(() => receiver.arrivals.length >= 3)
    await first.stop()
    started = []
    const second = await start(systemAt(receiver.url), { log, exchangeTable })
    receiver.answerWith(undefined)
    await until(() => typesAt(orderId)?.length === 2)
    await deskIn(second).post(`/v1/orders/${orderId}/update`, { note: 'and more' })
    await until(() => typesAt(orderId)?.length === 3)
    expect(typesAt(orderId)).toEqual(['OrderOpened', 'OrderUpdated', 'OrderUpdated'])
    const [opened] = receiver.arrivals
    expect(receiver.arrivals.filter((key) => key === opened)).toHaveLength(1)
  })

  test('what is refused is a dead letter, listed, and can be sent again; the rest goes on', async () => {
    receiver.answerWith(422)
    const city = await start(systemAt(receiver.url))
    const town = deskIn(city)
    const orderId = await order(town, city)
    const url = '/v1/order-systems/tickets/dead-letters'
    await until(async () => (await town.list(url)).length === 1)
    const [letter] = await town.list(url)
    expect(letter).toMatchObject({ orderId, type: 'OrderOpened', attempts: 1, reason: 'answered 422' })
    const send = `${url}/${String(letter?.['id'])}/send`
    expect(await town.post(send)).toEqual({ outcome: 'refused', reason: 'answered 422' })
    expect(await town.list(url)).toMatchObject([{ attempts: 2 }])
    receiver.answerWith(undefined)
    await town.post(`/v1/orders/${orderId}/update`, { note: 'goes on' })
    await until(() => typesAt(orderId)?.length === 1)
    expect(await town.post(send)).toEqual({ outcome: 'taken' })
    expect(await town.list(url)).toEqual([])
    expect(typesAt(orderId)).toEqual(['OrderUpdated', 'OrderOpened'])
    expect((await city.send('POST', send)).status).toBe(404)
  })

  test('after maxAttempts it is given up; a receiver that hangs is cut off after timeoutMs', async () => {
    receiver.fallSilent()
    const limits = { ...quick, timeoutMs: 30, maxAttempts: 2 }
    const city = await start(systemAt(receiver.url, { limits }))
    const town = deskIn(city)
    await order(town, city)
    await until(async () => (await town.list('/v1/order-systems/tickets/dead-letters')).length === 1)
    expect(await town.list('/v1/order-systems/tickets/dead-letters')).toMatchObject([{ attempts: 2 }])
  })

  test('redirects are not followed', async () => {
    const other = await startExampleReceiver(secret)
    receiver.answerWith(307, { location: `${other.url}/orders` })
    const city = await start(systemAt(receiver.url, { limits: { ...quick, maxAttempts: 2 } }))
    const town = deskIn(city)
    await order(town, city)
    const url = '/v1/order-systems/tickets/dead-letters'
    await until(async () => (await town.list(url)).length === 1)
    expect(await town.list(url)).toMatchObject([{ reason: expect.stringContaining('redirect') }])
    expect(other.arrivals).toEqual([])
    await other.close()
  })
})

describe('statuses', () => {
  test('come back by signed webhook, once each; what is not signed or is old is refused', async () => {
    const city = await start(systemAt(receiver.url))
    const town = deskIn(city)
    const orderId = await order(town, city)
    const tell = async (status: object, { key = statusSecret, sentMs = Date.now() } = {}) => {
      const { body, headers } = signedStatus(key, status, sentMs)
      return city.app.inject({ method: 'POST', url: '/hooks/orders/tickets', headers, payload: body })
    }
    const accepted = { id: '1', orderId, status: 'accepted', externalId: 'TT-1', assignee: '林工' }
    expect((await tell(accepted)).statusCode).toBe(201)
    expect((await tell(accepted)).json()).toMatchObject({ outcome: 'duplicate' })
    await city.settle()
    expect(await town.get(`/v1/orders/${orderId}`)).toMatchObject({ status: 'accepted', assignee: '林工' })

    expect((await tell({ ...accepted, id: '2' }, { key: 'not what they both know' })).statusCode).toBe(401)
    expect((await tell({ ...accepted, id: '3' }, { sentMs: Date.now() - 3_600_000 })).statusCode).toBe(401)
    expect((await tell({ ...accepted, id: '4', status: 'lost' })).statusCode).toBe(400)
    expect((await tell({ id: '5', externalId: 'TT-9', status: 'accepted' })).statusCode).toBe(404)
    const nowhere = await city.app.inject({ method: 'POST', url: '/hooks/orders/others', payload: {} })
    expect(nowhere.statusCode).toBe(404)

    const words = { zh: '已修复。', en: 'It is repaired.' }
    const done = {
      id: '6',
      externalId: 'TT-1',
      status: 'resolved',
      resolution: 'restored',
      cause: '天馈故障',
      words,
    }
    expect((await tell(done)).statusCode).toBe(201)
    await city.settle()
    const [member] = await town.list(`/v1/orders/${orderId}/members`)
    expect(await town.get(`/v1/complaints/${String(member?.['complaintId'])}`)).toMatchObject({
      words,
      band: 'say',
    })
    expect((await tell({ id: '7', orderId, status: 'in-progress' })).statusCode).toBe(409)
    // What the system told is not sent to it.
    expect(typesAt(orderId)).toEqual(['OrderOpened'])
  })

  test('come by polling, from where it had come to; what cannot be taken is kept with the refused', async () => {
    const poll = { url: `${receiver.url}/statuses`, intervalMs: 5 }
    const city = await start({ name: 'polled', poll, limits: quick })
    const town = deskIn(city)
    const orderId = await order(town, city)
    receiver.statuses.push({ id: 'a', orderId, status: 'accepted', externalId: 'P-1' })
    await until(async () => (await town.get(`/v1/orders/${orderId}`))['status'] === 'accepted')
    receiver.statuses.push({ id: 'b', externalId: 'P-404', status: 'accepted' })
    receiver.statuses.push({ id: 'c', externalId: 'P-1', status: 'returned', reason: 'not-ours' })
    await until(async () => (await town.get(`/v1/orders/${orderId}`))['status'] === 'returned')
    expect(await town.list('/v1/complaints?toDispatch=true')).toHaveLength(6)
    expect(city.services.refused.list({ limit: 10 }).entries).toMatchObject([
      { source: 'orders:polled', reason: expect.stringContaining('P-404') },
    ])
    expect(await stateOf(town)).toMatchObject({ name: 'polled', polled: { at: expect.any(String) } })
  })

  test('a system that cannot be polled says so, and is asked again', async () => {
    const poll = { url: `${receiver.url}/statuses`, intervalMs: 5 }
    await receiver.close()
    const city = await start({ name: 'polled', poll, limits: quick })
    await until(async () => JSON.stringify(await stateOf(deskIn(city))).includes('ECONNREFUSED'))
  })
})
