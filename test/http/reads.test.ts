import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { answerStoryEntry } from '../../schemas/answer-act.ts'
import { answerAlarm } from '../../schemas/answer-alarm.ts'
import { answerCause } from '../../schemas/answer-cause.ts'
import { answerCluster } from '../../schemas/answer-cluster.ts'
import { answerComplaint } from '../../schemas/answer-complaint.ts'
import { answerComplaintBeside, answerComplaintKept } from '../../schemas/answer-complaint-kept.ts'
import { answerCutover } from '../../schemas/answer-cutover.ts'
import { answerElement, answerElementWhole, answerInfluence } from '../../schemas/answer-element.ts'
import { answerAffectedElement, answerOutage } from '../../schemas/answer-outage.ts'
import { answerProblem } from '../../schemas/answer-problem.ts'
import { answerAdvisory, answerGap } from '../../schemas/answer-published.ts'
import { pageOfItems, thingNow } from '../../src/http/page-query.ts'
import { startApp, type Sent, type StartedApp } from '../scenario/start-app.ts'

interface Page {
  readonly items: readonly Record<string, unknown>[]
}

let started: StartedApp
beforeAll(async () => {
  started = await startApp({ at: '2026-03-01T08:00:00.000Z' })
  await failTheTown()
})
afterAll(() => started.stop())

const post = async (url: string, body: object): Promise<void> => {
  const { status, body: answer } = await started.send('POST', url, body)
  expect(status, `${url} ${JSON.stringify(answer)}`).toBe(201)
}
const get = <Body = Page>(url: string): Promise<Sent<Body>> => started.send<Body>('GET', url)

/** A controller fails with its two sites during works; six customers call, and people act on it. */
async function failTheTown(): Promise<void> {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 7, minute)).toISOString()
  await post('/v1/elements', { elementId: 'BSC-1', kind: 'aggregation', name: 'BSC 1' })
  for (const [id, lon] of [
    ['S-1', 113.3],
    ['S-2', 113.305],
  ] as const) {
    const location = { point: [lon, 23.13], crs: 'gcj02' }
    await post('/v1/elements', { elementId: id, kind: 'site', name: `站 ${id}`, parent: 'BSC-1', location })
    await post('/v1/links', { elementId: id, dependsOn: 'BSC-1', relation: 'feeds' })
  }
  await post('/v1/cutovers', {
    cutoverId: 'CO-1',
    title: '割接',
    elementIds: ['BSC-1'],
    plannedStart: at(30),
    plannedEnd: at(50),
  })
  const area = { kind: 'circle', center: [113.3, 23.13], radiusMeters: 300 }
  await post('/v1/gaps', { gapId: 'G-1', kind: 'blind-spot', area, reason: { kind: 'terrain' } })
  await post('/v1/advisories', { advisoryId: 'AD-1', advisoryType: 'note', title: 'Notice', area })
  for (const elementId of ['BSC-1', 'S-1', 'S-2']) {
    await post('/v1/alarms', {
      event: 'raised',
      source: 'nms',
      alarmId: `A-${elementId}`,
      elementId,
      probableCause: 'Base Station Out of Service',
      perceivedSeverity: 'CRITICAL',
      occurredAt: at(31),
    })
  }
  await post('/v1/alarms/nms/A-S-1/acknowledge', {})
  for (let n = 0; n < 6; n += 1) {
    await post('/v1/complaints', {
      id: `C-${n}`,
      customer: { phone: `1380000000${n}` },
      text: '没有信号',
      place: { point: [113.295 + n * 1e-4, 23.1325] },
      trouble: { from: at(35) },
      stillOut: 'yes',
    })
  }
  await started.settle()
  const { body } = await get('/v1/outages')
  const outageId = String(body.items[0]?.['outageId'])
  await post(`/v1/outages/${outageId}/acknowledge`, {})
  await post(`/v1/outages/${outageId}/assign`, { assignee: 'zhang' })
  await post(`/v1/outages/${outageId}/estimate`, { expectedEnd: '2026-03-01T09:00:00Z' })
  await post('/v1/complaints/C-0/reply', { words: '正在抢修', language: 'zh' })
  await post('/v1/complaints/C-0/resolve', { resolution: 'explained' })
  await post('/v1/complaints/C-1/callback', { outcome: 'still-out' })
  await post('/v1/complaints/C-1/dispatch', { orderId: 'WO-1' })
  await started.settle()
}

async function firstId(list: string, name: string): Promise<string> {
  return String((await get(list)).body.items[0]?.[name])
}

