import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { answerGround, answerStatistics } from '../../schemas/answer-statistics.ts'
import { asOfMark } from '../../schemas/as-of.ts'
import { startApp, type StartedApp } from './start-app.ts'

/*
 * Two days of a small town, and one of the year before; every figure is worked out by hand. Times are UTC, days those of
 * Shanghai, eight hours ahead. S-1 has 4,000 subscribers of mobile, S-2 has 1,000 of broadband; B-1 above S-1 says 9,000, which
 * are the same people.
 *
 *   2025-03-03  two calls that nothing explains
 *   2026-03-03  01:00 S-1 fails                      02:30 it works again
 *     01:10 A1  mobile at S-1, told at once: "by 03:00" (kept)           called back: fine
 *     01:20 B1  mobile at S-1, told at once: "by 02:00" (broken)         called back: no answer
 *     01:30 A2  the same customer as A1 again, told nothing
 *     01:40 C1  broadband in a basement far away, told at once, nothing explains it, passed on
 *     01:50 D1  withdrawn
 *     16:10 E1  broadband outdoors beside C1, ten minutes into 4 March, nothing explains it
 */

const statistics = answerStatistics.extend(asOfMark).loose()
type Statistics = z.infer<typeof statistics>
const ground = answerGround.loose()

const home = [113.33, 23.14] as const
const hills = [113.9, 23.6] as const
const at = (time: string) => `2026-03-03T${time}:00.000Z`
const days = 'from=2026-03-03&to=2026-03-04'

let town: StartedApp
beforeAll(async () => {
  town = await startApp({ at: '2025-03-02T20:00:00.000Z' })
  await tell()
})
afterAll(() => town.stop())

