import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDesk, type Desk, type Point } from './desk.ts'

/* What network operations has before it: outages and clusters that nothing explains, in one ranked list. */

let desk: Desk
beforeEach(async () => void (desk = await startDesk()))
afterEach(() => desk.city.stop())

const east: Point = [113.43, 23.14]
const north: Point = [113.33, 23.24]

const ids = async (query = '') => (await desk.list(`/v1/noc${query}`)).map(({ id }) => id)

/** Four customers without signal where no alarm ever comes. */
async function unexplained(point: Point) {
  for (let number = 0; number < 4; number += 1)
    await desk.call({ place: { point: [point[0] + number * 0.0003, point[1]], uncertaintyMeters: 50 } })
  await desk.city.settle()
}

test('a storm is one row: a controller with its forty sites and sixty customers', async () => {
  await desk.post('/v1/elements', { source: 'nms', elementId: 'BSC-1', kind: 'aggregation', name: 'BSC 1' })
  const at = (number: number): Point => [113.3 + (number % 8) * 0.02, 23.1 + Math.floor(number / 8) * 0.02]
  for (let number = 0; number < 40; number += 1)
    await desk.site(`S-${number}`, at(number), { parent: 'BSC-1', subscribers: 100 })
  await desk.alarm('B-1', 'BSC-1', { occurredAt: '2026-03-01T01:59:00Z' })
  for (let number = 0; number < 40; number += 1) await desk.alarm(`A-${number}`, `S-${number}`)
  for (let number = 0; number < 60; number += 1) await desk.call({ place: { point: at(number % 40) } })
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  const rows = await desk.list('/v1/noc')
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    kind: 'outage',
    state: 'open',
    customers: 60,
    growth: 60,
    subscribers: 4_000,
    acknowledged: false,
  })
})

test('what grows goes before what is older, what is over goes to the end, and each row says how it was ranked', async () => {
  for (const [id, point] of [
    ['S-1', [113.33, 23.14]],
    ['S-2', east],
  ] as const)
    await desk.site(id, point)
  await desk.alarm('A-1', 'S-1')
  for (let number = 0; number < 3; number += 1) await desk.call()
  await desk.city.goTo('2026-03-01T04:00:00.000Z')
  await desk.alarm('A-2', 'S-2')
  for (let number = 0; number < 3; number += 1) await desk.call({ place: { point: east } })
  await unexplained(north)
  const rows = await desk.list('/v1/noc')
  // The younger outage: 3 × 1 + 3 × 2; the older one: 3 × 1 + 2 hours; the cluster: 4 × 1 + 4 × 2.
  expect(rows.map(({ kind, state, customers, growth }) => [kind, state, customers, growth])).toEqual([
    ['cluster', 'suspected', 4, 4],
    ['outage', 'open', 3, 3],
    ['outage', 'open', 3, 0],
  ])
  expect(rows[2]?.['points']).toBeCloseTo(5, 0)
  const [, second, third] = rows.map(({ id }) => id)
  await desk.clear('A-2')
  await desk.city.goTo('2026-03-01T04:05:00.000Z')
  expect(await ids()).toEqual([rows[0]?.['id'], third, second])
  expect(await ids('?state=watched')).toEqual([second])
  expect(await desk.get('/v1/noc')).toMatchObject({
    complete: true,
    ranking: { customerPoints: 1, growthPoints: 2 },
  })
})

test('filters by kind, owner and area, page by page, and as it stood before', async () => {
  await desk.site('S-1')
  await desk.alarm('A-1', 'S-1')
  const { outageId } = await desk.call()
  await unexplained(north)
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  await desk.post(`/v1/outages/${outageId}/assign`, { assignee: 'Chen' })
  const [cluster] = await ids('?kind=cluster')
  expect(await ids('?owner=Chen')).toEqual([outageId])
  expect(await ids('?unowned=true')).toEqual([cluster])
  expect(await ids('?box=113.3,23.2,113.4,23.3')).toEqual([cluster])
  const first = await desk.get('/v1/noc?limit=1')
  const second = await desk.get(`/v1/noc?limit=1&cursor=${String(first['next'])}`)
  expect(second['next']).toBeUndefined()
  expect([first, second].map(({ items }) => (items as { id: string }[])[0]?.id)).toEqual(await ids())
  expect(await ids('?owner=Chen&asOf=2026-03-01T02:05:00Z')).toEqual([])
  expect(await ids('?asOf=2026-03-01T02:05:00Z')).toHaveLength(2)
})

