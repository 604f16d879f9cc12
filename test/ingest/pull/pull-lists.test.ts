import { expect, test } from 'vitest'
import { startNms, startPullingCity } from './pulling-city.ts'

/* What an NMS hands over is its list of active alarms, its inventory and its works as they stand now. */

function json(body: () => unknown) {
  return startNms((_request, response) => {
    response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(body()))
  })
}

const alarmMap = {
  kind: 'alarms',
  list: 'data.rows',
  zone: 'Asia/Shanghai',
  map: {
    alarmId: 'seq',
    elementId: '/ne/id',
    raisedAt: 'ne.time',
    probableCause: 'title',
    severity: 'grade',
    alarmType: 'category',
  },
  words: { severity: { 甲: 'CRITICAL', 乙: 'MAJOR' } },
}
const row = (seq: number, more: object = {}) => ({
  seq,
  ne: { id: `S-${seq}`, time: '2026-03-01 09:5' + seq + ':00' },
  title: 'outOfService',
  grade: '甲',
  category: 'communication',
  vendor: 'X',
  ...more,
})

test('a list of active alarms: what is new is raised, what is missing has cleared, what stays is confirmed', async () => {
  const city = await startPullingCity()
  let rows: readonly object[] = [row(1), row(2, { grade: '乙' })]
  let token: string | undefined
  const url = await startNms((request, response) => {
    token = request.headers.authorization
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { rows } }))
  })
  const settings = { ...alarmMap, url, bearerEnv: 'NMS_TOKEN' }
  expect(await city.pull(settings)).toMatchObject({ status: 'done', rows: 2, items: 2, refused: 0 })
  expect(token).toBe('Bearer open sesame')
  expect(await city.list('/v1/alarms')).toMatchObject([
    {
      alarmId: '1',
      elementId: 'S-1',
      raisedAt: '2026-03-01T01:51:00.000Z',
      perceivedSeverity: 'CRITICAL',
      alarmType: 'COMMUNICATIONS_ALARM',
      attributes: { vendor: 'X' },
    },
    { alarmId: '2', perceivedSeverity: 'MAJOR' },
  ])
  await city.city.goTo('2026-03-01T02:05:00.000Z')
  expect(await city.pull(settings)).toMatchObject({ status: 'nothing-new', rows: 2, items: 0 })
  await city.city.goTo('2026-03-01T02:06:00.000Z')
  rows = [row(2)]
  expect(await city.pull(settings)).toMatchObject({ status: 'done', items: 2 })
  expect(await city.list('/v1/alarms')).toMatchObject([{ alarmId: '2', perceivedSeverity: 'CRITICAL' }])
  const cleared = await city.get('/v1/alarms/nms/1')
  expect(cleared).toMatchObject({
    cleared: { at: '2026-03-01T02:06:00.000Z', reason: 'absent-from-snapshot' },
  })
  const [feed] = await city.list('/v1/feeds')
  expect(feed).toMatchObject({
    source: 'nms',
    heartbeatAt: '2026-03-01T02:06:00.000Z',
    pulls: [{ puller: 'p', status: 'done' }],
  })

  // A row that cannot be read may be an alarm that stands: nothing is cleared then, and the rest is taken.
  await city.city.goTo('2026-03-01T02:07:00.000Z')
  rows = [row(3), row(4, { grade: '丙' })]
  const partly = await city.pull(settings)
  expect(partly).toMatchObject({ rows: 2, items: 1, refused: 1 })
  expect(partly.refusals).toMatchObject([{ line: 2, reason: expect.stringContaining('丙') as unknown }])
  expect(partly.error).toContain('nothing counts as cleared')
  expect(await city.list('/v1/alarms')).toHaveLength(2)
  rows = []
  expect(await city.pull(settings)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('allowEmpty') as unknown,
  })
  expect(await city.list('/v1/alarms')).toHaveLength(2)
  expect(await city.pull({ ...settings, allowEmpty: true })).toMatchObject({ status: 'done', items: 2 })
  expect(await city.list('/v1/alarms')).toEqual([])
})

