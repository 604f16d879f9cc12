import { connect } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { LogUnavailableError } from '../../src/event-log/event-log.ts'
import type { Services } from '../../src/http/services.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
afterEach(() => started.stop())

describe('problems (RFC 9457)', () => {
  test('name the field at fault, in body, query and path', async () => {
    started = await startApp()
    const body = await started.send('POST', '/v1/complaints', {
      place: { point: [400, 23] },
      trouble: { from: '2026-03-01 10:00' },
    })
    expect(body.headers['content-type']).toContain('application/problem+json')
    expect(body).toMatchObject({
      status: 400,
      body: { type: 'about:blank', title: 'Bad Request', status: 400 },
    })
    const pointers = (body.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
    expect(pointers).toEqual(expect.arrayContaining(['/place/point/0', '/trouble/from']))
    const query = await started.send('GET', '/v1/elements?box=1,2,3')
    expect(query.body).toMatchObject({ errors: [{ in: 'query', pointer: '/box' }] })
    const future = await started.send('POST', '/v1/alarms', {
      event: 'raised',
      source: 'nms',
      alarmId: 'A',
      elementId: 'E',
      probableCause: 'x',
      occurredAt: '2027-01-01T00:00:00Z',
    })
    expect(future).toMatchObject({ status: 400, body: { errors: [{ pointer: '/occurredAt' }] } })
  })

  test('name what does not belong there itself, and of long lists of values how many there are', async () => {
    started = await startApp()
    const body = await started.send('POST', '/v1/complaints', { text: 'x', place: { name: 'A', height: 3 } })
    expect(body.body['errors']).toEqual([
      { in: 'body', pointer: '/place/height', detail: 'is not known here' },
    ])
    const alarm = { event: 'raised', source: 'nms', alarmId: 7, probableCause: 'down' }
    expect((await started.send('POST', '/v1/alarms', alarm)).body['errors']).toEqual([
      { in: 'body', pointer: '/alarmId', detail: 'must be a text' },
      { in: 'body', pointer: '/elementId', detail: 'is missing' },
    ])
    const limit = await started.send('GET', '/v1/outages?limit=many')
    expect(limit.body['errors']).toMatchObject([{ pointer: '/limit', detail: 'must be a number' }])
    const query = await started.send('GET', '/v1/outages?colour=red')
    expect(query.body['errors']).toMatchObject([{ in: 'query', pointer: '/colour' }])
    const line = {
      payload: '{"type":"Nonsense","data":{}}',
      headers: { 'content-type': 'application/x-ndjson' },
    }
    const bulk = await started.app.inject({ method: 'POST', url: '/v1/events', ...line })
    const [refused] = bulk.json<{ refusedLines: { reason: string }[] }>().refusedLines
    expect(refused?.reason).toMatch(/^\/type: is none of the \d+ that are known$/)
  })

  test('a body of another type is 415', async () => {
    started = await startApp()
    const headers = { 'content-type': 'text/plain' }
    const plain = await started.app.inject({
      method: 'POST',
      url: '/v1/complaints',
      headers,
      payload: 'hello',
    })
    expect(plain.statusCode).toBe(415)
    expect(plain.headers['content-type']).toContain('application/problem+json')
    expect(plain.json()).toMatchObject({ detail: 'Send it as application/json (Content-Type).' })
    const bulk = await started.app.inject({ method: 'POST', url: '/v1/events', headers, payload: '{}' })
    expect(bulk.json()).toMatchObject({ status: 415, detail: expect.stringContaining('x-ndjson') })
  })

  test('H1: a body that does not come whole in time is 408, and one in bulk may take longer', async () => {
    const limits = configSchema.parse({ limits: { requestTimeoutMs: 60 } }).limits
    started = await startApp({ config: { limits } })
    const url = new URL(await started.app.listen({ host: '127.0.0.1', port: 0 }))
    const begin = async (path: string, type: string) => {
      const socket = connect(Number(url.port), url.hostname)
      onTestFinished(() => void socket.destroy())
      let answer = ''
      socket.on('data', (bytes: Buffer) => (answer += bytes.toString()))
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 40\r\n\r\n`)
      return { socket, answer: () => answer }
    }
    const bulk = await begin('/v1/events', 'application/x-ndjson')
    bulk.socket.write('{')
    const slow = await begin('/v1/complaints', 'application/json')
    slow.socket.write('{"text"')
    await expect.poll(slow.answer).toMatch(/^HTTP\/1\.1 408 [^]*requestTimeoutMs/)
    expect(bulk.answer()).toBe('')
    bulk.socket.write(' '.repeat(38) + '\n')
    await expect.poll(bulk.answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('tell what is possible where a method is not, and what is too large', async () => {
    started = await startApp()
    const wrong = await started.send('PUT', '/v1/complaints')
    expect(wrong).toMatchObject({ status: 405, headers: { allow: expect.stringContaining('POST') } })
    expect((await started.send('GET', '/v1/none')).status).toBe(404)
    expect((await started.send('POST', '/v1/complaints', { text: 'x'.repeat(2 << 20) })).status).toBe(413)
  })
})

describe('readiness', () => {
  test('ends while the log takes no events, and says why', async () => {
    const broken = { is: false }
    const change = (services: Services): Services => ({
      ...services,
      writer: {
        ...services.writer,
        write: (events) => {
          if (broken.is) throw new LogUnavailableError('the disk is full')
          return services.writer.write(events)
        },
      },
    })
    started = await startApp({ at: '2026-03-01T08:00:00.000Z', change })
    const ready = () => started.send('GET', '/ready')
    expect((await ready()).status).toBe(200)
    broken.is = true
    expect((await started.send('POST', '/v1/complaints', { text: 'no signal' })).status).toBe(503)
    expect(await ready()).toMatchObject({
      status: 503,
      body: { reasons: ['the event log takes no events: the disk is full'] },
    })
    broken.is = false
    expect((await started.send('POST', '/v1/complaints', { text: 'no signal' })).status).toBe(201)
    expect((await ready()).status).toBe(200)
  })
})

describe('API keys', () => {
  const apiKeys = [
    { name: 'crm', key: 'crm-key-0123456789', personalData: false },
    { name: 'privacy', key: 'privacy-key-0123456789', personalData: true },
  ]
  const as = (key: string) => ({ authorization: `Bearer ${key}` })

  test('are asked for under /v1, name the actor, and entitle to personal data where they say so (S1)', async () => {
    started = await startApp({ config: { apiKeys } })
    const draft = { id: 'C-1', text: 'no signal', customer: { phone: '13812345678', name: '张三' } }
    const without = await started.send('POST', '/v1/complaints', draft)
    expect(without).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect((await started.send('POST', '/v1/complaints', draft, as('wrong'))).status).toBe(401)
    const taken = await started.send('POST', '/v1/complaints', draft, { 'x-api-key': 'crm-key-0123456789' })
    expect(taken.status).toBe(201)
    for await (const [event] of started.services.log.readStream('complaint-C-1')) {
      expect(event?.meta.actor).toBe('crm')
    }
    const masked = await started.send(
      'GET',
      '/v1/complaints/C-1/personal',
      undefined,
      as('crm-key-0123456789'),
    )
    expect(masked.body).toMatchObject({
      masked: true,
      fields: { phone: '138****5678', name: '张**', text: '***' },
    })
    const whole = await started.send(
      'GET',
      '/v1/complaints/C-1/personal',
      undefined,
      as('privacy-key-0123456789'),
    )
    expect(whole.body).toMatchObject({ masked: false, fields: { phone: '13812345678' } })
  })

  test('are not needed for health, readiness, metrics and the documentation', async () => {
    started = await startApp({ config: { apiKeys } })
    for (const url of ['/health', '/ready', '/metrics', '/openapi.json', '/docs']) {
      expect((await started.send('GET', url)).status).toBe(200)
    }
  })

  test('a ticket opens the live feed once and nothing else', async () => {
    started = await startApp({ config: { apiKeys } })
    const issued = await started.send('POST', '/v1/live/tickets', undefined, as('crm-key-0123456789'))
    const ticket = String(issued.body['ticket'])
    expect((await started.send('GET', `/v1/feeds?ticket=${ticket}`)).status).toBe(401)
    const url = await started.app.listen({ host: '127.0.0.1', port: 0 })
    const first = await fetch(`${url}/v1/live?ticket=${ticket}`)
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toContain('text/event-stream')
    await first.body?.cancel()
    expect((await fetch(`${url}/v1/live?ticket=${ticket}`)).status).toBe(401)
  })
})

describe('documentation', () => {
  test('is OpenAPI 3.1 made of the schemas, and a page with nothing from elsewhere', async () => {
    started = await startApp()
    const { body } = await started.send<{
      openapi: string
      paths: Record<string, { post?: { requestBody: unknown } }>
    }>('GET', '/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    expect(JSON.stringify(body.paths['/v1/complaints']?.post?.requestBody)).toContain('no-dial-tone')
    for (const path of ['/docs', '/docs/docs.js', '/docs/docs.css']) {
      const page = await started.app.inject({ url: path })
      expect(page.statusCode).toBe(200)
      expect(page.body).not.toMatch(/https?:\/\//)
      expect(page.headers['content-security-policy']).toContain("default-src 'self'")
      expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
    }
  })

  test('names every answer’s type once, and no type that nothing refers to', async () => {
    started = await startApp()
    const { body } = await started.send<{ components: { schemas: object } }>('GET', '/openapi.json')
    const text = JSON.stringify(body)
    const referred = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, id]) => id))
    expect(referred).toEqual(new Set(Object.keys(body.components.schemas)))
    expect(body.components.schemas).toMatchObject({
      Outage: {},
      Cluster: {},
      ComplaintAnswer: {},
      Problem: {},
    })
  })

  test('metrics count requests by route and never by address', async () => {
    started = await startApp()
    await started.send('GET', '/v1/complaints/secret-id')
    const metrics = await started.app.inject({ url: '/metrics' })
    expect(metrics.body).toContain('route="/v1/complaints/:complaintId"')
    expect(metrics.body).not.toContain('secret-id')
    for (const name of [
      'append_seconds',
      'correlate_seconds',
      'project_seconds',
      'lag_events',
      'window_size',
    ]) {
      expect(metrics.body).toContain(`causeway_${name}`)
    }
  })
})
