import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { newEvent } from '../../src/domain/new-event.ts'
import { rights } from '../../src/http/access-table.ts'
import { regionRules } from '../../src/http/region-table.ts'
import { requireRegions } from '../../src/http/require-regions.ts'
import { startTwoRegions, west, type Json, type TwoRegions, type Who } from '../scenario/two-regions.ts'

/* Everything that there is lies in the west. For every route: whoever works for the east gets none of it, and moves nothing. */

let story: TwoRegions
/** What stands for the parameters of paths. */
const ids: Record<string, string> = {
  alarmSource: 'nms',
  alarmId: 'W-alarm',
  elementId: 'W-site',
  relation: 'feeds',
  dependsOn: 'W-hub',
  cutoverId: 'W-cutover',
  gapId: 'W-gap',
  candidateId: 'W-candidate',
  advisoryId: 'W-advisory',
  complaintId: 'W-1',
  batchId: 'W-batch',
  table: 'complaints',
}
/** Whatever of these is told of the west is too much. */
const traces = () =>
  ['W-', ids['outageId'], ids['clusterId'], ids['customerRef'], ids['orderId']].filter(
    (id) => id !== undefined,
  )

const circle = { kind: 'circle', center: west, radiusMeters: 300 }
const window = { plannedStart: '2026-03-01T05:00:00Z', plannedEnd: '2026-03-01T06:00:00Z' }
const cause = { kind: 'alarm', id: 'nms/W-alarm@2026-03-01T02:00:00.000Z' }
const later = '2026-03-01T12:00:00Z'

/** What must come in the body, else it would be refused before anybody asks whose it is. */
const bodies: Readonly<Record<string, () => object>> = {
  'POST /customers/find': () => ({ phone: '13810000001' }),
  'POST /analyses': () => ({ area: circle, from: '2026-02-28T00:00:00Z', to: '2026-03-02T00:00:00Z' }),
  'POST /complaints': () => ({ id: 'W-1', text: 'no signal' }),
  'POST /complaints/:complaintId/amend': () => ({ stillOut: 'no' }),
  'POST /complaints/:complaintId/confirm': () => ({ cause }),
  'POST /complaints/:complaintId/reject': () => ({ cause }),
  'POST /complaints/:complaintId/reply': () => ({ words: 'x', language: 'en' }),
  'POST /complaints/:complaintId/resolve': () => ({ resolution: 'restored' }),
  'POST /complaints/:complaintId/callback': () => ({ outcome: 'fine' }),
  'POST /outages/:outageId/assign': () => ({ assignee: 'Chen' }),
  'POST /outages/:outageId/confirm': () => ({ cause }),
  'POST /outages/:outageId/reject': () => ({ cause }),
  'POST /outages/:outageId/words': () => ({ words: { zh: 'x', en: 'x' } }),
  'POST /outages/:outageId/estimate': () => ({ expectedEnd: later }),
  'POST /outages/:outageId/mute': () => ({ reason: 'x', until: later }),
  'POST /outages/:outageId/merge': () => ({ into: 'OUT-other' }),
  'POST /clusters/:clusterId/assign': () => ({ assignee: 'Chen' }),
  'POST /clusters/:clusterId/mute': () => ({ reason: 'x', until: later }),
  'POST /clusters/:intoId/merge': () => ({ fromId: ids['clusterId'] }),
  'POST /clusters/:clusterId/split': () => ({ newClusterId: 'new', complaintIds: ['W-11'] }),
  'POST /cause-batches': () => ({ cause, complaintIds: ['W-1'] }),
  'POST /orders': () => ({ about: { kind: 'outage', id: ids['outageId'] } }),
  'POST /orders/:orderId/resolve': () => ({ resolution: 'restored', cause: 'x' }),
  'POST /orders/:orderId/return': () => ({ reason: 'not-ours' }),
  'POST /orders/:orderId/reopen': () => ({ reason: 'other' }),
  'POST /alarms': () => ({
    event: 'raised',
    source: 'nms',
    alarmId: 'new',
    elementId: 'W-site',
    probableCause: 'x',
  }),
  'POST /advisories': () => ({ advisoryId: 'new', advisoryType: 'x', title: 'x', area: circle }),
  'POST /advisories/:advisoryId/estimate': () => ({ expectedEnd: later }),
  'POST /cutovers': () => ({ cutoverId: 'new', title: 'x', area: circle, ...window }),
  'POST /cutovers/:cutoverId/reschedule': () => window,
  'POST /cutovers/:cutoverId/estimate': () => ({ expectedEnd: later }),
  'POST /gaps': () => ({ gapId: 'new', kind: 'blind-spot', area: circle }),
  'POST /gaps/:gapId/change': () => ({ set: { name: 'x' } }),
  'POST /elements': () => ({ elementId: 'new', kind: 'site', name: 'x', location: { point: west } }),
  'POST /elements/:elementId/change': () => ({ set: { name: 'x' } }),
  'POST /elements/:elementId/estimate': () => ({ expectedEnd: later }),
  'POST /links': () => ({ elementId: 'W-site', dependsOn: 'W-hub', relation: 'feeds' }),
  'POST /silent-customers': () => ({
    reportId: 'new',
    customers: [{ phone: '13810000001', silentSince: '2026-03-01T01:00:00Z', location: { point: west } }],
  }),
}
const queries: Readonly<Record<string, string>> = {
  'GET /elements': 'box=112,22,115,24',
  'GET /causes': `near=${west.join(',')}`,
  'GET /places': 'q=W-site',
  'GET /complaints': 'day=2026-03-01',
  'GET /callbacks': 'state=waiting',
  'GET /corrections': `causeKind=alarm&causeId=${encodeURIComponent(cause.id)}`,
  'GET /handover': 'since=2026-03-01T00:00:00Z',
  'GET /statistics': 'from=2026-03-01&to=2026-03-01&by=area',
  'GET /planning/complaints': 'from=2026-03-01&to=2026-03-01',
  'GET /export/:table': 'from=2026-03-01&to=2026-03-01',
}
/** What is not a 404: ground outside is forbidden, and some ids stand in a body among others. */
const statuses: Readonly<Record<string, number>> = {
  'POST /complaints': 409,
  'POST /cause-batches': 400,
  'POST /gaps': 403,
  'POST /advisories': 403,
  'POST /cutovers': 403,
  'POST /elements': 403,
  'POST /silent-customers': 403,
}
/** Their answers name nobody; who is counted in them is told by the story of two regions. */
const figures = ['GET /statistics', 'GET /planning/complaints', 'GET /callbacks.csv']
/** They read, and what they read is nothing. */
const readingPosts = ['POST /customers/find', 'POST /analyses']

