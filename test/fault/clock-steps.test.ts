import { expect, onTestFinished, test } from 'vitest'
import { runningClock } from '../../src/pipeline/clock.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import type { Ready } from './ready.ts'
import { expectAsUndisturbed, readWhole } from './undisturbed-run.ts'

const hourMs = 3_600_000
const noonMs = Date.parse('2026-03-01T12:00:00.000Z')
const moment = (ms: number) => new Date(ms).toISOString()

async function startAt(ms: number): Promise<StartedApp & { ready(): Promise<Ready> }> {
  const log = openMemoryLog()
  const feeds = [{ source: 'nms', heartbeatMs: 300_000, maxLagMs: 900_000 }]
  const app = await startApp({ at: moment(ms), log, config: { feeds } })
  onTestFinished(async () => {
    await app.stop()
    await log.close()
  })
  return {
    ...app,
    ready: async () => {
      const { status, body } = await app.send<Omit<Ready, 'status'>>('GET', '/ready')
      return { ...body, status }
    },
  }
}

type App = Awaited<ReturnType<typeof startAt>>

async function raise(app: App, alarmId: string, occurredMs: number): Promise<void> {
  const body = {
    event: 'raised',
    source: 'nms',
    occurredAt: moment(occurredMs),
    alarmId,
    elementId: 'S-1',
    probableCause: 'outOfService',
    perceivedSeverity: 'CRITICAL',
  }
  expect(await app.send('POST', '/v1/alarms', body)).toMatchObject({ status: 201 })
}

async function complain(app: App, id: string): Promise<string> {
  const place = { point: [113.331, 23.14] }
  const { status, body } = await app.send('POST', '/v1/complaints', {
    id,
    text: '没有信号',
    place,
    stillOut: 'yes',
  })
  expect(status).toBe(201)
  return String(body['verdict'])
}

async function drawTheMap(app: App): Promise<void> {
  await app.send('POST', '/v1/elements', {
    source: 'nms',
    elementId: 'S-1',
    kind: 'site',
    name: 'S-1',
    location: { point: [113.33, 23.14] },
    services: ['mobile'],
    coverage: { kind: 'radius', radiusMeters: 800 },
  })
}

async function inputsOf({ services }: App, type: string) {
  return (await readWhole(services.log)).filter((event) => event.type === type)
}

test('E1, E2: with a clock that steps forward and back by hours nothing is decided twice or otherwise than in a replay', async () => {
  const app = await startAt(noonMs)
  await drawTheMap(app)
  await raise(app, 'A-1', noonMs - 60_000)
  expect(await complain(app, 'C-1')).toBe('explained')
  // Three hours ahead, for as long as one complaint takes; then the clock is put right.
  app.clock.setTo(noonMs + 3 * hourMs)
  await complain(app, 'C-2')
  app.clock.setTo(noonMs + 10_000)
  await raise(app, 'A-2', noonMs + 5_000)
  expect(await complain(app, 'C-3')).toBe('explained')
  await app.settle()
  // Engine time is a running maximum: nothing of it falls due before the clock is there again, and then all does.
  const ticksBefore = (await inputsOf(app, 'ClockTicked')).length
  await app.goTo(moment(noonMs + 2 * hourMs))
  expect(await inputsOf(app, 'ClockTicked')).toHaveLength(ticksBefore)
  await app.goTo(moment(noonMs + 4 * hourMs))
  const ticks = await inputsOf(app, 'ClockTicked')
  expect(ticks.length).toBeGreaterThan(ticksBefore)
  expect(
    ticks.every(({ recordedAt }, at) => at === 0 || recordedAt > (ticks[at - 1]?.recordedAt ?? '')),
  ).toBe(true)
  // Back by hours, and no tick is written a second time.
  app.clock.setTo(noonMs)
  expect(await complain(app, 'C-4')).toBe('explained')
  await app.settle()
  expect(await inputsOf(app, 'ClockTicked')).toHaveLength(ticks.length)
  await expectAsUndisturbed(await readWhole(app.services.log))
})

test('/ready names a feed that falls silent after the clock was set back, within its heartbeat', async () => {
  const app = await startAt(noonMs)
  await raise(app, 'A-1', noonMs)
  expect(await app.ready()).toMatchObject({ status: 200, staleFeeds: [] })
  app.clock.setTo(noonMs + 3 * hourMs)
  expect((await app.ready()).staleFeeds).toEqual(['nms'])
  // With the clock ahead a feed seems to lag by all that the clock is wrong.
  await raise(app, 'A-2', noonMs + 1_000)
  expect((await app.ready()).staleFeeds).toEqual(['nms'])
  app.clock.setTo(noonMs + 2_000)
  expect((await app.ready()).staleFeeds).toEqual([])
  app.clock.setTo(noonMs + 303_000)
  expect((await app.ready()).staleFeeds).toEqual(['nms'])
  await raise(app, 'A-3', noonMs + 303_000)
  expect((await app.ready()).staleFeeds).toEqual([])
})

test('/ready counts no lag where the clock alone has moved', async () => {
  const app = await startAt(noonMs)
  await raise(app, 'A-1', noonMs)
  await app.settle()
  for (const ms of [noonMs + 5 * hourMs, noonMs - 5 * hourMs, noonMs]) {
    app.clock.setTo(ms)
    await app.settle()
    expect(await app.ready()).toMatchObject({
      status: 200,
      lag: { correlator: { ms: 0 }, projector: { ms: 0 } },
    })
  }
})

test('whoever waits for a moment is called when the clock is set beyond it, and not before the moment where it is set back', async () => {
  let realMs = noonMs
  const clock = runningClock({ readMs: () => realMs, lookAgainMs: 1 })
  const reached = (ms: number) => new Promise<number>((resolve) => clock.at(ms, () => resolve(clock.nowMs())))
  const hence = reached(noonMs + hourMs)
  realMs -= 2 * hourMs
  const sooner = reached(noonMs - 2 * hourMs + 1)
  realMs += 1
  expect(await sooner).toBe(noonMs - 2 * hourMs + 1)
  realMs = noonMs + hourMs
  expect(await hence).toBe(noonMs + hourMs)
})