test('a cluster leaves the list when an alarm that came late explains it', async () => {
  await desk.site('S-9', north)
  await unexplained(north)
  expect(await desk.list('/v1/noc')).toMatchObject([{ kind: 'cluster', customers: 4 }])
  await desk.alarm('A-9', 'S-9', { occurredAt: '2026-03-01T01:58:00Z' })
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  expect(await desk.list('/v1/noc')).toMatchObject([{ kind: 'outage', customers: 4 }])
})

test('a row is muted with a reason until a moment, comes back then, or before when somebody says so', async () => {
  await desk.site('S-1')
  await desk.alarm('A-1', 'S-1')
  const { outageId } = await desk.call()
  await desk.city.settle()
  const mute = (until: string) =>
    desk.post(`/v1/outages/${outageId}/mute`, { reason: 'mains is known', until })
  const refused = await desk.city.send('POST', `/v1/outages/${outageId}/mute`, {
    reason: 'mains is known',
    until: '2026-03-01T01:00:00Z',
  })
  expect(refused.status).toBe(400)
  const act = await mute('2026-03-01T03:00:00Z')
  expect(await ids()).toEqual([])
  expect(await desk.list('/v1/noc?muted=only')).toMatchObject([
    { id: outageId, muted: { reason: 'mains is known', until: '2026-03-01T03:00:00.000Z' } },
  ])
  await desk.post(`/v1/acts/${String(act['eventId'])}/undo`)
  expect(await ids()).toEqual([outageId])
  await mute('2026-03-01T03:30:00Z')
  await desk.post(`/v1/outages/${outageId}/unmute`, { note: 'it spreads' })
  expect(await ids()).toEqual([outageId])
  await mute('2026-03-01T03:00:30Z')
  await desk.city.goTo('2026-03-01T02:59:00.000Z')
  expect(await ids()).toEqual([])
  await desk.city.goTo('2026-03-01T03:01:00.000Z')
  expect(await ids()).toEqual([outageId])
  const story = await desk.list(`/v1/outages/${outageId}/story`)
  expect(story.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['NoticeMuted', 'NoticeUnmuted', 'DecisionUndone']),
  )
})

test('a cluster is acknowledged and given to somebody like an outage; whose it was stays so when it becomes part of another', async () => {
  await unexplained(north)
  await unexplained(east)
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  const [mine = '', other = ''] = (await ids('?kind=cluster')).map(String)
  const { eventId } = await desk.post(`/v1/clusters/${mine}/acknowledge`)
  await desk.post(`/v1/clusters/${mine}/assign`, { assignee: 'Chen' })
  expect(await desk.list('/v1/noc?owner=Chen')).toMatchObject([
    { id: mine, acknowledged: true, owner: 'Chen' },
  ])
  expect(await ids('?unowned=true')).toEqual([other])
  expect(await desk.get('/v1/handover?since=2026-03-01T02:00:00Z')).toMatchObject({
    stillOpen: expect.arrayContaining([expect.objectContaining({ id: mine, owner: 'Chen' })]) as unknown,
  })
  await desk.post(`/v1/acts/${String(eventId)}/undo`)
  expect(await desk.list('/v1/noc?owner=Chen')).toMatchObject([{ id: mine, acknowledged: false }])

  const merge = await desk.post(`/v1/clusters/${other}/merge`, { fromId: mine })
  expect(await desk.list('/v1/noc')).toMatchObject([{ id: other, owner: 'Chen', customers: 8 }])
  const late = await desk.city.send('POST', `/v1/clusters/${mine}/assign`, { assignee: 'Li' })
  expect([late.status, late.body['clusterId']]).toEqual([409, other])
  // An owner of its own goes before one that came with a part.
  await desk.post(`/v1/clusters/${other}/assign`, { assignee: 'Li' })
  expect(await ids('?owner=Li')).toEqual([other])
  await desk.post(`/v1/acts/${String(merge['eventId'])}/undo`)
  expect(await ids('?owner=Chen')).toEqual([mine])
  expect(await ids('?owner=Li')).toEqual([other])
  const story = await desk.list(`/v1/clusters/${mine}/story`)
  expect(story.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['ClusterAcknowledged', 'ClusterAssigned', 'DecisionUndone']),
  )
})
