import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import { hostileValues, seededChoices, valueFor, type Choices, type Schema } from './schema-values.ts'

/* H1: whatever is sent to whichever route, nothing is a 500, everything refused is a problem, and the process lives on. */

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}
interface Route {
  readonly path: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly operation: Operation
}

let started: StartedApp
let routes: readonly Route[]

beforeAll(async () => {
  started = await startApp({ at: '2026-03-01T08:00:00.000Z' })
  await seed()
  const { body } = await started.send<{ paths: Record<string, Record<string, Operation>> }>(
    'GET',
    '/openapi.json',
  )
  routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase() as Route['method'],
      operation,
    })),
  )
})
afterAll(() => started.stop())

/** Things under the ids that the requests name, so that they get past "there is no such thing". */
async function seed() {
  const point = [113.3, 23.1]
  const window = { plannedStart: '2026-03-01T07:00:00Z', plannedEnd: '2026-03-01T10:00:00Z' }
  const stored = [
    await started.send('POST', '/v1/elements', {
      elementId: 'C-1',
      kind: 'site',
      name: 'C',
      location: { point },
    }),
    await started.send('POST', '/v1/cutovers', {
      cutoverId: 'C-1',
      title: 'C',
      elementIds: ['C-1'],
      ...window,
    }),
    await started.send('POST', '/v1/alarms', {
      event: 'raised',
      source: 'C-1',
      alarmId: 'C-1',
      elementId: 'C-1',
      probableCause: 'outOfService',
      perceivedSeverity: 'CRITICAL',
    }),
    await started.send('POST', '/v1/complaints', { id: 'C-1', text: 'no signal', place: { point } }),
  ]
  for (const { status, body } of stored) expect(status, JSON.stringify(body)).toBe(201)
}

const hostileSegments = [
  'E-1',
  'C-1',
  '%00',
  '%F0%9F%92%A9',
  '%ED%A0%80',
  '%zz',
  'a'.repeat(3_000),
  '..%2F..%2Fetc%2Fpasswd',
  '__proto__',
  'constructor',
  '%0d%0aset-cookie:x',
  '9'.repeat(400),
]
const hostileQueries = [
  '',
  'NaN',
  '-1',
  '1e9',
  '%ff',
  '%00',
  "'%22<>",
  '0,0,0',
  '1,2,3,4,5',
  '91,181',
  'x'.repeat(5_000),
]
/** Streams of events have no end, and so cannot be injected. */
const streaming = new Set(['/v1/live'])

