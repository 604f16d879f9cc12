import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { puller } from '../../../src/config/puller.ts'
import { nextStartMs, runPullers } from '../../../src/ingest/pull/run-pullers.ts'
import type { PullResult } from '../../../src/ingest/pull/pull-once.ts'
import { until } from '../../pipeline/until.ts'
import { startNms, startPullingCity } from './pulling-city.ts'

/* An NMS that hangs, lies or breaks off is a clear last result, and nothing else suffers. */

const list = JSON.stringify([
  {
    alarmId: 'A-1',
    elementId: 'S-1',
    raisedAt: '2026-03-01T01:00:00Z',
    probableCause: 'down',
    severity: 'major',
  },
])

const answers: readonly (readonly [string, object, (response: ServerResponse) => void, RegExp])[] = [
  ['hangs', { timeoutMs: 80 }, () => {}, /not there after 80 ms/],
  [
    'stops in the middle',
    { timeoutMs: 80 },
    (response) => void response.writeHead(200).write(list.slice(0, 20)),
    /not there after 80 ms/,
  ],
  [
    'hangs up in the middle',
    {},
    (response) => {
      response.writeHead(200, { 'content-length': list.length })
      response.write(list.slice(0, 20), () => response.destroy())
    },
    /line broke|hung up|terminated/,
  ],
  ['sends half a document', {}, (response) => response.end(list.slice(0, 20)), /no whole JSON/],
  ['sends rubbish', {}, (response) => response.end('<html>login</html>'), /no whole JSON/],
  ['sends no list', {}, (response) => response.end('{"code":500}'), /no list at the top.*code/],
  ['sends an empty list', {}, (response) => response.end('[]'), /allowEmpty/],
  [
    'never ends',
    { maxBytes: 100_000 },
    (response) => {
      const more = (): void => void (response.destroyed || response.write(' '.repeat(65_536), more))
      more()
    },
    /longer than 100000 bytes/,
  ],
  [
    'writes another encoding',
    { encoding: 'utf-8' },
    (response) => response.end(Buffer.from([0x5b, 0x22, 0xb0, 0xd7, 0x22, 0x5d])),
    /not utf-8/,
  ],
  ['refuses the token', {}, (response) => response.writeHead(401).end(), /401: is its token right/],
  ['fails', {}, (response) => response.writeHead(500).end('sorry'), /answered 500/],
  [
    'leads elsewhere',
    {},
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    /redirect/,
  ],
]

test.each(answers)('one that %s', async (_name, settings, answer, error) => {
  const city = await startPullingCity()
  const url = await startNms((_request, response) => answer(response))
  const result = await city.pull({ kind: 'alarms', format: 'json', url, ...settings })
  expect(result.status).toBe('failed')
  expect(result.error).toMatch(error)
  const [feed] = await city.list('/v1/feeds')
  expect(feed).toMatchObject({
    source: 'nms',
    pulls: [{ status: 'failed', failedInARow: 1, error: result.error }],
  })
  expect(feed).not.toHaveProperty('heartbeatAt')
})

test('one that is away, speaks no TLS, or whose token is nowhere', async () => {
  const city = await startPullingCity()
  const url = await startNms((_request, response) => response.end(list))
  const settings = { kind: 'alarms', format: 'json' }
  const errorOf = async (more: object) => (await city.pull({ ...settings, ...more })).error
  expect(await errorOf({ url: 'http://127.0.0.1:1/' })).toMatch(/nobody listens|bad port/)
  expect(await errorOf({ url: url.replace('http:', 'https:') })).toMatch(/SSL|TLS|EPROTO|socket/i)
  expect(await errorOf({ url, bearerEnv: 'NOWHERE' })).toMatch(/no token in NOWHERE/)
  expect(await errorOf({ url, map: { severity: 'grade', colour: 'x' } })).toMatch(/no field colour/)
})

test('one that hangs holds up no other; stopped and started again it goes on, and stores nothing twice', async () => {
  const city = await startPullingCity(new Date().toISOString())
  let hanging = 0
  const hung = await startNms(() => void (hanging += 1))
  const good = await startNms((_request, response) => {
    response.setHeader('content-type', 'application/json').end(list)
  })
  const pullers = [
    puller.parse({ name: 'hung', source: 'other', kind: 'alarms', url: hung, intervalMs: 100 }),
    puller.parse({ name: 'good', source: 'nms', kind: 'alarms', url: good, intervalMs: 100 }),
  ]
  for (const round of ['first', 'second']) {
    const stop = new AbortController()
    const results: PullResult[] = []
    const running = runPullers({
      ...city.options,
      nowMs: Date.now,
      pullers,
      stopped: stop.signal,
      onResult: (_source, result) => void results.push(result),
      onTrouble: () => {},
    })
    await until(() => results.length >= 3 && hanging > 0)
    stop.abort()
    await running
    expect(new Set(results.map(({ puller: name }) => name))).toEqual(new Set(['good']))
    expect(results[0]?.status).toBe(round === 'first' ? 'done' : 'nothing-new')
    expect(results.slice(1).every(({ status }) => status === 'nothing-new')).toBe(true)
  }
  expect(await city.list('/v1/alarms')).toHaveLength(1)
})

test('after failures it waits longer each time, up to a quarter of an hour; after a slow answer it rests', () => {
  const next = (failures: number, intervalMs = 60_000, endedMs = 1_000) =>
    nextStartMs({ intervalMs }, { startedMs: 0, endedMs, failures })
  expect([0, 1, 2, 3, 4, 5, 9].map((failures) => next(failures) / 60_000)).toEqual([1, 1, 2, 4, 8, 15, 15])
  expect(next(9, 3_600_000)).toBe(3_600_000)
  expect(next(0, 60_000, 90_000)).toBe(96_000)
})
