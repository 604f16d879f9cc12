import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { until } from '../pipeline/until.ts'

/*
 * What users get: the package as npm packs it, installed into an empty folder, run as they run it. Node strips no types
 * below node_modules, so that only built JavaScript works there.
 */

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'causeway-package-'))
const bin = join(folder, 'node_modules', '.bin', 'causeway')
const installMs = 120_000

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root })
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string }[]
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error']
  await run('npm', ['install', ...quietly, join(folder, packed?.filename ?? '')], { cwd: folder })
}, installMs)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts the installed server and waits for its address. */
async function serve(...args: string[]) {
  const server = spawn(bin, ['serve', '--port', '0', '--data', join(folder, 'data'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(server, 'exit') as Promise<[number | null, string | null]>
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /listens on (http:\S+)/.exec(line)?.[1]
    if (url !== undefined) return { server, exit, url }
  }
  throw new Error(`the server ended before it listened: ${String(await exit)}`)
}

test('tells its version', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect((await run(bin, ['--version'])).stdout.trim()).toBe(version)
})

test.each(['SIGINT', 'SIGTERM'] as const)('serves, and %s stops it in good order with 0', async (signal) => {
  const { server, exit, url } = await serve()
  expect((await fetch(`${url}/health`)).status).toBe(200)
  const { openapi } = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string }
  expect(openapi).toMatch(/^3\.1/)
  server.kill(signal)
  expect(await exit).toEqual([0, null])
})

test('the demonstration city lives 30 times as fast, and goes on from the moment that its log has reached', async () => {
  const data = join(folder, 'city')
  for (let start = 1; start <= 2; start += 1) {
    const { server, exit, url } = await serve('--demo', '--data', data)
    await until(async () => {
      const { feeds } = (await (await fetch(`${url}/ready`)).json()) as { feeds: { heardAt?: string }[] }
      return feeds.some(({ heardAt = '' }) => Date.parse(heardAt) > Date.now() + start * 20_000)
    })
    server.kill('SIGINT')
    expect(await exit).toEqual([0, null])
  }
  const { stdout } = await run(bin, ['log', 'cat', '--data', data], { maxBuffer: 64_000_000 })
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedEvent)
  expect(events.filter(({ type }) => type === 'CorrelatorStarted')).toHaveLength(2)
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  const times = events.filter(({ meta }) => meta.source !== 'engine').map(({ recordedAt }) => recordedAt)
  expect(times).toEqual(times.toSorted())
})