function urlOf({ path, operation }: Route, choices: Choices, hostileShare: number): string {
  const filled = path.replace(/\{(\w+)\}/g, () =>
    choices.chance(hostileShare) ? (choices.pick(hostileSegments) ?? '') : 'C-1',
  )
  const query = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .filter(() => choices.chance(0.7))
    .map(({ name, schema }) => {
      const value = choices.chance(hostileShare)
        ? choices.pick(hostileQueries)
        : encodeURIComponent(String(name === 'box' ? '113,23,114,24' : valueFor(schema, choices, 0)))
      return `${name}=${value}`
    })
  if (choices.chance(hostileShare / 2)) query.push('surplus=1', 'limit=1&limit=2')
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`
}

async function strike(route: Route, url: string, payload: string | Buffer | undefined, type: string) {
  const answer = await started.app.inject({
    method: route.method,
    url,
    ...(payload === undefined ? {} : { payload, headers: { 'content-type': type } }),
  })
  const said = `${route.method} ${url.slice(0, 200)} ${String(payload).slice(0, 300)} → ${answer.statusCode} ${answer.body.slice(0, 300)}`
  expect(answer.statusCode, said).toBeLessThan(500)
  if (answer.statusCode >= 400) {
    expect(answer.headers['content-type'], said).toContain('application/problem+json')
    expect(answer.json(), said).toMatchObject({ status: answer.statusCode })
  }
}

async function expectAlive() {
  expect((await started.send('GET', '/health')).status).toBe(200)
  await started.settle()
  const { status, body } = await started.send('POST', '/v1/complaints', {
    text: 'no signal',
    place: { point: [113.3, 23.1] },
  })
  expect(status, JSON.stringify(body)).toBe(201)
}

describe('H1: hostile input to every route', () => {
  test('bodies and parameters that fit the schema but for seeded faults', async () => {
    const choices = seededChoices(20_260_301)
    expect(routes.length).toBeGreaterThan(60)
    for (const route of routes) {
      if (streaming.has(route.path)) continue
      const schema = Object.values(route.operation.requestBody?.content ?? {})[0]?.schema
      for (let round = 0; round < 24; round += 1) {
        const share = [0, 0.02, 0.1, 0.4][round % 4] ?? 0
        const body = schema === undefined ? undefined : JSON.stringify(valueFor(schema, choices, share))
        await strike(route, urlOf(route, choices, share), body, 'application/json')
      }
    }
    await expectAlive()
  })

  test('bodies that are no JSON, no UTF-8, too deep, too large or of another type', async () => {
    const bodies: readonly (readonly [string | Buffer, string])[] = [
      ['', 'application/json'],
      ['{', 'application/json'],
      ['{"a":NaN}', 'application/json'],
      ['{"a":Infinity}', 'application/json'],
      ['null', 'application/json'],
      ['[]', 'application/json'],
      ['"text"', 'application/json'],
      ['{"__proto__":{"admin":true}}', 'application/json'],
      ['{"constructor":{"prototype":{"x":1}}}', 'application/json'],
      [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'application/json'],
      [`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 'application/json'],
      [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'application/json'],
      [`{"text":"${'x'.repeat(2 << 20)}"}`, 'application/json'],
      ['a=1', 'application/x-www-form-urlencoded'],
      ['<x/>', 'text/xml'],
      ['x', 'application/json; charset=utf-16'],
      ['x', 'nonsense'],
    ]
    for (const route of routes.filter(({ method }) => method !== 'GET')) {
      const url = route.path.replace(/\{\w+\}/g, 'C-1')
      for (const [body, type] of bodies) await strike(route, url, body, type)
    }
    await expectAlive()
  })

  test('paths that no router expects', async () => {
    for (const url of [
      '/v1/%',
      '/v1/complaints/%E0%A4%A',
      '/v1//complaints',
      '/v1/complaints/../../health',
      '/v1/complaints/%2e%2e',
      `/v1/${'x'.repeat(10_000)}`,
      '/v1/complaints?%',
      '/%00',
      '/v1/outages?box=%ff%fe',
      '*',
    ]) {
      await strike({ path: url, method: 'GET', operation: {} }, url, undefined, '')
    }
    await expectAlive()
  })

  test('bytes that are no HTTP, and a body that ends early', async () => {
    const url = new URL(await started.app.listen({ host: '127.0.0.1', port: 0 }))
    const said = await exchange(url, 'NONSENSE\r\n\r\n')
    expect(said).toContain('400 Bad Request')
    expect(said).toContain('application/problem+json')
    const head = 'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n'
    await exchange(url, `${head}content-length: 100000\r\n\r\n{"type":"AlarmRaised"`, 'leave')
    await exchange(url, `${head}transfer-encoding: chunked\r\n\r\nZZZ\r\n`)
    await expectAlive()
  })

  test('lines of bulk input, every type of event with hostile data', async () => {
    const choices = seededChoices(7)
    const types = [
      'ElementRegistered',
      'AlarmRaised',
      'CutoverPlanned',
      'ComplaintReceived',
      'CauseAttributed',
      'X',
    ]
    const lines = Array.from({ length: 400 }, () => {
      const data = Object.fromEntries(
        ['elementId', 'alarmId', 'complaintId', 'name', 'kind', 'place', 'probableCause', 'reportedAt']
          .filter(() => choices.chance(0.7))
          .map((name) => [name, choices.pick(hostileValues)]),
      )
      const line = { type: choices.pick(types), source: 'nms', occurredAt: '2026-03-01T00:00:00Z', data }
      return choices.chance(0.1) ? '{"type":' : JSON.stringify(line)
    })
    const { status, body } = await sendLines(`${lines.join('\n')}\n`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ received: 400 })
    await expectAlive()
  })
})

/** Sends bytes on a bare connection; gives what came back when it ended. */
function exchange({ hostname, port }: URL, bytes: string, then: 'read' | 'leave' = 'read'): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes, () => {
        if (then === 'leave') socket.destroy()
      })
    })
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(said))
  })
}

async function sendLines(payload: string) {
  const answer = await started.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { 'content-type': 'application/x-ndjson' },
    payload,
  })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}
