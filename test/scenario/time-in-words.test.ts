import { afterEach, expect, test } from 'vitest'
import type { AnswerAmended, AnswerAssist, AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { home, startDesk, type Desk } from './desk.ts'

/*
 * The alarm was raised at 10:02 and cleared at 10:20, local time (UTC+8). The customer calls at 11:58 and says when it began
 * in words alone.
 */

let desk: Desk
afterEach(() => desk.city.stop())

const place = { point: home, uncertaintyMeters: 100 }

async function morning() {
  desk = await startDesk({ at: '2026-03-01T01:00:00.000Z' })
  await desk.site('GZ-0417')
  await desk.city.goTo('2026-03-01T02:02:00.000Z')
  await desk.alarm('4711', 'GZ-0417')
  await desk.city.goTo('2026-03-01T02:20:00.000Z')
  await desk.clear('4711')
  await desk.city.goTo('2026-03-01T03:58:00.000Z')
}

function say(id: string, text: string, more: object = {}) {
  return desk.city.send<AnswerComplaint>('POST', '/v1/complaints', {
    id,
    source: 'crm',
    text,
    service: 'mobile',
    place,
    ...more,
  })
}

const fromTen = { from: '2026-03-01T02:00:00.000Z', uncertaintyMs: 900_000, fromWords: '上午十点' }

test('"since ten in the morning" is explained by the alarm of then; without it no time is read', async () => {
  await morning()
  const timed = await say('T-1', '天河直街 上午十点开始没信号')
  expect(timed.body).toMatchObject({
    verdict: 'explained',
    root: { kind: 'alarm', id: 'nms/4711@2026-03-01T02:02:00.000Z' },
    understood: { trouble: fromTen },
  })
  const untimed = await say('T-2', '天河直街 没信号')
  expect(untimed.body.understood.trouble).toEqual({})
  const assisted = await desk.city.send<AnswerAssist>('POST', '/v1/assist', {
    text: 'no signal on Tianhe Street since ten',
    service: 'mobile',
    place,
  })
  expect(assisted.body).toMatchObject({
    verdict: 'explained',
    understood: { trouble: { from: fromTen.from, fromWords: 'ten' } },
  })
})

test('told in the afternoon, it is the time alone that leads to the alarm', async () => {
  await morning()
  await desk.city.goTo('2026-03-01T07:58:00.000Z')
  const untimed = await say('T-1', '天河直街 没信号')
  expect(untimed.body.verdict).not.toBe('explained')
  const timed = await say('T-2', '天河直街 上午十点开始没信号')
  expect(timed.body).toMatchObject({ verdict: 'explained', understood: { trouble: fromTen } })
})

test('what the agent states goes before words, also afterwards; the same again is the same (L2)', async () => {
  await morning()
  const stated = { from: '2026-03-01T03:30:00.000Z' }
  const own = await say('T-1', '上午十点开始没信号', { trouble: stated })
  expect(own.body.understood.trouble).toEqual(stated)
  await desk.city.settle()
  const other = await desk.city.send<AnswerAmended>('POST', '/v1/complaints/T-1/amend', {
    text: '上午九点开始没信号',
  })
  expect(other.body.answer).toMatchObject({ understood: { trouble: stated } })

  await say('T-2', '上午十点开始没信号')
  await desk.city.goTo('2026-03-02T09:00:00.000Z')
  const again = await say('T-2', '上午十点开始没信号')
  expect(again.body).toMatchObject({ duplicate: 'same', understood: { trouble: fromTen } })
  const corrected = await desk.city.send<AnswerAmended>('POST', '/v1/complaints/T-2/amend', {
    trouble: stated,
  })
  expect((corrected.body.answer as AnswerComplaint).understood.trouble).toEqual(stated)
})

test('lines in bulk are read alike, by the clock of their feed', async () => {
  desk = await startDesk({
    at: '2026-03-01T03:58:00.000Z',
    config: {
      feeds: [{ source: 'crm-tokyo', heartbeatMs: 86_400_000, maxLagMs: 900_000, zone: 'Asia/Tokyo' }],
    },
  })
  const line = (source: string) =>
    JSON.stringify({
      type: 'ComplaintReceived',
      source,
      occurredAt: '2026-03-01T03:58:00Z',
      data: { complaintId: source, text: 'no signal since 10 am' },
    })
  const { statusCode } = await desk.city.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { 'content-type': 'application/x-ndjson' },
    payload: `${line('crm')}\n${line('crm-tokyo')}\n`,
  })
  expect(statusCode).toBe(200)
  await desk.city.settle()
  expect((await desk.answerOf('crm')).understood.trouble?.from).toBe('2026-03-01T02:00:00.000Z')
  expect((await desk.answerOf('crm-tokyo')).understood.trouble?.from).toBe('2026-03-01T01:00:00.000Z')
})
