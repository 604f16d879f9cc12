import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTwoRegions, type Json, type TwoRegions, type Who } from './two-regions.ts'

/* A controller fails unheard, and a site of each of two regions with it: one row, whose outages each region works on by itself. */

let story: TwoRegions
let westOutage = ''
let eastOutage = ''

const until = '2026-03-01T06:00:00Z'

beforeAll(async () => {
  story = await startTwoRegions()
  const { site, alarm, call, post, city } = story
  const controller = { source: 'nms', elementId: 'BSC', kind: 'aggregation', name: 'BSC' }
  await post('everywhere', '/v1/elements', controller)
  await site('W-1', [113.2, 23.3], { parent: 'BSC' })
  await site('E-1', [114.2, 23.3], { parent: 'BSC' })
  for (const id of ['W-1', 'E-1']) await alarm(`A-${id}`, id)
  westOutage = String((await call('agent-west', 'W-101', [113.2, 23.3]))['outageId'])
  eastOutage = String((await call('agent-east', 'E-201', [114.2, 23.3]))['outageId'])
  await call('agent-east', 'E-202', [114.2, 23.3])
  await city.goTo('2026-03-01T02:10:00.000Z')
}, 60_000)
afterAll(() => story.city.stop())

const noc = (who: Who, query = '') => story.list(who, `/v1/noc${query}`)
/** The ids of each row's outages. */
const outagesIn = (rows: readonly Json[]) =>
  rows.map(({ id, together }) =>
    ((together as readonly Json[] | undefined) ?? [{ id }]).map((one) => String(one['id'])).sort(),
  )

test('it is one row to whoever works everywhere, and to each region its own outage', async () => {
  const [row, ...more] = await noc('everywhere')
  expect(more).toEqual([])
  expect(row).toMatchObject({ customers: 3, subscribers: 200 })
  expect(outagesIn([row ?? {}])).toEqual([[eastOutage, westOutage].sort()])
  expect(outagesIn(await noc('ops-west'))).toEqual([[westOutage]])
  expect(outagesIn(await noc('ops-east'))).toEqual([[eastOutage]])
})

test('an owner of one neither owns nor acknowledges the row, which is still listed as having an outage that nobody has', async () => {
  await story.post('ops-west', `/v1/outages/${westOutage}/assign`, { assignee: 'Chen' })
  await story.post('ops-west', `/v1/outages/${westOutage}/acknowledge`)
  for (const query of ['', '?owner=Chen', '?unowned=true']) {
    const [row] = await noc('everywhere', query)
    expect(row, query).toMatchObject({ acknowledged: false })
    expect(row, query).not.toHaveProperty('owner')
    expect(row?.['together']).toContainEqual(
      expect.objectContaining({ id: westOutage, acknowledged: true, owner: 'Chen' }),
    )
  }
  expect(await noc('everywhere', '?owner=Li')).toEqual([])
  expect(await noc('ops-west', '?unowned=true')).toEqual([])

  await story.post('ops-east', `/v1/outages/${eastOutage}/assign`, { assignee: 'Li' })
  await story.post('ops-east', `/v1/outages/${eastOutage}/acknowledge`)
  expect(await noc('everywhere', '?unowned=true')).toEqual([])
  const [row] = await noc('everywhere', '?owner=Li')
  expect(row).toMatchObject({ acknowledged: true })
  expect(row).not.toHaveProperty('owner')
  const url = '/v1/handover?since=2026-03-01T02:00:00Z&format=html'
  const { body: page } = await story.send('everywhere', 'GET', url)
  expect(page).toMatch(/<td>(Chen, Li|Li, Chen)</)
  await story.post('ops-east', `/v1/outages/${eastOutage}/assign`, { assignee: 'Chen' })
  expect(await noc('everywhere', '?owner=Chen')).toMatchObject([{ owner: 'Chen' }])
})

test('a mute by one region hides what is its own, and from nobody what is the other’s', async () => {
  await story.post('ops-west', `/v1/outages/${westOutage}/mute`, { reason: 'mains is known', until })
  expect(await noc('ops-west')).toEqual([])
  for (const who of ['everywhere', 'ops-east'] as const)
    expect(await noc(who), who).toMatchObject([{ id: eastOutage, customers: 2, subscribers: 100 }])
  expect(await noc('everywhere', '?muted=only')).toMatchObject([
    { id: westOutage, customers: 1, subscribers: 100, muted: { reason: 'mains is known' } },
  ])
  const shown = await noc('everywhere', '?muted=shown')
  expect(outagesIn(shown)).toEqual([[eastOutage, westOutage].sort()])
  expect(shown).toMatchObject([{ customers: 3, subscribers: 200 }])
  expect(shown[0]).not.toHaveProperty('muted')
  await story.post('ops-west', `/v1/outages/${westOutage}/unmute`)
  expect(outagesIn(await noc('everywhere'))).toEqual([[eastOutage, westOutage].sort()])
})
