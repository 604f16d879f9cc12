import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { upcast } from '../../schemas/upcast.ts'
import { createEngine, engineVersion } from '../../src/correlate/engine.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { readCheckpoint } from '../../src/pipeline/checkpoint-file.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import { keepCheckpoints } from '../../src/pipeline/keep-checkpoints.ts'
import { isDecision } from '../../src/pipeline/decision-groups.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { allEvents } from '../pipeline/notes.ts'
import { until } from '../pipeline/until.ts'
import { firstDifference } from './first-difference.ts'
import { endOf, townStory } from './town-story.ts'

const make = 'test'

interface Story {
  readonly inputs: readonly Event[]
  /** The engine is stopped before these inputs. */
  readonly stops: readonly number[]
  /** Checkpoints while it runs, after so many inputs. */
  readonly everyInputs: number
  /** Whether a stop takes a checkpoint too; a kill does not. */
  readonly clean: boolean
}

/** Decides a story with restarts, each from the last checkpoint if there is a file; answers how many there were. */
async function tell(
  log: EventLog,
  { inputs, stops, everyInputs, clean }: Story,
  file?: string,
): Promise<number> {
  const clock = virtualClock(toMs(inputs[0]?.recordedAt ?? ''))
  const writer = createWriter({ log })
  let resumed = 0
  for (const [index, end] of [...stops, inputs.length].entries()) {
    const found = file === undefined ? undefined : await readCheckpoint(file, make, log)
    const { engine: snapshot, ...resume } = found?.kind === 'read' ? found.checkpoint : { engine: undefined }
    if (snapshot !== undefined) resumed += 1
    const engine = createEngine(engineVersion, snapshot)
    let killed = false
    const correlator = startCorrelator({
      log,
      clock,
      writer,
      engine,
      resume: 'position' in resume ? resume : undefined,
      engineVersion,
      instance: `run-${index}`,
      limits: { batchSize: 7, sliceMs: 0, maxDecisionsPerAppend: 3 },
      onSlice: (report) => checkpoints?.stored(report.inputs),
    })
    const checkpoints =
      file === undefined
        ? undefined
        : keepCheckpoints({
            file,
            make,
            log,
            snapshot: () => engine.snapshot(),
            stand: () => (killed ? undefined : correlator.stand()),
            everyInputs,
            onTrouble: (error) => expect(error).toBeUndefined(),
          })
    await correlator.ready
    await writer.write(inputs.slice(index === 0 ? 0 : (stops[index - 1] ?? 0), end))
    if (end === inputs.length) {
      await until(() => correlator.lag().events === 0)
      clock.advanceTo(endOf(inputs))
      await until(
        () => (engine.nextDeadlineMs() ?? Infinity) > endOf(inputs) && correlator.lag().events === 0,
      )
    }
    await correlator.stop()
    killed = !clean
    // What was under way is written to the end, for a process that is gone cannot write beside its successor.
    await checkpoints?.close()
  }
  return resumed
}

async function decisionsOf(log: EventLog): Promise<string[]> {
  const decisions = (await allEvents(log)).filter((event) => isDecision(upcast(event)))
  return decisions.map(({ position: _p, revision: _r, meta: { covers: _c, closes: _l, ...meta }, ...rest }) =>
    JSON.stringify({ ...rest, meta }),
  )
}

describe('E2: restart from a checkpoint and the tail = rebuild from zero', () => {
  test('E2: random days, stopped and killed anywhere', async () => {
    let resumed = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(fc.nat(1_000), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (seed, cuts, everyInputs, clean) => {
          const inputs = townStory(seed, 2)
          const stops = cuts
            .map((cut) => 1 + Math.floor((cut * (inputs.length - 2)) / 1_000))
            .sort((a, b) => a - b)
          const story = { inputs, stops, everyInputs, clean }
          const plain = openMemoryLog()
          await tell(plain, { ...story, stops: [] })
          const log = openMemoryLog()
          resumed += await tell(log, story, join(tempFolder(), 'engine.checkpoint'))
          expect(firstDifference(await decisionsOf(log), await decisionsOf(plain))).toBeUndefined()
        },
      ),
      { seed: 20_260_301, numRuns: 25 },
    )
    expect(resumed).toBeGreaterThan(25)
  })
})

describe('a checkpoint that is of no use is ignored, and says why', () => {
  test('damaged anywhere, of another version, of another log, or not there', async () => {
    const file = join(tempFolder(), 'engine.checkpoint')
    const log = openMemoryLog()
    const inputs = townStory(1, 1)
    await tell(log, { inputs, stops: [], everyInputs: 1e9, clean: true }, file)
    expect(await readCheckpoint(file, make, log)).toMatchObject({ kind: 'read' })
    expect(await readCheckpoint(file, 'other', log)).toEqual({
      kind: 'ignored',
      why: 'another version wrote it',
    })
    const other = openMemoryLog()
    await tell(other, { inputs: townStory(2, 1), stops: [], everyInputs: 1e9, clean: true })
    expect(await readCheckpoint(file, make, other)).toEqual({ kind: 'ignored', why: 'it is of another log' })
    expect(await readCheckpoint(file, make, openMemoryLog())).toMatchObject({ kind: 'ignored' })

    const whole = readFileSync(file)
    const headerEnd = whole.indexOf('\n')
    const places = [
      ...Array.from({ length: headerEnd + 1 }, (_, at) => at),
      ...Array.from(
        { length: 40 },
        (_, part) => headerEnd + 1 + Math.floor(((whole.length - headerEnd - 2) * part) / 39),
      ),
    ]
    for (const at of places) {
      const bytes = Buffer.from(whole)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at)
      writeFileSync(file, bytes)
      expect(await readCheckpoint(file, make, log), `byte ${at}`).toMatchObject({ kind: 'ignored' })
    }
    writeFileSync(file, whole.subarray(0, whole.length / 2))
    expect(await readCheckpoint(file, make, log)).toEqual({
      kind: 'ignored',
      why: 'its checksum does not match',
    })
    rmSync(file)
    expect(await readCheckpoint(file, make, log)).toEqual({ kind: 'none' })
  })
})
