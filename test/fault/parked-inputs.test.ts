import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decisionTypes, type Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { parkedStream } from '../../schemas/stream.ts'
import { engineVersion } from '../../src/correlate/engine.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { readCheckpoint } from '../../src/pipeline/checkpoint-file.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import { keepCheckpoints } from '../../src/pipeline/keep-checkpoints.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { allEvents, idsOf, note } from '../pipeline/notes.ts'
import { until } from '../pipeline/until.ts'
import { firstDifference } from './first-difference.ts'
import { poisonEngine, type Poison } from './poison-engine.ts'
import { endOf, townStory } from './town-story.ts'

const make = 'test'
const decisions: ReadonlySet<string> = new Set(decisionTypes)
const isLoggedDecision = ({ type }: { readonly type: string }) => decisions.has(type)
const none: Poison = { inputs: new Set(), deadlines: new Set() }

interface Run {
  readonly poison?: Poison
  /** Checkpoints while it runs, after so many inputs; engines are made again from the last one. */
  readonly everyInputs?: number
  readonly instance?: string
}

/** Decides inputs, those that the log holds and these, to the end; answers how many engines it took. */
async function decideAll(log: EventLog, inputs: readonly Event[], run: Run = {}): Promise<number> {
  const { poison = none, everyInputs = 1e9, instance = 'run' } = run
  const file = join(tempFolder(), 'engine.checkpoint')
  const clock = virtualClock(toMs(inputs[0]?.recordedAt ?? ''))
  const writer = createWriter({ log })
  let engines = 1
  let engine = poisonEngine(poison)
  const renew = async () => {
    engines += 1
    const found = await readCheckpoint(file, make, log)
    const { engine: snapshot, ...resume } =
      found.kind === 'read' ? found.checkpoint : { engine: undefined, position: undefined }
    engine = poisonEngine(poison, snapshot)
    return { engine, resume: resume.position === undefined ? undefined : resume }
  }
  const correlator = startCorrelator({
    log,
    clock,
    writer,
    engine,
    renew,
    engineVersion,
    instance,
    limits: { batchSize: 7, sliceMs: 0, maxDecisionsPerAppend: 3 },
    onSlice: (report) => checkpoints.stored(report.inputs),
  })
  const checkpoints = keepCheckpoints({
    file,
    make,
    log,
    snapshot: () => engine.snapshot(),
    stand: () => correlator.stand(),
    everyInputs,
    onTrouble: (error) => expect(error).toBeUndefined(),
  })
  await writer.write(inputs)
  let ended = false
  void correlator.finished.catch(() => (ended = true))
  await until(() => ended || correlator.lag().events === 0)
  clock.advanceTo(endOf(inputs))
  await until(
    () => ended || ((engine.nextDeadlineMs() ?? Infinity) > endOf(inputs) && correlator.lag().events === 0),
  )
  if (ended) await correlator.finished
  await correlator.stop()
  await checkpoints.close()
  return engines
}

async function decisionsOf(log: EventLog): Promise<string[]> {
  const decisions = (await allEvents(log)).filter(isLoggedDecision)
  return decisions.map(({ position: _p, revision: _r, meta: { covers: _c, ...meta }, ...rest }) =>
    JSON.stringify({ ...rest, meta }),
  )
}

async function parkedIn(log: EventLog): Promise<readonly Record<string, unknown>[]> {
  return (await allEvents(log)).filter(({ type }) => type === 'InputParked').map(({ data }) => data)
}

