import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startNms, startPullingCity } from '../ingest/pull/pulling-city.ts'
import { runCli, startCli } from './run-cli.ts'
import { until } from '../pipeline/until.ts'

/* `causeway pull` beside a server. */

const list = (at: string) => [
  { alarmId: 'A-1', elementId: 'S-1', raisedAt: at, probableCause: 'down', severity: 'major' },
  { alarmId: 'A-2', elementId: 'S-1', raisedAt: at, probableCause: 'down', severity: 'odd' },
]

async function set() {
  const now = new Date().toISOString()
  const city = await startPullingCity(now)
  const url = await startNms((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(list(now)))
  })
  const folder = await mkdtemp(join(tmpdir(), 'causeway-pull-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const config = join(folder, 'config.json')
  const good = { name: 'good', source: 'nms', kind: 'alarms', url, intervalMs: 100 }
  const bad = { name: 'bad', source: 'other', kind: 'alarms', url: 'http://127.0.0.1:1', intervalMs: 100 }
  await writeFile(config, JSON.stringify({ pullers: [good, bad] }))
  return { city, config, args: ['pull', '--config', config, '--url', city.options.server.url] }
}

test('--once runs one puller and says what came of it', async () => {
  const { city, config, args } = await set()
  const good = await runCli([...args, '--once', 'good'])
  expect([good.exitCode, good.stderr]).toEqual([3, expect.stringContaining('some rows were refused')])
  expect(good.stdout).toMatch(
    /good \(nms\) done: 2 read, 1 stored, 1 refused in \d+ ms; .*2: perceivedSeverity/,
  )
  await city.city.settle()
  expect(await city.list('/v1/alarms')).toHaveLength(1)
  const bad = await runCli([...args, '--once', 'bad'])
  expect([bad.exitCode, bad.stderr]).toEqual([1, expect.stringContaining('bad:')])
  expect((await runCli([...args, '--once', 'none'])).exitCode).toBe(2)
  await writeFile(config, JSON.stringify({ pullers: [{ name: 'x', source: 'nms', kind: 'alarms' }] }))
  const wrong = await runCli(args)
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('needs a url or a folder')])
})

test('it goes on until it is stopped', async () => {
  const { args } = await set()
  const running = startCli(args)
  await until(() => (running.stdout().match(/good \(nms\)/g) ?? []).length >= 2)
  expect(running.stdout()).toContain('bad (other) failed')
  running.stop()
  expect((await running.done).exitCode).toBe(0)
})