async function post(url: string, payload: object = {}): Promise<void> {
  const { status, body } = await town.send('POST', url, payload)
  expect(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
}

const site = (elementId: string, point: readonly [number, number], more: object) =>
  post('/v1/elements', {
    source: 'nms',
    elementId,
    kind: 'site',
    name: elementId,
    location: { point },
    coverage: { kind: 'radius', radiusMeters: 800 },
    ...more,
  })

/** A call at the present moment, and what the customer is told in it. */
const call = (id: string, phone: string, point: readonly [number, number], more: object) =>
  post('/v1/complaints', {
    id,
    source: 'crm',
    customer: { phone: `1380013800${phone}` },
    place: { point, uncertaintyMeters: 100 },
    trouble: { from: new Date(town.clock.nowMs() - 60_000).toISOString(), uncertaintyMs: 120_000 },
    ...more,
  })
const mobile = { service: 'mobile', symptom: 'no-signal' }
const broadband = { service: 'broadband', symptom: 'no-internet' }
const told = (statedEnd?: string) => ({ reply: { words: '正在抢修', ...(statedEnd && { statedEnd }) } })

async function tell(): Promise<void> {
  await site('B-1', home, { kind: 'aggregation', subscribers: 9_000, services: ['mobile'] })
  await site('S-1', home, { parent: 'B-1', subscribers: 4_000, services: ['mobile'] })
  await site('S-2', hills, { subscribers: 1_000, services: ['broadband'] })
  await town.goTo('2025-03-03T02:00:00.000Z')
  await call('Y1', '1', hills, broadband)
  await call('Y2', '2', hills, broadband)
  await town.goTo(at('01:00'))
  const alarm = { source: 'nms', alarmId: 'A-1' }
  await post('/v1/alarms', {
    ...alarm,
    event: 'raised',
    elementId: 'S-1',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    perceivedSeverity: 'CRITICAL',
  })
  await town.goTo(at('01:10'))
  await call('A1', '3', home, { ...mobile, ...told(at('03:00')) })
  await town.goTo(at('01:20'))
  await call('B1', '4', home, { ...mobile, ...told(at('02:00')) })
  await town.goTo(at('01:30'))
  await call('A2', '3', home, mobile)
  await town.goTo(at('01:40'))
  await call('C1', '5', hills, { ...broadband, ...told(), setting: 'basement-or-lift' })
  await post('/v1/complaints/C1/dispatch')
  await town.goTo(at('01:50'))
  await call('D1', '6', home, mobile)
  await post('/v1/complaints/D1/withdraw')
  await town.goTo(at('02:30'))
  await post('/v1/alarms', { ...alarm, event: 'cleared' })
  await town.goTo(at('03:10'))
  await post('/v1/complaints/A1/callback', { outcome: 'fine' })
  await post('/v1/complaints/B1/callback', { outcome: 'no-answer' })
  await town.goTo(at('16:10'))
  await call('E1', '7', hills, { ...broadband, setting: 'outdoor' })
  await town.goTo('2026-03-20T02:00:00.000Z')
}

async function figures(query: string): Promise<Statistics> {
  const { status, body } = await town.send('GET', `/v1/statistics?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return statistics.parse(body)
}

const counts = ({ items }: Statistics) =>
  Object.fromEntries(items.map(({ key, complaints, outages }) => [key, [complaints.n, outages?.n]]))

describe('numbers that management reads', () => {
  test('the period as a whole: every figure with its n, base and definition', async () => {
    const { total, timeZone, definitions } = await figures(days)
    expect(timeZone).toBe('Asia/Shanghai')
    expect(total).toEqual({
      key: 'all',
      complaints: {
        n: 5,
        perTenThousand: { value: 10, n: 5, base: 5_000 },
        yearBefore: { n: 2, changePercent: 150 },
      },
      outages: {
        n: 1,
        perTenThousand: { value: 2, n: 1, base: 5_000 },
        yearBefore: { n: 0, changePercent: 'no base' },
      },
      // B1 alone: A1 called again, A2 and E1 were told nothing, C1 was passed on.
      firstContactResolution: { value: 0.2, n: 1, base: 5 },
      repeats: { value: 0.2, n: 1, base: 5 },
      // A1, B1 and A2 were explained in the second in which they called.
      timeToCauseMs: { value: 500, n: 3, base: 3, betweenMs: [0, 1_000] },
      statedEndsKept: { value: 0.5, n: 1, base: 2 },
      callbacks: { value: 0.5, n: 1, base: 2 },
    })
    expect(Object.keys(definitions)).toEqual(
      expect.arrayContaining(Object.keys(total).filter((name) => name !== 'key')),
    )
  })

  test('by day and week of the zone', async () => {
    const byDay = await figures(days)
    expect(counts(byDay)).toEqual({ '2026-03-03': [4, 1], '2026-03-04': [1, 0] })
    expect(byDay.items.map(({ complaints }) => complaints.yearBefore)).toEqual([
      { n: 2, changePercent: 100 },
      { n: 0, changePercent: 'no base' },
    ])
    // 52 weeks before 2 March 2026 is 3 March 2025, on whose Monday the two of then had called.
    const byWeek = await figures('from=2026-03-02&to=2026-03-08&by=week')
    expect(counts(byWeek)).toEqual({ '2026-03-02': [5, 1] })
    expect(byWeek.items[0]?.complaints.yearBefore).toEqual({ n: 2, changePercent: 150 })
  })

  test('by cause, symptom and service, each with the subscribers that it is told of', async () => {
    expect(counts(await figures(`${days}&by=cause`))).toEqual({ alarm: [3, 1], unexplained: [2, 0] })
    expect(counts(await figures(`${days}&by=symptom`))).toEqual({
      'no-signal': [3, undefined],
      'no-internet': [2, undefined],
    })
    const { items } = await figures(`${days}&by=service`)
    expect(items.map(({ key, complaints }) => [key, complaints.perTenThousand])).toEqual([
      ['mobile', { value: 7.5, n: 3, base: 4_000 }],
      ['broadband', { value: 20, n: 2, base: 1_000 }],
    ])
    const { items: networks } = await figures(`${days}&by=network`)
    expect(networks[0]).toMatchObject({
      key: 'unknown',
      complaints: { perTenThousand: { value: 'no base' } },
    })
  })

  test('by area, and within a box', async () => {
    const { items } = await figures(`${days}&by=area`)
    expect(items.map(({ complaints }) => complaints.perTenThousand)).toEqual([
      { value: 7.5, n: 3, base: 4_000 },
      { value: 20, n: 2, base: 1_000 },
    ])
    for (const { box: [west = 0, south = 0, east = 0, north = 0] = [] } of items) {
      expect(
        [home, hills].some(([lon, lat]) => west <= lon && lon < east && south <= lat && lat < north),
      ).toBe(true)
    }
    const inTown = await figures(`${days}&box=113.2,23.0,113.5,23.3`)
    expect(inTown.total.complaints.perTenThousand).toEqual({ value: 7.5, n: 3, base: 4_000 })
    expect(counts(inTown)).toEqual({ '2026-03-03': [3, 1] })
  })

  test('asOf: what was counted at an earlier moment', async () => {
    const then = await figures(`${days}&asOf=${at('02:00')}`)
    expect(then.asOf).toMatchObject({ at: at('02:00') })
    expect(then.total).toMatchObject({
      complaints: { n: 4 },
      // Nobody could say yet who would call again, or which ends would be kept.
      firstContactResolution: { value: 'no base', base: 'no base' },
      statedEndsKept: { value: 'no base' },
      callbacks: { value: 'no base' },
    })
    expect(counts(await figures(`${days}&by=cause&asOf=${at('01:00')}`))).toEqual({})
  })

  test('the year before the first record is no base', async () => {
    const { total } = await figures('from=2025-03-03&to=2025-03-03')
    expect(total.complaints).toMatchObject({ n: 2, yearBefore: { n: 'no base', changePercent: 'no base' } })
    expect((await figures('from=2026-03-02&to=2026-03-03')).total.complaints.yearBefore.n).toBe('no base')
  })

  test('a period that makes no sense is named', async () => {
    for (const query of [
      'from=2026-03-04&to=2026-03-03',
      'from=2024-01-01&to=2026-01-01',
      'from=yesterday',
    ]) {
      const { status, body } = await town.send('GET', `/v1/statistics?${query}`)
      expect(status).toBe(400)
      expect(body).toMatchObject({ errors: [{ in: 'query', pointer: '/from' }] })
    }
    const { status, body } = await town.send('GET', '/v1/statistics?by=cause&box=113,23,114,24')
    expect(status).toBe(400)
    expect(body).toMatchObject({ errors: [{ pointer: '/box' }] })
  })
})

describe('tables for other tools', () => {
  test('complaints of some days as CSV, with how they stand', async () => {
    const answer = await town.app.inject({ method: 'GET', url: `/v1/export/complaints?${days}` })
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="complaints-2026-03-03-2026-03-04.csv"',
    })
    const [head = '', ...lines] = answer.body.trimEnd().split('\n')
    expect(head).toMatch(/^complaintId,reportedAt,/)
    expect(new Set(lines.map((line) => line.split(',')[0]))).toEqual(
      new Set(['A1', 'A2', 'B1', 'C1', 'D1', 'E1']),
    )
    expect(lines.find((line) => line.startsWith('D1,'))).toContain(',withdrawn,')
    expect(answer.body).not.toContain('1380013800')
  })

  test('attributions and outages as Parquet, as of an earlier moment too', async () => {
    const read = async (url: string) => {
      const answer = await town.app.inject({ method: 'GET', url })
      expect(answer.statusCode).toBe(200)
      return parquetReadObjects({ file: new Uint8Array(answer.rawPayload).buffer })
    }
    const decided = await read(`/v1/export/attributions?${days}&format=parquet`)
    expect(Object.fromEntries(decided.map(({ complaintId, verdict }) => [complaintId, verdict]))).toEqual({
      A1: 'explained',
      A2: 'explained',
      B1: 'explained',
      C1: 'unexplained',
      E1: 'unexplained',
    })
    expect(decided.find(({ complaintId }) => complaintId === 'A1')?.['reportedAt']).toEqual(
      new Date(at('01:10')),
    )
    const url = `/v1/export/outages?${days}&format=parquet`
    expect(await read(url)).toMatchObject([{ status: 'ended', complaints: 3n, customers: 2n }])
    expect(await read(`${url}&asOf=${at('01:15')}`)).toMatchObject([{ status: 'open', complaints: 1n }])
    expect(await read('/v1/export/outages?from=2025-01-01&to=2025-01-31&format=parquet')).toEqual([])
  })
})

describe('for those who plan the network', () => {
  test('unexplained complaints by cell and setting, as GeoJSON', async () => {
    const { status, body } = await town.send('GET', `/v1/planning/complaints?${days}&box=113.8,23.5,114,23.7`)
    expect(status).toBe(200)
    const { features, complete } = ground.parse(body)
    expect(complete).toBe(true)
    expect(features.map(({ properties }) => properties)).toEqual([
      {
        count: 2,
        unexplained: { indoor: 1, outdoor: 1, unknown: 0 },
        gap: { indoor: 0, outdoor: 0, unknown: 0 },
        previous: 0,
        trend: 'steady',
      },
    ])
    const elsewhere = await town.send('GET', `/v1/planning/complaints?${days}&box=113.2,23.0,113.5,23.3`)
    expect(elsewhere.body).toMatchObject({ features: [] })
  })
})
