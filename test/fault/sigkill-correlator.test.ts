import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { upcast } from '../../schemas/upcast.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { firstDifference } from './first-difference.ts'
import { isDecision } from '../../src/pipeline/decision-groups.ts'

const child = fileURLToPath(new URL('sigkill-correlator-child.ts', import.meta.url))
const [seed, days] = [20_260_301, 10]
/** Each run is killed after so many durable slices of decisions; the last is left alone. */
const killsAfter = [1, 4, 15]

/** Runs the child until it has reported so many slices, then kills it. Gives whether it came to its end before. */
async function runUntilKilled(folder: string, instance: string, slices: number): Promise<boolean> {
  const args = ['--import', 'tsx', child, folder, String(seed), String(days), instance]
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(running, 'exit')
  let seen = 0
  let done = false
  for await (const line of createInterface({ input: running.stdout })) {
    done ||= line === 'done'
    seen += 1
    if (!done && seen === slices) running.kill('SIGKILL')
  }
  await exit
  return done
}

async function decisionsIn(folder: string): Promise<string[]> {
  const log = await openLmdbLog({ folder })
  const texts: string[] = []
  for await (const batch of log.readAll()) {
    for (const recorded of batch) {
      if (!isDecision(upcast(recorded))) continue
      const { position: _p, revision: _r, meta, ...rest } = recorded
      texts.push(JSON.stringify({ ...rest, meta: { ...meta, covers: undefined, closes: undefined } }))
    }
  }
  await log.close()
  return texts
}

test(
  'E2, L1: a correlator killed with SIGKILL again and again decides what an undisturbed one decides',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-sigkill-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const [calm, stormy] = [join(folder, 'calm'), join(folder, 'stormy')]
    expect(await runUntilKilled(calm, 'calm', Number.POSITIVE_INFINITY)).toBe(true)
    for (const slices of killsAfter) {
      expect(await runUntilKilled(stormy, `killed-after-${slices}`, slices)).toBe(false)
    }
    expect(await runUntilKilled(stormy, 'last', Number.POSITIVE_INFINITY)).toBe(true)
    const expected = await decisionsIn(calm)
    expect(expected.length).toBeGreaterThan(50)
    expect(firstDifference(await decisionsIn(stormy), expected)).toBeUndefined()
  },
)
