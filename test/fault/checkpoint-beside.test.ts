import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { upcast } from '../../schemas/upcast.ts'
import { createEngine, engineVersion } from '../../src/correlate/engine.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { readCheckpoint, writeCheckpoint } from '../../src/pipeline/checkpoint-file.ts'
import { checkpointsBeside } from '../../src/pipeline/checkpoints-beside.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import { foldLogged } from '../../src/pipeline/fold-logged.ts'
import { isDecision } from '../../src/pipeline/decision-groups.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { runCli } from '../cli/run-cli.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { allEvents } from '../pipeline/notes.ts'
import { until } from '../pipeline/until.ts'
import { firstDifference } from './first-difference.ts'
import { endOf, townStory } from './town-story.ts'

const make = 'test'

async function engineOf(log: EventLog, file: string) {
  const found = await readCheckpoint(file, make, log)
  if (found.kind !== 'read') return { engine: createEngine(), resume: undefined }
  const { engine, ...resume } = found.checkpoint
  return { engine: createEngine(engineVersion, engine), resume }
}

/** As the process beside does it; answers whether there was a place to take one. */
async function takeBeside(log: EventLog, file: string): Promise<boolean> {
  const { engine, resume } = await engineOf(log, file)
  const stand = await foldLogged({ log, engine, resume, engineVersion })
  if (stand === undefined) return false
  await writeCheckpoint(file, make, log, { ...stand, engine: engine.snapshot() })
  return true
}

/** Decides the inputs, killed at each of the stops while a checkpoint is taken beside; answers how many were taken up. */
async function tell(log: EventLog, inputs: readonly Event[], stops: readonly number[], file: string) {
  const clock = virtualClock(toMs(inputs[0]?.recordedAt ?? ''))
  const writer = createWriter({ log })
  let resumed = 0
  for (const [index, end] of [...stops, inputs.length].entries()) {
    const { engine, resume } = await engineOf(log, file)
    if (resume !== undefined) resumed += 1
    const correlator = startCorrelator({
      log,
      clock,
      writer,
      engine,
      resume,
      engineVersion,
      instance: `run-${index}`,
      limits: { batchSize: 7, sliceMs: 0, maxDecisionsPerAppend: 3 },
    })
    const writing = writer.write(inputs.slice(stops[index - 1] ?? 0, end))
    const taking = index % 2 === 0 ? takeBeside(log, file) : undefined
    await writing
    await correlator.ready
    await taking
    // One in two is killed in the midst of its work.
    if (index % 2 === 1 || end === inputs.length) await until(() => correlator.lag().events === 0)
    if (end === inputs.length) {
      clock.advanceTo(endOf(inputs))
      await until(
        () => (engine.nextDeadlineMs() ?? Infinity) > endOf(inputs) && correlator.lag().events === 0,
      )
    } else {
      await takeBeside(log, file)
    }
    await correlator.stop()
  }
  return resumed
}

async function decisionsOf(log: EventLog): Promise<string[]> {
  const decisions = (await allEvents(log)).filter((event) => isDecision(upcast(event)))
  return decisions.map(({ position: _p, revision: _r, meta: { covers: _c, ...meta }, ...rest }) =>
    JSON.stringify({ ...rest, meta }),
  )
}

test('E2: an engine that only follows the log knows what the one that decides knows: killed and gone on from its checkpoints', async () => {
  let resumed = 0
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1e6 }),
      fc.array(fc.nat(1_000), { minLength: 2, maxLength: 5 }),
      async (seed, cuts) => {
        const inputs = townStory(seed, 2)
        const stops = cuts
          .map((cut) => 1 + Math.floor((cut * (inputs.length - 2)) / 1_000))
          .sort((a, b) => a - b)
        const [plain, log] = [openMemoryLog(), openMemoryLog()]
        await tell(plain, inputs, [], join(tempFolder(), 'none'))
        resumed += await tell(log, inputs, stops, join(tempFolder(), 'engine.checkpoint'))
        expect(firstDifference(await decisionsOf(log), await decisionsOf(plain))).toBeUndefined()
      },
    ),
    { seed: 20_260_301, numRuns: 20 },
  )
  expect(resumed).toBeGreaterThan(10)
})

test('one is taken at a time, after so many inputs, and they use no more than their share', async () => {
  let nowMs = 0
  let isServing = false
  const taken: ((trouble: string | undefined) => void)[] = []
  const troubles: string[] = []
  const beside = checkpointsBeside({
    take: () => new Promise((resolve) => taken.push(resolve)),
    everyInputs: 10,
    maxShare: 0.25,
    stopwatchMs: () => nowMs,
    isServing: () => isServing,
    onTrouble: (error) => troubles.push(String(error)),
  })
  beside.stored(10)
  expect(taken).toHaveLength(0)
  isServing = true
  beside.stored(1)
  expect(taken).toHaveLength(1)
  beside.stored(50)
  expect(taken).toHaveLength(1)
  nowMs = 100
  taken[0]?.('no space left')
  await until(() => troubles.length === 1)
  expect(troubles).toEqual(['Error: no checkpoint was taken: no space left'])
  nowMs = 399
  beside.stored(1)
  expect(taken).toHaveLength(1)
  nowMs = 400
  beside.stored(1)
  expect(taken).toHaveLength(2)
  const closed = beside.close()
  taken[1]?.('killed')
  await closed
  expect(troubles).toHaveLength(1)
})

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

test(
  'L1, E2: a server killed with SIGKILL goes on from a checkpoint that was taken beside it',
  { timeout: 60_000 },
  async () => {
    const folder = tempFolder()
    const [data, config] = [join(folder, 'data'), join(folder, 'config.json')]
    writeFileSync(config, JSON.stringify({ limits: { checkpointEveryInputs: 20 } }))
    const args = ['--import', 'tsx', main, 'serve', '--data', data, '--port', '0', '--config', config]
    const serve = async () => {
      const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      const exit = once(server, 'exit')
      let [stdout, stderr] = ['', '']
      server.stdout.on('data', (chunk) => (stdout += String(chunk)))
      server.stderr.on('data', (chunk) => (stderr += String(chunk)))
      await until(() => stdout.includes('listens on'), 30_000)
      const url = /http:\S+/.exec(stdout)?.[0] ?? ''
      return { url, kill: async () => (server.kill('SIGKILL'), exit), stderr: () => stderr }
    }
    const post = async (url: string, from: number, count: number) => {
      for (let at = from; at < from + count; at += 1) {
        const answer = await fetch(`${url}/v1/complaints`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id: `C${at}`, symptom: 'no-signal', place: { point: [113.3, 23.1] } }),
        })
        expect(answer.status).toBe(201)
      }
    }
    const first = await serve()
    await post(first.url, 0, 30)
    const file = join(data, 'engine.checkpoint')
    await until(async () => (await pause(20), existsSync(file)), 30_000)
    await post(first.url, 30, 5)
    await first.kill()
    expect(first.stderr()).toBe('')
    const second = await serve()
    await post(second.url, 35, 1)
    await second.kill()
    // A checkpoint that is passed over would have been told of.
    expect(second.stderr()).toBe('')
    expect(await runCli(['replay', '--data', data])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('decisions are the same, byte for byte') as string,
    })
    expect(await runCli(['log', 'checkpoint', '--data', data])).toMatchObject({ exitCode: 0 })
    expect((await runCli(['log', 'checkpoint', '--data', data])).stdout).toMatch(/is up to date/)
  },
)