const things = regionRules.flatMap(({ kind, routes }) => (kind === 'things' ? routes : []))

async function call(who: Who, route: string) {
  const [method = '', path = ''] = route.split(' ')
  const at = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? 'X'))
  const query = queries[route] === undefined ? '' : `?${queries[route]}`
  const reads = method === 'GET'
  return story.send(
    who,
    method as 'GET',
    `/v1${at}${query}`,
    reads ? undefined : (bodies[route]?.() ?? (path.endsWith('/note') ? { text: 'x' } : {})),
  )
}

beforeAll(async () => {
  story = await startTwoRegions()
  const { site, alarm, post, city } = story
  await site('W-hub', [113.1, 23.11])
  await site('W-site', west)
  await post('everywhere', '/v1/links', { elementId: 'W-site', dependsOn: 'W-hub', relation: 'feeds' })
  await alarm('W-alarm', 'W-site')
  for (const id of ['W-1', 'W-2', 'W-3']) await story.call('everywhere', id, west)
  for (let number = 11; number < 16; number += 1) {
    await story.call('everywhere', `W-${number}`, [113.3 + number * 0.0002, 22.8])
  }
  await post('everywhere', '/v1/cutovers', {
    cutoverId: 'W-cutover',
    title: 'W-work',
    elementIds: ['W-site'],
    ...window,
  })
  await post('everywhere', '/v1/gaps', { gapId: 'W-gap', kind: 'blind-spot', area: circle })
  await post('everywhere', '/v1/advisories', {
    advisoryId: 'W-advisory',
    advisoryType: 'x',
    title: 'W-x',
    area: circle,
  })
  await post('everywhere', '/v1/silent-customers', {
    reportId: 'R-1',
    customers: [{ phone: '13810000077', silentSince: '2026-03-01T01:00:00Z', location: { point: west } }],
  })
  await city.services.writer.write([candidate()])
  await city.goTo('2026-03-01T02:05:00.000Z')
  const { complaint, outageId } = await story.get('everywhere', '/v1/complaints/W-1')
  ids['outageId'] = String(outageId)
  ids['customerRef'] = String((complaint as { facts: Json }).facts['customerRef'])
  const [cluster] = await story.list('everywhere', '/v1/clusters')
  ids['clusterId'] = ids['intoId'] = String(cluster?.['clusterId'])
  const order = await post('everywhere', '/v1/orders', { about: { kind: 'outage', id: outageId } })
  ids['orderId'] = String(order['orderId'])
  await post('everywhere', '/v1/cause-batches', {
    batchId: 'W-batch',
    cause: { kind: 'gap', id: 'W-gap' },
    complaintIds: ['W-11', 'W-12'],
  })
  await post('everywhere', '/v1/complaints/W-1/reply', {
    words: 'it goes on',
    language: 'en',
    told: 'ongoing',
  })
  const note = await post('everywhere', '/v1/complaints/W-1/note', { text: 'W-note' })
  ids['eventId'] = String(note['eventId'])
  const twice = { id: 'W-1', text: 'something else', reportedAt: '2026-03-01T02:00:00Z' }
  await post('everywhere', '/v1/complaints', twice)
  const [refused] = await story.list('everywhere', '/v1/refused')
  ids['refusedId'] = String(refused?.['id'])
  await city.settle()
}, 60_000)
afterAll(() => story.city.stop())