describe('an input that the engine cannot take is parked, and the rest goes on', () => {
  test('E2: what is decided is what would be without it, live and in a rebuild, from whatever checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.array(fc.nat(1_000), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, 5, 1e9),
        async (seed, picks, everyInputs) => {
          const story = townStory(seed, 1)
          const poisoned = new Set(
            picks.map((pick) => story[1 + Math.floor((pick * (story.length - 2)) / 1_000)]?.id ?? ''),
          )
          const poison = { ...none, inputs: poisoned }
          const without = openMemoryLog()
          await decideAll(
            without,
            story.filter(({ id }) => !poisoned.has(id)),
          )
          const log = openMemoryLog()
          expect(await decideAll(log, story, { poison, everyInputs })).toBe(1 + poisoned.size)
          expect(firstDifference(await decisionsOf(log), await decisionsOf(without))).toBeUndefined()
          const parked = await parkedIn(log)
          expect(new Set(parked.map(({ inputId }) => inputId))).toEqual(poisoned)
          // A rebuild in the same place fails nowhere, decides nothing and reports the same.
          expect(await decideAll(log, story, { poison, instance: 'rebuild' })).toBe(1)
          expect(await parkedIn(log)).toEqual(parked)
          expect(firstDifference(await decisionsOf(log), await decisionsOf(without))).toBeUndefined()
        },
      ),
      { seed: 20_260_301, numRuns: 15 },
    )
  })

  test('E2: a deadline that fails is dropped, the input at which it fell due counts, and a rebuild is the same', async () => {
    let dropped = 0
    for (const seed of [1, 2, 3]) {
      const story = townStory(seed, 3)
      const plain = openMemoryLog()
      await decideAll(plain, story)
      const triggers = (await allEvents(plain)).flatMap(({ meta: { trigger } }) =>
        trigger === undefined || trigger === 'input' ? [] : [trigger.slice(0, trigger.lastIndexOf('@'))],
      )
      // An outage that a dropped deadline would have opened never falls due.
      const failing = triggers.filter((name) => !name.startsWith('outage:')).slice(0, 2)
      const poison = { ...none, deadlines: new Set(failing) }
      const log = openMemoryLog()
      const engines = await decideAll(log, story, { poison, everyInputs: 5 })
      const parked = await parkedIn(log)
      expect(engines).toBe(1 + parked.length)
      dropped += parked.length
      expect(new Set(parked.map(({ deadline }) => deadline))).toEqual(poison.deadlines)
      const decided = await decisionsOf(log)
      expect(await decideAll(log, story, { poison, instance: 'rebuild' })).toBe(1)
      expect(await decisionsOf(log)).toEqual(decided)
      // Anew, from what is parked and from nothing else.
      const anew = openMemoryLog()
      const marks = (await allEvents(log)).filter(({ type }) => type === 'InputParked')
      await anew.append(parkedStream(0), marks, 'no_stream')
      expect(await decideAll(anew, story, { poison })).toBe(1)
      expect(firstDifference(await decisionsOf(anew), decided)).toBeUndefined()
    }
    expect(dropped).toBeGreaterThan(3)
  })

  test('an engine that fails at everything is not helped by leaving everything out: the correlator ends', async () => {
    const story = townStory(1, 2)
    const poison = { ...none, inputs: new Set(story.slice(1).map(({ id }) => id)) }
    const log = openMemoryLog()
    await expect(decideAll(log, story, { poison })).rejects.toThrow(/failed 20 times in a row/)
    expect(await parkedIn(log)).toHaveLength(20)
  })

  test('without a way to a new engine the correlator ends, and the next start goes on', async () => {
    const [log, clock] = [openMemoryLog(), virtualClock(0)]
    const writer = createWriter({ log })
    const story = townStory(1, 1)
    const bad = story[20]?.id ?? ''
    await writer.write(story.slice(0, 30))
    const start = (instance: string) =>
      startCorrelator({
        log,
        clock,
        writer,
        engineVersion,
        instance,
        engine: poisonEngine({ ...none, inputs: new Set([bad]) }),
      })
    await expect(start('first').finished).rejects.toThrow('it cannot be taken in')
    const second = start('second')
    await second.ready
    await second.stop()
    expect(await parkedIn(log)).toMatchObject([{ inputId: bad, reason: 'Error: it cannot be taken in' }])
  })
})

describe('an event that is whole but cannot be read', () => {
  const unreadable = (event: Event, change: object) => ({ ...event, ...change }) as Event

  test('E2: is left out by the engine, input or decision, live and in a rebuild', async () => {
    const story = townStory(4, 1)
    const [log, without] = [openMemoryLog(), openMemoryLog()]
    const bad = [
      unreadable(note('a', '1'), { data: { text: 7 } }),
      unreadable(note('a', '2'), { type: 'FromAnotherVersion' }),
      unreadable(note('a', '3'), { recordedAt: 'yesterday' }),
      // Its upcaster is given what it cannot take apart.
      unreadable(note('a', '4'), { type: 'CutoverPlanned', schemaVersion: 1, data: null }),
    ]
    const [head, tail] = [story.slice(0, 40), story.slice(40)]
    await createWriter({ log }).write(head)
    await log.append('complaint-bad', bad, 'no_stream')
    await decideAll(log, story)
    await createWriter({ log: without }).write([...head, ...tail])
    await decideAll(without, story)
    expect(firstDifference(await decisionsOf(log), await decisionsOf(without))).toBeUndefined()
    expect(await parkedIn(log)).toEqual([])
    // In the midst of decisions as well: what it was meant to cover stays covered.
    const before = await decisionsOf(log)
    const spoilt = openMemoryLog()
    for (const event of await allEvents(log)) {
      const isBad = event.type === 'CauseAttributed' && event.data['verdict'] !== 'explained'
      const { stream, position: _p, revision: _r, ...plain } = event
      const copied = isBad ? { ...plain, data: { verdict: 'unknown' } } : plain
      await spoilt.append(stream, [copied], await spoilt.revisionOf(stream))
    }
    await decideAll(spoilt, story, { instance: 'second' })
    expect(idsOf((await allEvents(spoilt)).filter(isLoggedDecision))).toHaveLength(before.length)
  })
})
