import { afterEach, describe, expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { decisionStream } from '../../schemas/stream.ts'
import { upcast } from '../../schemas/upcast.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { runningClock } from '../../src/pipeline/clock.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import { isDecision, isInput } from '../../src/pipeline/decision-groups.ts'
import { shareDeciding, type SharedCorrelator, type SharedLimits } from '../../src/pipeline/share-deciding.ts'
import { createWriter, type Writer } from '../../src/pipeline/writer.ts'
import { sharedLogsToTest, type SharedLog } from '../event-log/shared-logs-to-test.ts'
import { firstDifference } from '../fault/first-difference.ts'
import { countingEngine, type CountingEngine } from './counting-engine.ts'
import { allEvents, note } from './notes.ts'
import { until } from './until.ts'

const toClose: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

const quick: Partial<SharedLimits> = {
  takeoverMs: 200,
  probeMs: 60_000,
  watchMs: 10,
  reportMs: 20,
  firstRetryMs: 5,
  maxRetryMs: 20,
}
/** Nobody is taken for dead in the time of a test. */
const patient: Partial<SharedLimits> = { ...quick, takeoverMs: 120_000 }

interface Process {
  readonly correlator: SharedCorrelator<CountingEngine>
  readonly writer: Writer
  readonly log: EventLog
  freeze(): void
  wake(): void
}

let names = 0

/** What one process does with decisions; frozen, it hears nothing and what it says waits. */
async function join(shared: SharedLog, mayDecide: boolean, limits = quick): Promise<Process> {
  const { log, freeze, wake } = freezable(await shared.open())
  const writer = createWriter({ log })
  const correlator = await shareDeciding({
    log,
    writer,
    clock: runningClock({ readMs: Date.now }),
    engineVersion: '1',
    mayDecide,
    makeEngine: async () => ({ engine: countingEngine({ settleMs: 100 }), resume: undefined }),
    newInstance: () => `run-${(names += 1)}`,
    limits,
  })
  toClose.push(async () => {
    wake()
    await correlator.stop()
  })
  return { correlator, writer, log, freeze, wake }
}

function freezable(log: EventLog) {
  let thaw = Promise.resolve()
  let wake = () => {}
  const frozen: EventLog = {
    ...log,
    append: async (...call) => {
      await thaw
      return log.append(...call)
    },
    async *subscribe(options) {
      for await (const batch of log.subscribe(options)) {
        await thaw
        yield batch
      }
    },
  }
  const freeze = () => {
    thaw = new Promise((resolve) => (wake = resolve))
  }
  return { log: frozen, freeze, wake: () => wake() }
}

const now = (about: string, text: string) => note(about, text, Date.now())

/** Every input of the log is decided once, and as by one engine that was never disturbed. */
async function expectDecidedOnce(log: EventLog): Promise<void> {
  const events = (await allEvents(log)).map((recorded): Event => upcast(recorded))
  const alone = countingEngine({ settleMs: 100 })
  const expected = events.filter(isInput).flatMap((input) => alone.decide(input))
  const logged = events.filter(isDecision)
  const ids = ({ id, data }: Event) => `${id} ${JSON.stringify(data)}`
  expect(firstDifference(logged.map(ids), expected.map(ids))).toBeUndefined()
}

/** Until nobody has anything to decide any more. */
async function settled(...processes: readonly Process[]): Promise<void> {
  await until(async () => {
    const heads = processes.map(({ correlator }) => correlator)
    if (heads.some((head) => head.lag().events > 0 || head.engine().nextDeadlineMs() !== undefined))
      return false
    return new Set(heads.map((head) => head.engine().digest())).size === 1
  })
}

for (const { name, start } of sharedLogsToTest()) {
  describe(`on ${name}`, () => {
    const begin = async () => {
      const shared = await start()
      toClose.push(() => shared.close())
      return shared
    }

    test('one decides, and all who follow know what it knows and answer their own callers', async () => {
      const shared = await begin()
      const leader = await join(shared, true, patient)
      await until(() => leader.correlator.decides())
      const standby = await join(shared, true, patient)
      const reader = await join(shared, false)
      await Promise.all([standby, reader].map(({ correlator }) => correlator.ready))

      const asked = now('a', '2')
      const answer = reader.correlator.decided(asked.id, 10_000)
      await reader.writer.write([asked])
      expect((await answer)?.map(({ meta }) => meta.causationId)).toEqual([asked.id, asked.id])
      // Nothing comes of this one, and still it is known to be decided.
      const quiet = now('b', '0')
      const none = standby.correlator.decided(quiet.id, 10_000)
      await standby.writer.write([quiet])
      expect((await none)?.filter(({ meta }) => meta.trigger === 'input')).toEqual([])

      await settled(leader, standby, reader)
      expect(await leader.correlator.decides()).toBe(true)
      expect(await standby.correlator.decides()).toBe(false)
      expect(await reader.correlator.decides()).toBe(false)
      await expectDecidedOnce(leader.log)
    })

    test('frozen, the leader is replaced; woken, it stands by: no input is decided twice and none skipped', async () => {
      const shared = await begin()
      const first = await join(shared, true)
      await until(() => first.correlator.decides())
      const second = await join(shared, true)
      const reader = await join(shared, false)
      await second.correlator.ready
      for (let index = 0; index < 20; index += 1) await reader.writer.write([now('a', `1 before ${index}`)])
      first.freeze()
      const asked = now('b', '3 while frozen')
      const answer = reader.correlator.decided(asked.id, 10_000)
      await reader.writer.write([asked, now('c', '0'), now('d', '1')])
      expect((await answer)?.filter(({ meta }) => meta.trigger === 'input')).toHaveLength(3)
      expect(await second.correlator.decides()).toBe(true)
      first.wake()
      await until(async () => !(await first.correlator.decides()))
      for (let index = 0; index < 20; index += 1) await first.writer.write([now('e', `2 after ${index}`)])
      await settled(first, second, reader)
      await expectDecidedOnce(reader.log)

      // And back again, whoever of them decides by now.
      const leads = (await second.correlator.decides()) ? second : first
      const stands = leads === second ? first : second
      leads.freeze()
      await reader.writer.write([now('f', '1')])
      await until(() => stands.correlator.decides())
      leads.wake()
      await settled(first, second, reader)
      await expectDecidedOnce(reader.log)
    })

    test('one that ends in good order is followed at once; a leader that died in silence is found by a probe', async () => {
      const shared = await begin()
      const first = await join(shared, true, patient)
      await until(() => first.correlator.decides())
      const second = await join(shared, true, patient)
      await second.correlator.ready
      await first.correlator.stop()
      await until(() => second.correlator.decides())

      second.freeze()
      const third = await join(shared, true, { ...quick, probeMs: 300 })
      await until(() => third.correlator.decides())
      expect(await third.log.revisionOf('clock')).not.toBe('no_stream')
    })

    test('inputs beyond what may wait are folded in step with decisions read ahead, and taken over undecided', async () => {
      const shared = await begin()
      const writer = createWriter({ log: await shared.open() })
      const imported = Array.from({ length: 300 }, (_, index) => now('a', `${index % 3} ${index}`))
      await writer.write(imported)
      const tight = { ...quick, maxWaitingInputs: 20, batchSize: 30, lookMs: 5, maxDecisionsPerAppend: 7 }
      const log = await shared.open()
      const alone = startCorrelator({
        log,
        writer,
        engine: countingEngine({ settleMs: 100 }),
        clock: runningClock({ readMs: Date.now }),
        engineVersion: '1',
        instance: 'alone',
        limits: tight,
      })
      await alone.ready
      await alone.stop()
      const more = Array.from({ length: 100 }, (_, index) => now('b', `${index % 3} ${index}`))
      await writer.write(more)

      const reader = await join(shared, false, tight)
      await until(() => reader.correlator.lag().undecidedMs !== 0)
      expect(await log.revisionOf(decisionStream(0))).toBeGreaterThan(200)
      const standby = await join(shared, true, tight)
      await until(() => standby.correlator.decides())
      await settled(standby, reader)
      await expectDecidedOnce(log)
    })
  })
}
