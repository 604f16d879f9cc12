import { afterEach, describe, expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { verifyLog } from '../../src/event-log/verify/verify-log.ts'
import { runningClock } from '../../src/pipeline/clock.ts'
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

/** Nobody is taken for dead in the time of a test. */
const patient: Partial<SharedLimits> = {
  takeoverMs: 120_000,
  probeMs: 60_000,
  watchMs: 10,
  reportMs: 20,
  firstRetryMs: 5,
  maxRetryMs: 20,
}

interface Process {
  readonly correlator: SharedCorrelator<CountingEngine>
  readonly writer: Writer
  readonly log: EventLog
  /** How many engines it has made. */
  readonly engines: () => number
}

interface Joining {
  readonly mayDecide?: boolean
  /** What its engines throw at, half changed. */
  readonly failsAt?: string
  readonly limits?: Partial<SharedLimits>
}

let names = 0

async function join(
  shared: SharedLog,
  { mayDecide = false, failsAt, limits = {} }: Joining,
): Promise<Process> {
  const log = await shared.open()
  const writer = createWriter({ log })
  let engines = 0
  const correlator = await shareDeciding({
    log,
    writer,
    clock: runningClock({ readMs: Date.now }),
    engineVersion: '1',
    mayDecide,
    makeEngine: async () => {
      engines += 1
      return { engine: failingEngine(failsAt), resume: undefined }
    },
    newInstance: () => `parking-${(names += 1)}`,
    limits: { ...patient, ...limits },
  })
  toClose.push(() => correlator.stop())
  return { correlator, writer, log, engines: () => engines }
}

function failingEngine(failsAt: string | undefined): CountingEngine {
  const engine = countingEngine({ settleMs: 100 })
  const failAt = (input: Event) => {
    if (input.type === 'NoteAdded' && input.data.about.id === failsAt)
      throw new Error('it cannot be taken in')
  }
  return {
    ...engine,
    decide(input) {
      const decisions = engine.decide(input)
      failAt(input)
      return decisions
    },
    fold(input, decisions) {
      engine.fold(input, decisions)
      failAt(input)
    },
  }
}

const now = (about: string, text: string) => note(about, text, Date.now())

/** Until nobody has anything to decide any more, and all know the same. */
async function settled(...processes: readonly Process[]): Promise<void> {
  await until(() => {
    const all = processes.map(({ correlator }) => correlator)
    if (all.some((one) => one.lag().events > 0 || one.engine().nextDeadlineMs() !== undefined)) return false
    return new Set(all.map((one) => one.engine().digest())).size === 1
  })
}

async function eventsOf(log: EventLog): Promise<readonly Event[]> {
  return (await allEvents(log)).map((recorded): Event => upcast(recorded))
}

const parkedOf = (events: readonly Event[]) =>
  events.flatMap((event) => (event.type === 'InputParked' ? [event.data.inputId] : []))

/** Each input is decided once, and as by one engine that was never given what is parked. */
function expectDecidedOnceWithout(parked: readonly string[], events: readonly Event[]): void {
  const alone = countingEngine({ settleMs: 100 })
  const expected = events
    .filter(isInput)
    .flatMap((input) => (parked.includes(input.id) ? [] : alone.decide(input)))
  const ids = ({ id, data }: Event) => `${id} ${JSON.stringify(data)}`
  expect(firstDifference(events.filter(isDecision).map(ids), expected.map(ids))).toBeUndefined()
}

for (const { name, start } of sharedLogsToTest()) {
  describe(`on ${name}`, () => {
    const begin = async () => {
      const shared = await start()
      toClose.push(() => shared.close())
      return shared
    }

    test('E2: what the leader parks, all leave out at the same place; whoever stands by goes on, and nobody ends', async () => {
      const shared = await begin()
      const failsAt = 'poison'
      const first = await join(shared, { mayDecide: true, failsAt })
      await until(() => first.correlator.decides())
      const second = await join(shared, { mayDecide: true, failsAt })
      const reader = await join(shared, { failsAt })
      await Promise.all([second, reader].map(({ correlator }) => correlator.ready))

      await reader.writer.write([now('a', '0')])
      await settled(first, second, reader)
      const before = [first, second, reader].map(({ engines }) => engines())

      const bad = now('poison', '2')
      const answers = [reader, second].map(({ correlator }) => correlator.decided(bad.id, 10_000))
      await reader.writer.write([now('a', '1'), bad, now('b', '2')])
      const after = now('c', '1')
      const answer = reader.correlator.decided(after.id, 10_000)
      await reader.writer.write([after])
      // Decided with nothing, like an input of which nothing comes.
      expect(await Promise.all(answers)).toEqual([[], []])
      expect((await answer)?.some(({ meta }) => meta.causationId === after.id)).toBe(true)
      await settled(first, second, reader)

      const leaders = await Promise.all([first, second].map(({ correlator }) => correlator.decides()))
      expect(leaders.filter(Boolean)).toHaveLength(1)
      // The one that failed midway has a new engine; those who knew in time need none.
      const since = [first, second, reader].map(({ engines }, at) => engines() - (before[at] ?? 0))
      expect(since).toEqual([1, 0, 0])
      const events = await eventsOf(reader.log)
      expect(parkedOf(events)).toEqual([bad.id])
      expectDecidedOnceWithout([bad.id], events)
      const types = new Set(events.map(({ type }) => type))
      for (const type of ['CorrelatorStarted', 'CorrelatorReported', 'InputParked'] as const) {
        expect(types).toContain(type)
      }
      expect((await verifyLog(reader.log)).findings).toEqual([])
    })

    test('E2: alone, a correlator whose engine fails goes on with a new one', async () => {
      const shared = await begin()
      const alone = await join(shared, { mayDecide: true, failsAt: 'poison' })
      const [bad, worse] = [now('poison', '1'), now('poison', '2')]
      await alone.writer.write([now('a', '1'), bad, now('b', '1'), worse, now('c', '0')])
      await settled(alone)
      expect(await alone.correlator.decides()).toBe(true)
      const events = await eventsOf(alone.log)
      expect(parkedOf(events)).toEqual([bad.id, worse.id])
      expectDecidedOnceWithout([bad.id, worse.id], events)
    })

    test('one that follows and fails at what the leader could take goes on without; what it then decides, it parks first', async () => {
      const shared = await begin()
      const leader = await join(shared, { mayDecide: true })
      await until(() => leader.correlator.decides())
      const second = await join(shared, { mayDecide: true, failsAt: 'poison' })
      await second.correlator.ready
      const [bad, after] = [now('poison', '2'), now('a', '1')]
      const answer = second.correlator.decided(after.id, 10_000)
      await leader.writer.write([bad, after])
      expect((await answer)?.some(({ meta }) => meta.causationId === after.id)).toBe(true)
      expect(second.engines()).toBe(2)
      // It is not as others would make it: no checkpoint may be taken of it.
      expect(second.correlator.stand()).toBeUndefined()
      await settled(leader)
      // An engine is ahead of the log while its last decisions are being stored.
      await until(() => leader.correlator.stand() !== undefined)
      expectDecidedOnceWithout([], await eventsOf(leader.log))
      expect(parkedOf(await eventsOf(leader.log))).toEqual([])

      await leader.correlator.stop()
      await until(async () => parkedOf(await eventsOf(second.log)).length > 0)
      const last = now('b', '3')
      const decided = second.correlator.decided(last.id, 10_000)
      await second.writer.write([last])
      expect((await decided)?.filter(({ meta }) => meta.causationId === last.id)).toHaveLength(3)
      await settled(second)
      const events = await eventsOf(second.log)
      expect(parkedOf(events)).toEqual([bad.id])
      const causes = events.filter(isDecision).filter(({ meta }) => meta.trigger === 'input')
      expect(causes.map(({ meta }) => meta.causationId)).toEqual([
        bad.id,
        bad.id,
        after.id,
        last.id,
        last.id,
        last.id,
      ])
      expect(second.correlator.stand()).toBeDefined()
    })

    test('E2: decisions that are read ahead of the log say what is parked too, and what nobody can read is waited for', async () => {
      const shared = await begin()
      const tight = { maxWaitingInputs: 20, batchSize: 30, lookMs: 5, maxDecisionsPerAppend: 7 }
      const failsAt = 'poison'
      const reader = await join(shared, { failsAt, limits: tight })
      const inputs = Array.from({ length: 200 }, (_, index) =>
        now(index % 80 === 50 ? 'poison' : 'a', `${index % 3} ${index}`),
      )
      const unreadable = { ...now('b', '1 unreadable'), data: { text: 7 } } as unknown as Event
      await reader.log.append('complaint-unreadable', [unreadable], 'no_stream')
      await reader.writer.write(inputs)
      await until(() => (reader.correlator.lag().undecidedMs ?? 0) > 0)
      const leader = await join(shared, { mayDecide: true, failsAt, limits: tight })
      await settled(leader, reader)
      const poisoned = inputs.filter(({ data }) => data.about.id === 'poison').map(({ id }) => id)
      expect(parkedOf(await eventsOf(reader.log))).toEqual(poisoned)
      expect(reader.engines()).toBe(1)
    })
  })
}
