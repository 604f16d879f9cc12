import { afterEach, describe, expect, test } from 'vitest'
import { toInstant } from '../../schemas/instant.ts'
import { decisionStream } from '../../schemas/stream.ts'
import { LogUnavailableError, type EventLog } from '../../src/event-log/event-log.ts'
import { jsonBytes } from '../../src/event-log/json-bytes.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator, type Correlator, type CorrelatorOptions } from '../../src/pipeline/correlator.ts'
import { CorrelatorReplacedError } from '../../src/pipeline/fenced-appends.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { countingEngine } from './counting-engine.ts'
import { allEvents, day, idsOf, note } from './notes.ts'
import { until } from './until.ts'

const running: Correlator[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (correlator) => correlator.stop()))
})

function start(log: EventLog, options: Partial<CorrelatorOptions> = {}) {
  const [clock, writer, engine] = [virtualClock(day), createWriter({ log }), countingEngine()]
  const base = { log, clock, writer, engine, engineVersion: '1', instance: `run-${running.length}` }
  const correlator = startCorrelator({ ...base, ...options })
  running.push(correlator)
  return { correlator, clock, writer, engine }
}

const decisionsOf = async (log: EventLog) =>
  (await allEvents(log)).filter(({ type }) => type === 'ClusterClosed')

