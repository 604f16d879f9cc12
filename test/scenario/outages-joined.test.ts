import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDesk, type Desk } from './desk.ts'

/* "These two are one", operations says: that holds whatever the engine makes of their roots, until it is taken back. */

let desk: Desk
beforeEach(async () => void (desk = await startDesk()))
afterEach(() => desk.city.stop())

const points = { 'S-1': [113.33, 23.14], 'S-2': [113.43, 23.14] } as const

async function failure(name: keyof typeof points, occurredAt?: string) {
  await desk.site(name, points[name], { parent: `BSC-${name}` })
  await desk.alarm(`A-${name}`, name, { occurredAt })
  const { outageId = '', complaintId } = await desk.call({ place: { point: points[name] } })
  await desk.city.settle()
  return { outageId, complaintId, url: `/v1/outages/${outageId}` }
}

const rows = async () => (await desk.list('/v1/noc')).map(({ id, customers }) => [id, customers])
const stageOf = async (url: string) => (await desk.get(url))['stage']

test('two outages that are one are one row, one set of members and one state, and two again under their ids', async () => {
  const one = await failure('S-1', '2026-03-01T01:30:00Z')
  const two = await failure('S-2', '2026-03-01T01:00:00Z')
  await desk.post(`${two.url}/assign`, { assignee: 'Chen' })
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  const act = await desk.post(`${two.url}/merge`, { into: one.outageId, reason: 'one cable' })
  expect(await rows()).toEqual([[one.outageId, 2]])
  expect(await desk.get(two.url)).toMatchObject({
    outageId: one.outageId,
    since: '2026-03-01T01:00:00.000Z',
    customers: 2,
    lineage: [{ step: 'absorbed', outageId: two.outageId, eventId: act['eventId'] }],
  })
  expect(await desk.list('/v1/noc?owner=Chen')).toHaveLength(1)
  const late = await desk.city.send('POST', `${two.url}/acknowledge`, {})
  expect([late.status, late.body['outage']]).toMatchObject([409, { outageId: one.outageId }])
  const twice = await desk.city.send('POST', `${one.url}/merge`, { into: two.outageId })
  expect(twice.status).toBe(409)
  await desk.call({ place: { point: points['S-2'] } })
  await desk.city.settle()
  expect(await rows()).toEqual([[one.outageId, 3]])

  // One part is repaired and ends: the other lasts, so nobody is told that it is over.
  await desk.clear('A-S-1')
  await desk.city.goTo('2026-03-01T03:30:00.000Z')
  await desk.city.goTo('2026-03-01T09:30:00.000Z')
  expect(await stageOf(one.url)).toBe('open')
  await desk.clear('A-S-2')
  await desk.city.goTo('2026-03-01T09:32:00.000Z')
  expect(await stageOf(one.url)).toBe('watched')
  await desk.city.goTo('2026-03-01T10:10:00.000Z')
  expect(await stageOf(one.url)).toBe('restored')

  await desk.post(`/v1/acts/${String(act['eventId'])}/undo`)
  expect(await stageOf(one.url)).toBe('ended')
  expect(await desk.get(two.url)).toMatchObject({ outageId: two.outageId, stage: 'restored', customers: 2 })
  const lineage = (await desk.get(two.url))['lineage'] as { step: string }[]
  expect(lineage.map(({ step }) => step)).toEqual(['merged', 'split-from'])
  for (const { url } of [one, two]) {
    const story = await desk.list(`${url}/story`)
    expect(story.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['OutageMergedByHand', 'DecisionUndone']),
    )
  }
})

test('what the engine merges later is one with both, and parted from neither (P1)', async () => {
  const one = await failure('S-1')
  const two = await failure('S-2')
  await desk.city.goTo('2026-03-01T02:01:00.000Z')
  const act = await desk.post(`${two.url}/merge`, { into: one.outageId })
  // The controller above the second site had failed before it: the engine takes that one for the root.
  await desk.site('S-3', [113.44, 23.14], { parent: 'BSC-S-2' })
  await desk.alarm('B-1', 'BSC-S-2', { occurredAt: '2026-03-01T01:59:00Z' })
  await desk.alarm('A-3', 'S-3')
  await desk.call({ place: { point: [113.44, 23.14] } })
  await desk.city.goTo('2026-03-01T02:20:00.000Z')
  expect(await rows()).toEqual([[one.outageId, 3]])
  expect(await desk.get(`/v1/complaints/${two.complaintId}`)).toMatchObject({ outageId: two.outageId })
  await desk.post(`/v1/acts/${String(act['eventId'])}/undo`)
  expect(new Set((await rows()).map(([id]) => id))).toEqual(new Set([one.outageId, two.outageId]))
})