test('an inventory is drawn as differences, however often, and again after a change and back', async () => {
  const city = await startPullingCity()
  const site = (id: string, name: string) => ({
    id,
    kind: 'SITE',
    name,
    lon: 113.3,
    lat: 23.1,
    owner: 'tower co',
  })
  let items = [site('S-1', '白马花园'), site('S-2', 'two')]
  const url = await json(() => items)
  const settings = { kind: 'inventory', url, retireMissing: true, words: { kind: { SITE: 'site' } } }
  expect(await city.pull(settings)).toMatchObject({ status: 'done', rows: 2, items: 2 })
  expect(await city.pull(settings)).toMatchObject({ status: 'nothing-new', items: 0 })
  for (const [minute, name] of [
    [1, 'renamed'],
    [2, '白马花园'],
    [3, 'renamed'],
  ] as const) {
    await city.city.goTo(`2026-03-01T02:0${minute}:00.000Z`)
    items = [site('S-1', name), site('S-2', 'two')]
    expect(await city.pull(settings)).toMatchObject({ status: 'done', items: 1 })
    expect(await city.get('/v1/elements/S-1')).toMatchObject({
      facts: { name, attributes: { owner: 'tower co' } },
    })
  }
  await city.city.goTo('2026-03-01T02:09:00.000Z')
  items = [site('S-1', 'renamed')]
  expect(await city.pull(settings)).toMatchObject({ items: 1 })
  expect(await city.get('/v1/elements/S-2')).toMatchObject({ retiredAt: '2026-03-01T02:09:00.000Z' })
  // Links are a list of their own.
  const links = await json(() => [{ elementId: 'S-1', dependsOn: 'B-1', relation: 'feeds' }])
  expect(await city.pull({ kind: 'links', url: links })).toMatchObject({ items: 1 })
  expect(await city.pull({ kind: 'links', url: links })).toMatchObject({ items: 0 })
  expect((await city.get('/v1/refused'))['items']).toEqual([])
})

test('works are planned, moved, begun and finished as their list says', async () => {
  const city = await startPullingCity()
  let work: Record<string, unknown> = {
    cutoverId: 'CO-1',
    title: '割接',
    elementIds: ['S-1'],
    plannedStart: Date.parse('2026-03-01T18:00:00Z') / 1000,
    plannedEnd: Date.parse('2026-03-01T20:00:00Z') / 1000,
  }
  const url = await json(() => ({ works: [work] }))
  const settings = { kind: 'cutovers', url, list: '/works', timeFormat: 'epoch-s' }
  const drawn = async (time: string) => {
    await city.city.goTo(`2026-03-01T${time}.000Z`)
    return city.pull(settings)
  }
  expect(await drawn('02:01:00')).toMatchObject({ status: 'done', items: 1 })
  expect(await drawn('02:02:00')).toMatchObject({ status: 'nothing-new' })
  work = { ...work, plannedEnd: Date.parse('2026-03-01T21:00:00Z') / 1000 }
  expect(await drawn('02:03:00')).toMatchObject({ items: 1 })
  expect(await city.get('/v1/cutovers/CO-1')).toMatchObject({
    rescheduled: 1,
    plan: { plannedEnd: '2026-03-01T21:00:00.000Z' },
  })
  work = { ...work, startedAt: Date.parse('2026-03-01T18:05:00Z') / 1000 }
  expect(await drawn('02:04:00')).toMatchObject({ status: 'nothing-new' })
  expect(await drawn('18:10:00')).toMatchObject({ items: 1 })
  work = { ...work, finishedAt: Date.parse('2026-03-01T19:00:00Z') / 1000, outcome: 'rolled-back' }
  expect(await drawn('19:30:00')).toMatchObject({ items: 1 })
  expect(await city.get('/v1/cutovers/CO-1')).toMatchObject({ status: 'finished', outcome: 'rolled-back' })
  expect(await drawn('19:31:00')).toMatchObject({ status: 'nothing-new' })
})
