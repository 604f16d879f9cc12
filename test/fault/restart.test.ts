import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { upcast } from '../../schemas/upcast.ts'
import { createEngine } from '../../src/correlate/engine.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import type { CorrelatorLimits } from '../../src/pipeline/correlator-limits.ts'
import type { DecidingEngine } from '../../src/pipeline/deciding-engine.ts'
import { isDecision } from '../../src/pipeline/decision-groups.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { countingEngine } from '../pipeline/counting-engine.ts'
import { allEvents, day, note } from '../pipeline/notes.ts'
import { until } from '../pipeline/until.ts'
import { firstDifference } from './first-difference.ts'
import { endOf, townStory } from './town-story.ts'

type When = 'before' | 'after'

/** A log that dies at its nth append of decisions: before anything is stored, or after, unacknowledged. */
function mortalLog(log: EventLog, dieAt: number, when: When): EventLog {
  let appends = 0
  return {
    ...log,
    append: async (stream, events, expected) => {
      if (!stream.startsWith('decisions-')) return log.append(stream, events, expected)
      appends += 1
      if (appends > dieAt) throw new Error('dead')
      if (appends < dieAt) return log.append(stream, events, expected)
      if (when === 'after') await log.append(stream, events, expected)
      throw new Error('killed')
    },
  }
}

interface Run {
  readonly makeEngine: () => DecidingEngine
  readonly inputs: readonly Event[]
  readonly limits: Partial<CorrelatorLimits>
  readonly endMs: number
}

/** Decides everything with a correlator that dies and starts again as often as told; gives the log. */
async function decideAll(
  { makeEngine, inputs, limits, endMs }: Run,
  deaths: readonly [number, When][],
): Promise<EventLog> {
  const log = openMemoryLog()
  const clock = virtualClock(toMs(inputs[0]?.recordedAt ?? ''))
  // A third of the inputs are there before the first start, the others arrive while it runs and while it is dead.
  const parts = [0, 1, 2].map((part) =>
    inputs.filter((_, at) => Math.floor((at * 3) / inputs.length) === part),
  )
  const writer = createWriter({ log })
  await writer.write(parts[0] ?? [])
  for (const [index, death] of [...deaths, undefined].entries()) {
    const used = death === undefined ? log : mortalLog(log, ...death)
    const engine = makeEngine()
    const correlator = startCorrelator({
      log: used,
      clock,
      writer,
      limits,
      engine,
      engineVersion: '1',
      instance: `run-${index}`,
    })
    if (index === 0) await writer.write(parts[1] ?? [])
    if (index === deaths.length) await writer.write(parts[2] ?? [])
    if (death === undefined) {
      await correlator.ready
      await until(() => correlator.lag().events === 0)
      clock.advanceTo(endMs)
      await until(() => (engine.nextDeadlineMs() ?? Infinity) > endMs && correlator.lag().events === 0)
    } else {
      // Where there are fewer appends than it was to survive, it is caught up and stopped instead.
      await Promise.race([correlator.finished.catch(() => {}), correlator.ready.catch(() => {})])
    }
    await correlator.stop()
  }
  return log
}

/** Decisions as text; `covers` and the place in the log tell of batches, not of what was decided. */
async function decisionsOf(log: EventLog): Promise<string[]> {
  const decisions = (await allEvents(log)).filter((event) => isDecision(upcast(event)))
  return decisions.map(({ position: _p, revision: _r, meta: { covers: _c, closes: _l, ...meta }, ...rest }) =>
    JSON.stringify({ ...rest, meta }),
  )
}

const runs = fc
  .record({
    steps: fc.array(fc.record({ gapMs: fc.integer({ min: 0, max: 1_500 }), wanted: fc.nat(5) }), {
      minLength: 3,
      maxLength: 30,
    }),
    batchSize: fc.integer({ min: 1, max: 12 }),
    maxDecisionsPerAppend: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ steps, ...limits }): Run => {
    let atMs = day
    const inputs = steps.map(({ gapMs, wanted }, at) =>
      note(`c${at % 4}`, `${wanted} ${at}`, (atMs += gapMs)),
    )
    return { makeEngine: countingEngine, inputs, limits: { ...limits, sliceMs: 0 }, endMs: atMs + 10_000 }
  })

describe('E2: restart at any point gives the decisions of an uninterrupted run', () => {
  test('E2: killed at every append of decisions, before and after it is stored', async () => {
    const inputs = Array.from({ length: 12 }, (_, at) =>
      note(`c${at % 3}`, `${at % 4} ${at}`, day + at * 700),
    )
    const run: Run = {
      makeEngine: countingEngine,
      inputs,
      limits: { batchSize: 3, sliceMs: 0, maxDecisionsPerAppend: 2 },
      endMs: day + 60_000,
    }
    const expected = await decisionsOf(await decideAll(run, []))
    expect(expected).toHaveLength(inputs.reduce((sum, { data }) => sum + Number(data.text[0]), 0) + 12)
    for (let nth = 1; nth <= expected.length + 1; nth += 1) {
      for (const when of ['before', 'after'] as const) {
        expect(await decisionsOf(await decideAll(run, [[nth, when]])), `${when} append ${nth}`).toEqual(
          expected,
        )
      }
    }
  })

  test('E2: killed again and again, whatever the inputs and the sizes of batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        runs,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom<When>('before', 'after')), {
          maxLength: 4,
        }),
        async (run, deaths) => {
          const expected = await decisionsOf(await decideAll(run, []))
          expect(await decisionsOf(await decideAll(run, deaths))).toEqual(expected)
        },
      ),
      { seed: 20_260_301, numRuns: 60 },
    )
  })

  test('E2: the correlation engine itself, on random days, killed at every append of decisions', async () => {
    for (const seed of [1, 2]) {
      const inputs = townStory(seed, 4)
      const limits = { batchSize: 5, sliceMs: 0, maxDecisionsPerAppend: 3 }
      const run: Run = { makeEngine: () => createEngine('1'), inputs, limits, endMs: endOf(inputs) }
      const expected = await decisionsOf(await decideAll(run, []))
      expect(expected.length).toBeGreaterThan(
        inputs.filter(({ type }) => type === 'ComplaintReceived').length,
      )
      for (let nth = 1; nth <= expected.length; nth += 1) {
        const when = nth % 2 === 0 ? 'before' : 'after'
        const decided = await decisionsOf(await decideAll(run, [[nth, when]]))
        expect(firstDifference(decided, expected), `seed ${seed}, ${when} append ${nth}`).toBeUndefined()
      }
    }
  })

  test('E2: across engine versions logged decisions stand, and the rest is decided by the new one', async () => {
    const log = openMemoryLog()
    const clock = virtualClock(day)
    const writer = createWriter({ log })
    const start = (version: string) =>
      startCorrelator({
        log,
        clock,
        writer,
        engine: countingEngine({ version }),
        engineVersion: version,
        instance: `run-${version}`,
      })
    await writer.write([note('a', '2')])
    const old = start('1')
    await old.ready
    await old.stop()
    const before = await decisionsOf(log)
    await writer.write([note('b', '1')])
    const renewed = start('2')
    await renewed.ready
    await renewed.stop()
    const after = await decisionsOf(log)
    expect(after.slice(0, 2)).toEqual(before)
    expect(after).toHaveLength(3)
  })
})
