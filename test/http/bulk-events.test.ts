import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswerBulk } from '../../schemas/answer-bulk.ts'
import { emptyAnswer, takeInBulk } from '../../src/intake/bulk-intake.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
beforeEach(async () => (started = await startApp({ at: '2026-03-01T08:00:00.000Z' })))
afterEach(() => started.stop())

const occurredAt = '2026-03-01T07:00:00Z'
const alarm = (alarmId: string, more: object = {}) => ({
  type: 'AlarmRaised',
  source: 'nms',
  occurredAt,
  data: { alarmId, elementId: 'S-1', probableCause: 'outOfService' },
  ...more,
})

async function sendLines(lines: readonly (object | string)[], type = 'application/x-ndjson') {
  const answer = await started.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { 'content-type': type },
    payload: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  })
  return { status: answer.statusCode, body: answer.json<AnswerBulk>() }
}

describe('bulk input', () => {
  test('H1: good lines are stored, bad ones refused by line number and reason, and kept', async () => {
    const { status, body } = await sendLines([
      alarm('A-1'),
      '{"type":"AlarmRaised",',
      '',
      alarm('A-2', { occurredAt: '2026-03-01T09:00:00Z' }),
      alarm('A-3', { occurredAt: '2026-03-01 07:00' }),
      { ...alarm('A-4'), type: 'CauseAttributed' },
      { ...alarm('A-5'), type: 'ClockTicked' },
      { ...alarm('A-6'), data: { alarmId: 'A-6', elementId: 'S-1', probableCause: 'x', colour: 'red' } },
      `{"type":"AlarmRaised","data":{"text":"${'x'.repeat(70_000)}"}}`,
      alarm('A-9'),
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject({ received: 9, stored: 2, duplicates: 0, differing: 0, refused: 7 })
    expect(body.refusedLines.map(({ line }) => line)).toEqual([2, 4, 5, 6, 7, 8, 9])
    const reasons = body.refusedLines.map(({ reason }) => reason).join('\n')
    for (const part of ['no JSON', 'future', 'offset', 'engine', 'colour', 'maxLineBytes']) {
      expect(reasons).toContain(part)
    }
    const kept = await started.send<{ items: { line: number }[] }>('GET', '/v1/refused?limit=3')
    expect(kept.body.items.map(({ line }) => line)).toEqual([2, 4, 5])
    expect(kept.body).toMatchObject({ kept: 7, dropped: 0, next: expect.any(String) })
  })

  test('L2: sent again, alone or in company, nothing is stored twice; other content is told and kept', async () => {
    const lines = [alarm('A-1', { notificationId: 'n-1' }), alarm('A-2')]
    expect((await sendLines(lines)).body).toMatchObject({ stored: 2 })
    expect((await sendLines([...lines, alarm('A-3')])).body).toMatchObject({ stored: 1, duplicates: 2 })
    const other = {
      ...alarm('A-1', { notificationId: 'n-1' }),
      data: { ...alarm('A-1').data, text: 'other' },
    }
    expect((await sendLines([other])).body).toMatchObject({ stored: 0, differing: 1 })
    expect((await started.send('GET', '/v1/refused')).body).toMatchObject({ kept: 1 })
  })

  test('a refused line corrected and sent again is stored and no longer kept', async () => {
    const { body } = await sendLines([{ ...alarm('A-1'), data: { alarmId: 'A-1', elementId: 'S-1' } }])
    const retry = `/v1/refused/${body.refusedLines[0]?.refusedId}/retry`
    expect((await started.send('POST', retry)).status).toBe(422)
    expect(await started.send('POST', retry, alarm('A-1'))).toMatchObject({ status: 201 })
    expect((await started.send('GET', '/v1/refused')).body).toMatchObject({ kept: 0 })
    expect((await started.send('POST', retry)).status).toBe(404)
  })

  test('S1: complaints with names and words are sealed; a number as reference is refused; what is kept is masked', async () => {
    const complaint = {
      type: 'ComplaintReceived',
      source: 'crm',
      occurredAt,
      data: {
        complaintId: 'C-1',
        text: '我是李四,没有信号',
        customer: { phone: '13912345678', name: '李四' },
        place: { point: [113.3, 23.1] },
      },
    }
    const open = {
      ...complaint,
      data: { complaintId: 'C-2', reportedAt: occurredAt, customerRef: '13912345678' },
    }
    const wrong = { ...complaint, data: { ...complaint.data, complaintId: 'C-3', symptom: 'none such' } }
    const { body } = await sendLines([complaint, open, wrong])
    expect(body).toMatchObject({ stored: 1, refused: 2 })
    const kept = JSON.stringify((await started.send('GET', '/v1/refused')).body)
    for (const secret of ['李四', '13912345678', '没有信号']) expect(kept).not.toContain(secret)
    await started.settle()
    const personal = await started.send('GET', '/v1/complaints/C-1/personal')
    expect(personal.body).toMatchObject({ fields: { name: '李四', phone: '13912345678' } })
    const log = []
    for await (const batch of started.services.log.readAll()) log.push(...batch)
    expect(JSON.stringify(log)).not.toContain('李四')
  })

  test('times without offset are read by the clock of their source, where that is known', async () => {
    await started.stop()
    const feeds = [{ source: 'nms', heartbeatMs: 1, maxLagMs: 1, zone: 'Asia/Shanghai' }]
    started = await startApp({ at: '2026-03-01T08:00:00.000Z', config: { feeds } })
    const { body } = await sendLines([
      alarm('A-1', { occurredAt: '2026-03-01 15:00:00' }),
      alarm('A-2', { source: 'other', occurredAt: '2026-03-01 15:00:00' }),
    ])
    expect(body).toMatchObject({ stored: 1, refused: 1 })
    for await (const [event] of started.services.log.readStream('alarms-nms-2026-03-01')) {
      expect(event?.occurredAt).toBe('2026-03-01T07:00:00.000Z')
    }
  })

  test('what is exported from a log is taken in again with its ids', async () => {
    await sendLines([alarm('A-1')])
    const exported = []
    for await (const batch of started.services.log.readStream('alarms-nms-2026-03-01'))
      exported.push(...batch)
    expect((await sendLines(exported)).body).toMatchObject({ received: 1, duplicates: 1 })
  })

  test('another content type is 415, too many at once 429', async () => {
    expect((await sendLines([alarm('A-1')], 'text/csv')).status).toBe(415)
    await started.stop()
    const limits = { ...started.services.config.limits, maxBulkRequests: 1 }
    started = await startApp({ config: { limits } })
    const never = started.app.inject({
      method: 'POST',
      url: '/v1/events',
      headers: { 'content-type': 'application/x-ndjson' },
      payload: `${JSON.stringify(alarm('A-1', { occurredAt: '2026-02-28T00:00:00Z' }))}\n`.repeat(20_000),
    })
    const statuses = await Promise.all([
      never.then(({ statusCode }) => statusCode),
      sendLines([]).then(({ status }) => status),
    ])
    expect(statuses).toContain(429)
  })

  test('H3: while the engine is too far behind, no more is read', async () => {
    let lagEvents = 0
    let read = 0
    async function* endless() {
      for (; read < 1_000; read += 1) yield Buffer.from(`${JSON.stringify(alarm(`A-${read}`))}\n`.repeat(10))
    }
    const { config, ...services } = started.services
    const limits = { ...config.limits, bulkBatchLines: 10, bulkMaxLagEvents: 5 }
    const answer = emptyAnswer()
    lagEvents = 100
    const done = takeInBulk(
      endless(),
      { ...services, config: { limits }, correlator: { lag: () => ({ events: lagEvents, ms: 0 }) } },
      { actor: 'test', answer, signal: new AbortController().signal },
    )
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(read).toBeLessThanOrEqual(2)
    expect(answer.received).toBe(0)
    lagEvents = 0
    await done
    expect(answer.received).toBe(10_000)
  })
})
