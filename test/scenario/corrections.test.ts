import { afterEach, expect, test } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { startApp, type StartedApp } from './start-app.ts'

/*
 * Customers are told of a failed site; in the afternoon operations finds that it was not the cause. Through the HTTP API
 * alone, in UTC+8.
 */

let city: StartedApp
afterEach(() => city.stop())

interface Correction {
  readonly complaintId: string
  readonly wrong: readonly string[]
  readonly told: { readonly words: string; readonly at: string }
  readonly now?: { readonly verdict: string; readonly words: { readonly zh: string } }
}

async function post<Answer = Readonly<Record<string, unknown>>>(
  url: string,
  payload: object,
): Promise<Answer> {
  const { status, body } = await city.send<Answer>('POST', url, payload)
  expect(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
  return body
}

async function corrections(query = ''): Promise<readonly Correction[]> {
  const { status, body } = await city.send<{ items: Correction[] }>('GET', `/v1/corrections${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.items
}
const ids = (items: readonly Correction[]) => items.map(({ complaintId }) => complaintId).toSorted()

const site = [113.33, 23.14] as const

async function failSite(): Promise<void> {
  await post('/v1/elements', {
    source: 'nms',
    elementId: 'S-1',
    kind: 'site',
    name: '白马花园',
    location: { point: site },
    services: ['mobile'],
    coverage: { kind: 'radius', radiusMeters: 900 },
  })
  await post('/v1/alarms', {
    event: 'raised',
    source: 'nms',
    alarmId: 'A-1',
    elementId: 'S-1',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    perceivedSeverity: 'CRITICAL',
    occurredAt: '2026-03-01T05:00:00Z',
  })
}

/** A complaint, and what its customer is told: the words of the answer. */
async function complain(at: number, reply: object = {}): Promise<AnswerComplaint> {
  const id = `T-${at}`
  const answer = await post<AnswerComplaint>('/v1/complaints', {
    id,
    source: 'crm',
    customer: { phone: `138${10_000_000 + at}` },
    symptom: 'no-signal',
    service: 'mobile',
    trouble: { from: '2026-03-01T05:03:00Z' },
    stillOut: 'yes',
    place: { point: [site[0] + at / 10_000, site[1]] },
  })
  await post(`/v1/complaints/${id}/reply`, {
    words: answer.words.zh,
    language: 'zh',
    attributionId: answer.attributionId,
    ...reply,
  })
  return answer
}

test('a wrong cause rejected at 14:00, with everyone who heard it listed', async () => {
  city = await startApp({ at: '2026-03-01T05:00:00.000Z' })
  await failSite()
  await city.goTo('2026-03-01T05:10:00.000Z')
  const answers: AnswerComplaint[] = []
  for (let at = 0; at < 6; at += 1) answers.push(await complain(at))
  const root = answers[0]?.root
  expect(answers.map((answer) => answer.root)).toEqual(answers.map(() => root))
  const heard = `?causeKind=alarm&causeId=${encodeURIComponent(root?.id ?? '')}`
  await city.settle()
  expect(ids(await corrections(heard))).toEqual(['T-0', 'T-1', 'T-2', 'T-3', 'T-4', 'T-5'])
  expect(await corrections()).toEqual([])

  // At 14:00 operations rejects it on all but one complaint.
  await city.goTo('2026-03-01T06:00:00.000Z')
  for (let at = 0; at < 5; at += 1) await post(`/v1/complaints/T-${at}/reject`, { cause: root })
  await city.goTo('2026-03-01T06:05:00.000Z')
  const wrong = await corrections()
  expect(ids(wrong)).toEqual(['T-0', 'T-1', 'T-2', 'T-3', 'T-4'])
  for (const correction of wrong) {
    expect(correction).toMatchObject({
      told: { words: answers[0]?.words.zh, at: '2026-03-01T05:10:00.000Z', cause: root },
      rejected: { at: '2026-03-01T06:00:00.000Z', cause: root },
      now: { verdict: 'unexplained' },
    })
    expect(correction.wrong).toContain('cause-rejected')
    expect(correction.now?.words.zh).not.toBe(correction.told.words)
  }
  // Everyone who heard it, and for whom it still holds.
  const everyone = await corrections(heard)
  expect(ids(everyone)).toEqual(['T-0', 'T-1', 'T-2', 'T-3', 'T-4', 'T-5'])
  expect(
    everyone.filter((correction) => correction.wrong.length === 0).map(({ complaintId }) => complaintId),
  ).toEqual(['T-5'])
  // An hour before nobody knew better.
  expect(await corrections('?asOf=2026-03-01T05:30:00Z')).toEqual([])

  // One is told anew, one is called: neither is wrong any more.
  await post('/v1/complaints/T-0/reply', { words: '目前没有发现已知的网络问题。', language: 'zh' })
  await post('/v1/complaints/T-1/callback', { outcome: 'fine' })
  await city.settle()
  expect(ids(await corrections())).toEqual(['T-2', 'T-3', 'T-4'])
})

test('a stated end that has passed, and "restored" where somebody is still out, were wrong', async () => {
  city = await startApp({ at: '2026-03-01T05:00:00.000Z' })
  await failSite()
  await city.goTo('2026-03-01T05:10:00.000Z')
  await complain(1, { statedEnd: '2026-03-01T14:00:00+08:00' })
  const { outageId } = await complain(2)
  await city.settle()
  expect(await corrections()).toEqual([])
  await city.goTo('2026-03-01T06:00:00.000Z')
  expect(await corrections()).toMatchObject([{ complaintId: 'T-1', wrong: ['end-passed'] }])

  await post('/v1/alarms', { event: 'cleared', source: 'nms', alarmId: 'A-1' })
  await city.goTo('2026-03-01T06:45:00.000Z')
  expect(await corrections()).toEqual([])
  await post('/v1/complaints/T-1/reply', { words: '已恢复。', language: 'zh', told: 'restored' })
  await post('/v1/complaints/T-2/callback', { outcome: 'still-out' })
  await city.settle()
  expect(await corrections(`?outageId=${outageId}`)).toMatchObject([
    { complaintId: 'T-1', wrong: ['not-restored'], now: { outageReopened: true } },
  ])
})