/** How much the log holds: refusals for regions, and all else. */
async function written(): Promise<{ readonly refusals: number; readonly others: number }> {
  const sum = { refusals: 0, others: 0 }
  for await (const batch of story.city.services.log.readAll()) {
    for (const event of batch) {
      if (event.type === 'AccessRefused') sum.refusals += 1
      else sum.others += 1
    }
  }
  return sum
}

function candidate(): Event {
  const data = { candidateId: 'W-candidate', area: circle, complaintIds: ['W-1'] }
  const at = '2026-03-01T02:00:00.000Z'
  return newEvent('GapCandidateFound', data as never, {
    meta: { source: 'engine', actor: 'engine' },
    occurredAt: at,
    recordedAt: at,
    notification: 'W-candidate',
    subject: 'W-candidate',
  }) as Event
}

describe('each route keeps to regions', () => {
  test('by a rule of its own', () => {
    const ruled = regionRules.flatMap(({ routes }) => routes)
    expect(new Set(ruled).size).toBe(ruled.length)
    for (const route of rights.flatMap(({ routes }) => routes)) expect(ruled).toContain(route)
  })

  test.each(things.filter((route) => route.startsWith('GET') && route !== 'GET /live'))(
    '%s shows the east nothing of the west',
    async (route) => {
      const [everywhere, east] = [await call('everywhere', route), await call('ops-east', route)]
      expect(everywhere.status, JSON.stringify(everywhere.body)).toBe(200)
      const isAboutOne = /:(?!customerRef|table)/.test(route)
      expect(east.status, JSON.stringify(east.body)).toBe(isAboutOne ? 404 : 200)
      // What was asked for is named in the refusal.
      if (isAboutOne) return
      const tells = (body: object) => traces().filter((trace) => JSON.stringify(body).includes(trace))
      expect(tells(east.body)).toEqual([])
      if (!figures.includes(route)) expect(tells(everywhere.body)).not.toEqual([])
    },
  )

  test.each(readingPosts)('%s shows the east nothing of the west', async (route) => {
    const [everywhere, east] = [await call('everywhere', route), await call('ops-east', route)]
    expect(JSON.stringify(everywhere.body)).toContain('W-1')
    expect(east.status).toBe(200)
    expect(east.body['items']).toEqual([])
    for (const trace of ['W-1', 'W-site', 'W-gap', 'W-cutover']) {
      expect(JSON.stringify(east.body)).not.toContain(trace)
    }
  })

  test.each(things.filter((route) => !route.startsWith('GET') && !readingPosts.includes(route)))(
    '%s moves nothing of the west at the word of the east',
    async (route) => {
      const before = await written()
      const { status, body } = await call('ops-east', route)
      expect(status, JSON.stringify(body)).toBe(statuses[route] ?? 404)
      const after = await written()
      expect(after.others).toBe(before.others)
      // What was refused because of whose it is, is known later; ids that stand in a body are only wrong.
      const isNoted = [403, 404].includes(status)
      expect(after.refusals - before.refusals, route).toBe(isNoted ? 1 : 0)
    },
  )

  test.each(regionRules.flatMap(({ kind, routes }) => (kind === 'whole' ? routes : [])))(
    '%s is of the whole network, and says so',
    async (route) => {
      const { status, body } = await call('ops-east', route)
      expect(status).toBe(403)
      expect(body['detail']).toMatch(/works for east.*Use a key/)
    },
  )

  test('or the server does not start', async () => {
    const app = Fastify()
    requireRegions(app, story.city.services)
    expect(() => app.get('/surprise', async () => 'x')).toThrow('GET /surprise is in no rule')
    await app.close()
  })
})
