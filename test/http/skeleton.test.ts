import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
beforeEach(async () => (started = await startApp()))
afterEach(() => started.stop())

test('smoke', async () => {
  const { app } = started
  const log = async (r: Promise<{ statusCode: number; body: string }>) => {
    const { statusCode, body } = await r
    console.log(statusCode, body.slice(0, 1500))
    return statusCode
  }
  expect(await log(app.inject({ url: '/health' }))).toBe(200)
  await log(app.inject({ url: '/ready' }))
  await log(app.inject({ url: '/nothing' }))
  await log(app.inject({ url: '/v1/complaints', method: 'PUT' }))
  await log(app.inject({ url: '/v1/complaints/%zz/amend', method: 'POST' }))
  await log(
    app.inject({
      url: '/v1/complaints',
      method: 'POST',
      payload: {
        id: 'c1',
        text: '没有信号',
        customer: { phone: '13812345678' },
        place: { point: [113, 23] },
      },
    }),
  )
  await log(app.inject({ url: '/v1/complaints', method: 'POST', payload: { id: 'c1', symptom: 'nope' } }))
  await log(
    app.inject({
      url: '/v1/complaints',
      method: 'POST',
      payload: '{"a":',
      headers: { 'content-type': 'application/json' },
    }),
  )
  await log(
    app.inject({
      url: '/v1/complaints',
      method: 'POST',
      payload: '{"__proto__":1}',
      headers: { 'content-type': 'application/json' },
    }),
  )
  await log(
    app.inject({
      url: '/v1/complaints',
      method: 'POST',
      payload: 'x',
      headers: { 'content-type': 'text/foo' },
    }),
  )
  await log(app.inject({ url: '/v1/assist', method: 'POST', payload: { text: 'no signal' } }))
  await log(
    app.inject({
      url: '/v1/cutovers',
      method: 'POST',
      payload: {
        cutoverId: 'CO-1',
        title: 't',
        elementIds: ['e'],
        plannedStart: '2026-03-02T00:00Z',
        plannedEnd: '2026-03-02T01:00Z',
      },
    }),
  )
  await log(
    app.inject({
      url: '/v1/cutovers',
      method: 'POST',
      payload: {
        cutoverId: 'CO-1',
        title: 't',
        elementIds: ['e'],
        plannedStart: '2026-03-02T00:00Z',
        plannedEnd: '2026-03-02T01:00Z',
      },
    }),
  )
  await log(app.inject({ url: '/v1/cutovers/CO-1/start', method: 'POST' }))
  await log(app.inject({ url: '/v1/cutovers/CO-2/start', method: 'POST' }))
  await log(
    app.inject({
      url: '/v1/events',
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      payload:
        '{"type":"ElementRegistered","source":"nms","occurredAt":"2026-03-01T00:00Z","data":{"elementId":"s1","kind":"site","name":"x"}}\n{bad\n',
    }),
  )
  await log(app.inject({ url: '/metrics' }))
  const spec = await app.inject({ url: '/openapi.json' })
  console.log(spec.statusCode, Object.keys(spec.json().paths))
})