describe('the correlator', () => {
  test('decides inputs, logs the decisions and hands them to whoever waits, early or late', async () => {
    const log = openMemoryLog()
    const { correlator, writer } = start(log)
    await correlator.ready
    const input = note('a', '2')
    const early = correlator.decided(input.id, 5_000)
    await writer.write([input])
    const decisions = await early
    expect(decisions?.map(({ meta }) => meta.causationId)).toEqual([input.id, input.id])
    expect(await correlator.decided(input.id, 0)).toEqual(decisions)
    const logged = await log.revisionOf(decisionStream(0))
    expect(logged).toBe(2)
    expect((await decisionsOf(log)).map(({ id, meta }) => [id, meta.covers])).toEqual(
      decisions?.map(({ id }) => [id, input.id]),
    )
  })

  test('answers an input without decisions with none, and one that never comes with undefined', async () => {
    const { correlator, writer } = start(openMemoryLog())
    const input = note('a', '0')
    await writer.write([input])
    expect(await correlator.decided(input.id, 5_000)).toEqual([])
    expect(await correlator.decided(note('never', '1').id, 1)).toBeUndefined()
  })

  test('writes a tick of the clock when a deadline passes in silence, and none before', async () => {
    const log = openMemoryLog()
    const { correlator, writer, clock } = start(log)
    const input = note('a', '1')
    await writer.write([input])
    await correlator.decided(input.id, 5_000)
    await until(() => correlator.lag().events === 0)
    clock.advanceTo(day + 2_050)
    expect(await log.revisionOf('clock')).toBe('no_stream')
    clock.advanceTo(day + 2_100)
    await until(async () => (await decisionsOf(log)).length === 2)
    const [, settled] = await decisionsOf(log)
    expect(settled?.meta.trigger).toBe(`settle:${input.id}`)
    expect(settled?.recordedAt).toBe(toInstant(day + 2_100))
    expect(await log.revisionOf('clock')).toBe(0)
  })

  test('fence: a second correlator takes over, and the first stops with a clear error', async () => {
    const log = openMemoryLog()
    const first = start(log)
    await first.correlator.ready
    const second = start(log, { instance: 'second' })
    await second.correlator.ready
    await expect(first.correlator.finished).rejects.toThrow(CorrelatorReplacedError)
    await expect(first.correlator.finished).rejects.toThrow(/another correlator has taken over decisions-0/)
    const input = note('a', '3')
    await second.writer.write([input])
    expect(await second.correlator.decided(input.id, 5_000)).toHaveLength(3)
    expect(await decisionsOf(log)).toHaveLength(3)
  })

  test('fence: one that was cut off and decides late cannot append', async () => {
    const log = openMemoryLog()
    let held: (() => void) | undefined
    const slow: EventLog = {
      ...log,
      append: async (stream, events, expected) => {
        if (events[0]?.type === 'ClusterClosed') await new Promise<void>((resolve) => (held = resolve))
        return log.append(stream, events, expected)
      },
    }
    const first = start(slow)
    const input = note('a', '2')
    await first.writer.write([input])
    await until(() => held !== undefined)
    const second = start(log, { instance: 'second' })
    expect(await second.correlator.decided(input.id, 5_000)).toHaveLength(2)
    held?.()
    await expect(first.correlator.finished).rejects.toThrow(CorrelatorReplacedError)
    expect(await decisionsOf(log)).toHaveLength(2)
  })

  test('a log that cannot be written for a while is tried again until it can', async () => {
    const log = openMemoryLog()
    let failures = 3
    const flaky: EventLog = {
      ...log,
      append: async (stream, events, expected) => {
        if (stream === decisionStream(0) && failures > 0) {
          failures -= 1
          // The medium may fail before or after it has stored: only the same call made again tells.
          if (failures === 1) await log.append(stream, events, expected)
          throw new LogUnavailableError('disk full')
        }
        return log.append(stream, events, expected)
      },
    }
    const troubles: string[] = []
    const { correlator, writer } = start(flaky, {
      limits: { firstRetryMs: 1, maxRetryMs: 2 },
      onTrouble: ({ message }) => troubles.push(message),
    })
    const input = note('a', '2')
    await writer.write([input])
    expect(await correlator.decided(input.id, 5_000)).toHaveLength(2)
    expect(troubles).toEqual(['disk full', 'disk full', 'disk full'])
    expect(await decisionsOf(log)).toHaveLength(2)
  })

  test('divides decisions that one append of the log cannot hold', async () => {
    const memory = openMemoryLog()
    const calls: number[] = []
    const log: EventLog = {
      ...memory,
      maxAppendBytes: 2_000,
      append: async (stream, events, expected) => {
        calls.push(events.reduce((sum, event) => sum + jsonBytes(event), 0))
        return memory.append(stream, events, expected)
      },
    }
    const { correlator, writer } = start(log)
    const input = note('a', '20')
    await writer.write([input])
    expect(await correlator.decided(input.id, 5_000)).toHaveLength(20)
    expect(await decisionsOf(log)).toHaveLength(20)
    expect(Math.max(...calls)).toBeLessThanOrEqual(2_000)
  })

  test('H3: works a backlog in slices and lets everything else run in between', async () => {
    const log = openMemoryLog()
    const backlog = Array.from({ length: 1_000 }, (_, index) => note('a', `1 ${index}`))
    await createWriter({ log }).write(backlog)
    let passedMs = 0
    const slices: number[] = []
    const { correlator } = start(log, {
      limits: { turnMs: 10, sliceMs: 50 },
      // Each look at the stopwatch takes a millisecond, so that the test does not depend on the machine.
      stopwatchMs: () => (passedMs += 1),
      onSlice: ({ inputs }) => slices.push(inputs),
    })
    let turns = 0
    let counting = true
    const count = () => {
      turns += 1
      if (counting) setImmediate(count)
    }
    count()
    expect(correlator.lag().events).toBe(Number.POSITIVE_INFINITY)
    await correlator.ready
    counting = false
    expect(Math.max(...slices)).toBeLessThanOrEqual(50)
    expect(turns).toBeGreaterThanOrEqual(100)
    expect(correlator.lag()).toEqual({ events: 0, ms: 0 })
  })

  test('H3: lets bulk input go first while nobody asks, goes on when somebody does, and waits no longer than it may', async () => {
    const log = openMemoryLog()
    const { correlator, writer } = start(log, {
      limits: { maxHoldMs: 60_000, turnMs: 1 },
      holdBack: () => correlator.askedAgoMs() > 60_000,
    })
    await correlator.ready
    expect(correlator.askedAgoMs()).toBe(Number.POSITIVE_INFINITY)
    await writer.write([note('a', '1')])
    expect(correlator.lag().events).toBe(1)
    const asked = note('b', '1')
    const answer = correlator.decided(asked.id, 10_000)
    await writer.write([asked])
    expect(await answer).toHaveLength(1)

    const patient = start(openMemoryLog(), { limits: { maxHoldMs: 5, turnMs: 1 }, holdBack: () => true })
    await patient.correlator.ready
    await patient.writer.write([note('a', '1')])
    await until(() => patient.correlator.lag().events === 0)
  })

  test('stops with decisions on disk, and those who wait are let go', async () => {
    const log = openMemoryLog()
    const { correlator, writer } = start(log)
    await correlator.ready
    const waiting = correlator.decided(note('never', '1').id, 60_000)
    await writer.write([note('a', '1')])
    await correlator.stop()
    await correlator.finished
    expect(await waiting).toBeUndefined()
    const events = await allEvents(log)
    expect(new Set(idsOf(events)).size).toBe(events.length)
  })
})
