import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerFeed, answerUnmapped } from '../../schemas/answer-feed.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { startDesk, type Desk, type Json } from '../scenario/desk.ts'

/* The page of feeds: who sends, how much, what could not be used, and what is to be mapped. 16:30 UTC is 00:30 in Guangzhou. */

let desk: Desk
beforeEach(
  async () =>
    void (desk = await startDesk({
      at: '2026-03-01T14:00:00.000Z',
      config: { feeds: [{ source: 'nms', heartbeatMs: 86_400_000, maxLagMs: 900_000 }] },
    })),
)
afterEach(() => desk.city.stop())

const feed = async (source: string): Promise<Json> => {
  const items = await desk.list('/v1/feeds')
  for (const item of items) expect(answerFeed.safeParse(item).error).toBeUndefined()
  return items.find((item) => item['source'] === source) ?? {}
}
const unmapped = (more = '') => desk.list(`/v1/feeds/nms/unmapped${more}`)
const strange = (alarmId: string, elementId: string, more = {}) =>
  desk.alarm(alarmId, elementId, {
    probableCause: 'quux blorped',
    perceivedSeverity: 'MINOR',
    alarmType: 'OTHER',
    ...more,
  })

test('counts are in total, since midnight of the zone, and of the last hour; refused lines are counted by source', async () => {
  await desk.site('S-1')
  await desk.city.goTo('2026-03-01T15:30:00.000Z')
  await desk.alarm('A-1', 'S-1')
  await desk.city.goTo('2026-03-01T16:10:00.000Z')
  await desk.alarm('A-2', 'S-1')
  await desk.city.goTo('2026-03-01T16:35:00.000Z')
  await desk.post('/v1/feeds/nms/heartbeat')
  const line = { type: 'AlarmRaised', source: 'nms', occurredAt: '2026-03-01T16:35:00Z', data: {} }
  await desk.city.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { 'content-type': 'application/x-ndjson' },
    payload: JSON.stringify(line),
  })
  expect(await desk.list('/v1/refused?source=nms')).toHaveLength(1)
  expect(await desk.list('/v1/refused?source=other')).toEqual([])
  expect(await feed('nms')).toMatchObject({
    stale: false,
    expected: { heartbeatMs: 86_400_000, maxLagMs: 900_000 },
    heartbeatAt: '2026-03-01T16:35:00.000Z',
    newest: { type: 'AlarmRaised', recordedAt: '2026-03-01T16:10:00.000Z', lagMs: 0 },
    refused: { kept: 1, link: '/v1/refused?source=nms' },
    counts: { total: 3, today: 1, lastHour: 1, byType: { AlarmRaised: 2, ElementRegistered: 1 } },
  })
})

test('kinds that no rule fits are listed by count until a ruleset maps them, unknown elements until the inventory has them', async () => {
  await desk.site('S-1')
  for (const [number, site] of [
    [1, 'S-1'],
    [2, 'S-1'],
    [3, 'S-9'],
  ] as const) {
    await desk.city.goTo(`2026-03-01T14:0${number}:00.000Z`)
    await strange(`A-${number}`, site, number === 2 ? { perceivedSeverity: 'MAJOR' } : {})
  }
  await desk.alarm('A-4', 'S-1')
  const [kind, element, ...more] = await unmapped()
  expect(more).toEqual([])
  for (const item of [kind, element]) expect(answerUnmapped.safeParse(item).error).toBeUndefined()
  expect(kind).toMatchObject({
    what: 'kind',
    probableCause: 'quux blorped',
    severities: expect.arrayContaining(['MINOR', 'MAJOR']) as unknown,
    elementKinds: ['site'],
    count: 3,
    firstAt: '2026-03-01T14:01:00.000Z',
    lastAt: '2026-03-01T14:03:00.000Z',
  })
  expect(element).toMatchObject({ what: 'element', elementId: 'S-9', count: 1, example: { alarmId: 'A-3' } })
  expect(await feed('nms')).toMatchObject({ unmapped: { kinds: 1, alarms: 3, elements: 1 } })
  const first = await desk.get('/v1/feeds/nms/unmapped?limit=1')
  expect(first['items']).toEqual([kind])
  expect(await unmapped(`?limit=1&cursor=${String(first['next'])}`)).toEqual([element])

  await desk.site('S-9')
  await desk.city.settle()
  expect(await unmapped()).toHaveLength(1)
  const rule = {
    id: 'quux',
    when: { causeIncludes: ['quux'] },
    effect: 'none',
    profile: 'down',
    intensity: 1,
  }
  const ruleset = { ...defaultRuleset, version: 'with-quux', impacts: [...defaultRuleset.impacts, rule] }
  await desk.post('/v1/rulesets', ruleset)
  await desk.city.settle()
  expect(await unmapped()).toEqual([])
  // As it was known before.
  expect(await unmapped('?asOf=2026-03-01T14:02:30.000Z')).toMatchObject([{ count: 2 }])
})

test('what a puller tells is shown, the last of each, and counts as a heartbeat where it went well', async () => {
  const pull = { puller: 'alarms', kind: 'alarms', tookMs: 12, rows: 3, items: 0, refused: 0 }
  const failed = { ...pull, startedAt: '2026-03-01T14:00:00Z', status: 'failed', error: 'timed out' }
  for (let times = 0; times < 2; times += 1) await desk.post('/v1/feeds/nms/pulls', failed)
  expect(await feed('nms')).toMatchObject({ pulls: [{ failedInARow: 2, error: 'timed out' }] })
  expect(await feed('nms')).not.toHaveProperty('heartbeatAt')
  await desk.post('/v1/feeds/nms/pulls', {
    ...pull,
    startedAt: '2026-03-01T14:00:00Z',
    status: 'nothing-new',
  })
  expect(await feed('nms')).toMatchObject({
    heartbeatAt: '2026-03-01T14:00:00.000Z',
    pulls: [{ status: 'nothing-new', failedInARow: 0 }],
  })
  expect((await desk.city.send('POST', '/v1/feeds/nms/pulls', { ...pull, status: 'odd' })).status).toBe(400)
})

test('where several processes share the log, heartbeats are told through it, and not more often than needed', async () => {
  const feeds = [{ source: 'nms', heartbeatMs: 300_000, maxLagMs: 900_000 }]
  const shared = await startDesk({ at: '2026-03-01T14:00:00.000Z', config: { feeds, role: 'reader' } })
  for (let minute = 0; minute <= 10; minute += 1) {
    await shared.city.goTo(`2026-03-01T14:${String(minute).padStart(2, '0')}:00.000Z`)
    await shared.post('/v1/feeds/nms/heartbeat')
    await shared.post('/v1/feeds/unlisted/heartbeat')
    await shared.city.settle()
  }
  const told: string[] = []
  for await (const events of shared.city.services.log.readStream('feed-nms')) {
    told.push(...events.map(({ recordedAt }) => recordedAt.slice(11, 16)))
  }
  await shared.city.stop()
  expect(told).toEqual(['14:00', '14:03', '14:06', '14:09'])
})