describe('an answer is what the API’s description says, no more and no less', () => {
  const lists: readonly (readonly [string, z.ZodType])[] = [
    ['/v1/outages', answerOutage],
    ['/v1/clusters', answerCluster],
    ['/v1/complaints?day=2026-03-01', answerComplaintKept],
    ['/v1/complaints/C-0/story', answerStoryEntry],
    ['/v1/elements?box=113,23,114,24', answerElement],
    ['/v1/elements/BSC-1/children', answerElement],
    ['/v1/cutovers', answerCutover],
    ['/v1/gaps', answerGap],
    ['/v1/advisories', answerAdvisory],
    ['/v1/alarms', answerAlarm],
  ]
  test.each(lists)('GET %s', async (url, item) => {
    const { status, body } = await get(url)
    expect(status).toBe(200)
    expect(body.items.length).toBeGreaterThan(0)
    expect(pageOfItems(item).safeParse(body).error).toBeUndefined()
  })

  const things: readonly (readonly [string, z.ZodObject])[] = [
    ['/v1/elements/BSC-1', answerElementWhole],
    ['/v1/elements/BSC-1/influence', answerInfluence],
    ['/v1/cutovers/CO-1', answerCutover],
    ['/v1/gaps/G-1', answerGap],
    ['/v1/advisories/AD-1', answerAdvisory],
    ['/v1/alarms/nms/A-S-1', answerAlarm],
  ]
  test.each(things)('GET %s', async (url, thing) => {
    const { status, body } = await get(url)
    expect(status).toBe(200)
    expect(thingNow(thing).safeParse(body).error).toBeUndefined()
  })

  test('of one outage and one cluster, their members and causes around', async () => {
    const outage = `/v1/outages/${await firstId('/v1/outages', 'outageId')}`
    const cluster = `/v1/clusters/${await firstId('/v1/clusters', 'clusterId')}`
    const check = async (url: string, shape: z.ZodType) => {
      const { body } = await get<object>(url)
      expect(shape.safeParse(body).error, url).toBeUndefined()
    }
    await check(outage, thingNow(answerOutage))
    await check(`${outage}/members`, pageOfItems(answerComplaintKept))
    await check(`${outage}/members?kind=elements`, pageOfItems(answerAffectedElement))
    await check(`${outage}/story`, pageOfItems(answerStoryEntry))
    await check(cluster, thingNow(answerCluster))
    await check(`${cluster}/members`, pageOfItems(answerComplaintKept))
    const { body } = await get('/v1/causes?near=113.295,23.1325')
    expect(body.items.length).toBeGreaterThan(2)
    for (const cause of body.items) expect(answerCause.safeParse(cause).error).toBeUndefined()
  })

  test('of a complaint, whatever people did about it', async () => {
    const shape = answerComplaint.extend({ complaint: answerComplaintBeside })
    for (const id of ['C-0', 'C-1', 'C-5']) {
      const { body } = await get<object>(`/v1/complaints/${id}`)
      expect(shape.safeParse(body).error, id).toBeUndefined()
    }
  })

  test('of a request that cannot be answered', async () => {
    for (const url of ['/v1/outages/none', '/v1/outages?foo=1', '/v1/nowhere']) {
      const { body } = await get<object>(url)
      expect(answerProblem.safeParse(body).error, url).toBeUndefined()
    }
  })
})

describe('outages and clusters', () => {
  const found = async (list: 'outages' | 'clusters', query: string) =>
    (await get(`/v1/${list}?${query}`)).body.items.length
  const byCause = 'causeKind=cutover&causeId=CO-1'
  const there = 'box=113.2,23.1,113.4,23.2'
  const elsewhere = 'box=10,10,11,11'

  test.each(['outages', 'clusters'] as const)(
    '%s are found by cause, status and area together',
    async (list) => {
      expect(await found(list, byCause)).toBe(1)
      expect(await found(list, 'causeKind=cutover&causeId=CO-2')).toBe(0)
      expect(await found(list, `${byCause}&status=open&${there}`)).toBe(1)
      expect(await found(list, `${byCause}&status=${list === 'outages' ? 'ended' : 'closed'}`)).toBe(0)
      expect(await found(list, `${byCause}&${elsewhere}`)).toBe(0)
    },
  )

  test('half a cause is refused, not left out of account', async () => {
    for (const [query, pointer] of [
      ['causeKind=cutover', '/causeId'],
      ['causeId=CO-1', '/causeKind'],
    ] as const) {
      for (const list of ['outages', 'clusters']) {
        const answer = await get<{ errors: object[] }>(`/v1/${list}?${query}`)
        expect(answer.status).toBe(400)
        expect(answer.body.errors).toMatchObject([{ in: 'query', pointer }])
      }
    }
  })
})
