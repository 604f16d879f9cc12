import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StartedApp } from './start-app.ts'
import { home, startDesk, type Desk } from './desk.ts'

/* Orders come merged: one for each outage or unexplained cluster, whoever asks and however often. Over HTTP alone. */

let city: StartedApp
let town: Desk
beforeEach(async () => {
  town = await startDesk()
  city = town.city
})
afterEach(() => city.stop())

const words = { zh: '光缆已修复，信号已恢复。', en: 'The cable is repaired and the signal is back.' }

/** Six neighbours have no signal and nothing explains it. */
async function silentNeighbours(): Promise<string> {
  await town.site('S-1')
  for (let number = 0; number < 6; number += 1) {
    await town.call({ place: { point: [home[0] + number * 0.0003, home[1]], uncertaintyMeters: 50 } })
  }
  await city.settle()
  const [cluster] = await town.list('/v1/clusters')
  return String(cluster?.['clusterId'])
}

describe('orders', () => {
  test('a storm becomes one order, with place, time and evidence; it reaches every member, later ones too', async () => {
    for (let number = 0; number < 5; number += 1) {
      await town.site(`S-${number}`, [home[0] + number * 0.003, home[1]], { parent: 'BSC-1' })
    }
    await town.post('/v1/elements', { source: 'nms', elementId: 'BSC-1', kind: 'aggregation', name: 'BSC 1' })
    for (let number = 0; number < 5; number += 1) await town.alarm(`A-${number}`, `S-${number}`)
    await town.alarm('B-1', 'BSC-1', { occurredAt: '2026-03-01T01:59:55Z' })
    const answers = []
    for (let number = 0; number < 20; number += 1) {
      answers.push(
        await town.call({
          place: {
            point: [home[0] + (number % 5) * 0.003, home[1]],
            uncertaintyMeters: 100,
            name: '天河直街',
          },
        }),
      )
    }
    await city.goTo('2026-03-01T02:10:00.000Z')
    const [outage, ...others] = await town.list('/v1/outages')
    expect(others).toEqual([])
    const about = { kind: 'outage', id: outage?.['outageId'] }
    const asked = await Promise.all(
      Array.from({ length: 3 }, () => town.post('/v1/orders', { about, to: 'field force east' })),
    )
    expect(new Set(asked.map(({ orderId }) => orderId)).size).toBe(1)
    expect(asked.filter(({ joined }) => joined === false)).toHaveLength(1)
    const orders = await town.list('/v1/orders')
    expect(orders).toHaveLength(1)
    expect(orders[0]).toMatchObject({
      status: 'open',
      about: [about],
      to: 'field force east',
      complaints: 20,
      place: { elementId: 'BSC-1', elementName: 'BSC 1' },
      time: { since: '2026-03-01T01:59:55.000Z' },
      evidence: { complaints: 20, customers: 20, root: { kind: 'alarm' }, symptoms: [{ complaints: 20 }] },
    })
    const orderId = String(asked[0]?.['orderId'])
    await town.post(`/v1/orders/${orderId}/update`, { externalId: 'TT-4711', progress: 'accepted' })

    expect(await town.list('/v1/orders?externalId=TT-4711')).toMatchObject([{ orderId, status: 'accepted' }])

    const later = await town.call()
    expect(later.order).toMatchObject({ orderId, externalId: 'TT-4711', status: 'accepted' })
    await city.settle()
    const members = await town.list(`/v1/orders/${orderId}/members?limit=100`)
    expect(members).toHaveLength(21)
    for (const member of members) expect(member['order']).toMatchObject({ externalId: 'TT-4711' })
    expect(await town.get(`/v1/outages/${String(about.id)}`)).toMatchObject({ order: { orderId } })

    await city.goTo('2026-03-01T02:20:00.000Z')
    await town.post(`/v1/orders/${orderId}/resolve`, { resolution: 'restored', cause: '光缆中断', words })
    const afterwards = await town.call()
    for (const { complaintId } of [...answers, later, afterwards]) {
      expect(await town.answerOf(complaintId)).toMatchObject({
        words,
        band: 'say',
        order: { status: 'resolved', externalId: 'TT-4711', resolved: { cause: '光缆中断' } },
      })
    }
    const before = `/v1/orders/${orderId}?asOf=2026-03-01T02:15:00Z`
    expect(await town.get(before)).toMatchObject({ status: 'accepted', complaints: 21 })
    const answerBefore = await town.get(`/v1/complaints/${later.complaintId}?asOf=2026-03-01T02:15:00Z`)
    expect(answerBefore['words']).not.toEqual(words)
    const story = await town.list(`/v1/orders/${orderId}/story`)
    expect(story.map(({ type }) => type)).toEqual(['OrderOpened', 'OrderUpdated', 'OrderResolved'])
  })

  test('who calls after the order was resolved and is still out is not told that it is over', async () => {
    const clusterId = await silentNeighbours()
    const { orderId } = await town.post('/v1/orders', { about: { kind: 'cluster', id: clusterId } })
    await city.goTo('2026-03-01T02:05:00.000Z')
    await town.post(`/v1/orders/${String(orderId)}/resolve`, {
      resolution: 'restored',
      cause: '基站重启',
      words,
    })
    await city.goTo('2026-03-01T02:06:00.000Z')
    const { complaintId } = await town.call({ stillOut: 'yes' })
    await city.settle()
    const answer = await town.answerOf(complaintId)
    expect(answer.order).toMatchObject({ status: 'resolved' })
    expect(answer).toMatchObject({ band: 'dispatch' })
    expect(answer.words).not.toEqual(words)
    expect(await town.list('/v1/complaints?toDispatch=true')).toMatchObject([{ complaintId }])
  })

  test('what was passed on leaves the queue; given back or reopened it is there again', async () => {
    const clusterId = await silentNeighbours()
    const waiting = async () => (await town.list('/v1/complaints?toDispatch=true')).length
    expect(await waiting()).toBe(6)
    const about = { kind: 'cluster', id: clusterId }
    const { orderId } = await town.post('/v1/orders', { about })
    expect(await waiting()).toBe(0)
    await town.post(`/v1/orders/${String(orderId)}/return`, { reason: 'not-ours', note: 'our sites are up' })
    expect(await waiting()).toBe(6)
    expect(await town.list('/v1/orders')).toMatchObject([
      { status: 'returned', returned: { reason: 'not-ours' } },
    ])

    expect(await town.post('/v1/orders', { about })).toMatchObject({ orderId, joined: true })
    expect(await town.get(`/v1/orders/${String(orderId)}`)).toMatchObject({ status: 'open', round: 2 })
    expect(await waiting()).toBe(0)
    await town.post(`/v1/orders/${String(orderId)}/resolve`, {
      resolution: 'no-fault-found',
      cause: '未发现故障',
    })
    await town.post(`/v1/orders/${String(orderId)}/reopen`, { reason: 'still-out' })
    expect(await town.list('/v1/orders')).toMatchObject([{ status: 'open', round: 3 }])
    expect(await town.get(`/v1/clusters/${clusterId}`)).toMatchObject({ order: { orderId, status: 'open' } })
  })

  test('a cluster passed on before its alarm came: the order for the outage is the same one', async () => {
    const clusterId = await silentNeighbours()
    const { orderId } = await town.post('/v1/orders', { about: { kind: 'cluster', id: clusterId } })
    await city.goTo('2026-03-01T02:03:00.000Z')
    await town.alarm('A-1', 'S-1', { occurredAt: '2026-03-01T01:58:30Z' })
    await city.goTo('2026-03-01T02:05:00.000Z')
    const [outage] = await town.list('/v1/outages')
    const about = { kind: 'outage', id: outage?.['outageId'] }
    expect(await town.post('/v1/orders', { about })).toMatchObject({ orderId, joined: true })
    expect(await town.post('/v1/orders', { about })).toMatchObject({ outcome: 'nothing-to-do', orderId })
    expect(await town.list('/v1/orders')).toMatchObject([{ orderId, about: [{ kind: 'cluster' }, about] }])
    expect(await town.list(`/v1/orders/${String(orderId)}/members`)).toHaveLength(6)
  })

  test('resolved with a cause that is known, that is confirmed for its members; what a person chose stands (P1)', async () => {
    const clusterId = await silentNeighbours()
    for (const advisoryId of ['cable', 'mast'])
      await town.post('/v1/advisories', { advisoryId, advisoryType: 'fault', title: advisoryId, outage: {} })
    await city.goTo('2026-03-01T02:01:00.000Z')
    const cable = { kind: 'advisory', id: 'cable' }
    const mast = { kind: 'advisory', id: 'mast' }
    const [chosen, refused, ...others] = (await town.list(`/v1/clusters/${clusterId}/members`)).map(
      ({ complaintId }) => `/v1/complaints/${String(complaintId)}`,
    )
    await town.post(`${chosen}/confirm`, { cause: mast })
    await town.post(`${refused}/reject`, { cause: cable })
    await city.goTo('2026-03-01T02:05:00.000Z')
    const { orderId } = await town.post('/v1/orders', { about: { kind: 'cluster', id: clusterId } })
    const resolved = { resolution: 'restored', cause: '光缆', root: cable, notificationId: 'N-1' }
    await town.post(`/v1/orders/${String(orderId)}/resolve`, resolved)
    await town.post(`/v1/orders/${String(orderId)}/resolve`, resolved)
    await city.goTo('2026-03-01T02:10:00.000Z')
    expect(others).toHaveLength(4)
    for (const url of others) expect(await town.get(url)).toMatchObject({ root: cable, confirmed: true })
    expect(await town.get(String(chosen))).toMatchObject({ root: mast, confirmed: true })
    expect((await town.get(String(refused)))['root']).toBeUndefined()
    const [batch, ...more] = await town.list('/v1/cause-batches')
    expect([batch?.['cause'], more]).toEqual([cable, []])
    await town.post(`/v1/cause-batches/${encodeURIComponent(String(batch?.['batchId']))}/undo`)
    await city.goTo('2026-03-01T02:15:00.000Z')
    for (const url of others) expect((await town.get(url))['root']).toBeUndefined()
    // A cause that nobody knows is a text like any other.
    await town.post(`/v1/orders/${String(orderId)}/reopen`, { reason: 'came-back' })
    const unknown = { resolution: 'restored', cause: '光缆', root: { kind: 'cutover', id: 'none' } }
    await town.post(`/v1/orders/${String(orderId)}/resolve`, unknown)
    expect(await town.list('/v1/cause-batches')).toHaveLength(1)
  })

  test('what cannot be is refused, and says what to do', async () => {
    const missing = await city.send('POST', '/v1/orders', { about: { kind: 'outage', id: 'OUT-0' } })
    expect(missing.status).toBe(404)
    const clusterId = await silentNeighbours()
    const { orderId } = await town.post('/v1/orders', { about: { kind: 'cluster', id: clusterId } })
    await town.post(`/v1/orders/${String(orderId)}/resolve`, { resolution: 'restored', cause: '重启' })
    const late = await city.send('POST', `/v1/orders/${String(orderId)}/update`, { progress: 'accepted' })
    expect(late).toMatchObject({ status: 409, body: { detail: expect.stringContaining('reopen it first') } })
    expect((await city.send('POST', '/v1/orders/WO-0/return', { reason: 'not-ours' })).status).toBe(404)
  })
})
