import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { toInstant } from '../../schemas/instant.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { jsonBytes } from '../../src/event-log/json-bytes.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { allEvents, day, idsOf, note } from './notes.ts'

const allIds = async (log: EventLog) => idsOf(await allEvents(log))

describe('the writer', () => {
  test('stores events of many streams and answers in the order given', async () => {
    const log = openMemoryLog()
    const writer = createWriter({ log })
    let stored = 0
    writer.onStored((events) => (stored += events))
    const events = ['a', 'b', 'a', 'c', 'b'].map((about, index) => note(about, String(index)))
    const outcomes = await writer.write(events)
    expect(outcomes.map(({ id, stream, outcome }) => [id, stream, outcome])).toEqual(
      events.map(({ id, data }) => [id, `complaint-${data.about.id}`, 'stored']),
    )
    expect(stored).toBe(5)
    expect((await allIds(log)).toSorted()).toEqual(idsOf(events).toSorted())
  })

  test('L2: the same events again, alone or with new ones, are told apart and change nothing', async () => {
    const log = openMemoryLog()
    const writer = createWriter({ log })
    const [first, second, third] = [note('a', '1'), note('a', '2'), note('a', '3')]
    await writer.write([first, second])
    const changed = { ...second, occurredAt: toInstant(day + 1) }
    const outcomes = await writer.write([first, changed, third, third])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['duplicate', 'differs', 'stored', 'duplicate'])
    expect(await allIds(log)).toEqual(idsOf([first, second, third]))
    const { position } = outcomes[2] ?? { position: '' }
    expect(position).toBe(await log.head())
  })

  test('calls at the same time to the same stream all arrive, in the order of the calls', async () => {
    const log = openMemoryLog()
    const writer = createWriter({ log })
    let stored = 0
    writer.onStored((events) => (stored += events))
    const events = Array.from({ length: 50 }, (_, index) => note('a', String(index)))
    // Every third call repeats an event, so that revisions believed in advance turn out wrong.
    await Promise.all(events.map((event, index) => writer.write(index % 3 === 0 ? [event, event] : [event])))
    expect((await allIds(log)).toSorted()).toEqual(idsOf(events).toSorted())
    expect(stored).toBe(50)
  })

  test('goes on where somebody else has written to the stream meanwhile', async () => {
    const log = openMemoryLog()
    const [one, other] = [createWriter({ log }), createWriter({ log })]
    const events = Array.from({ length: 20 }, (_, index) => note('a', String(index)))
    for (const [index, event] of events.entries()) await (index % 2 === 0 ? one : other).write([event])
    expect(await allIds(log)).toEqual(idsOf(events))
  })

  test('never moves an event ahead of one recorded before it, but gathers those of one moment', async () => {
    const log = openMemoryLog()
    const writer = createWriter({ log })
    const history = ['a', 'b', 'a', 'a', 'c', 'a'].map((about, hour) => note(about, `h${hour}`, day + hour))
    await writer.write(history)
    expect(await allIds(log)).toEqual(idsOf(history))
    const moment = ['d', 'e', 'd'].map((about, index) => note(about, `m${index}`, day + 10))
    await writer.write(moment)
    const [d1, e, d2] = idsOf(moment)
    expect((await allIds(log)).slice(6)).toEqual([d1, d2, e])
  })

  test('never moves an event ahead of one recorded before it where the log does not keep the order of calls', async () => {
    const { keepsCallOrder: _, ...memory } = openMemoryLog()
    let held = 0
    const log: EventLog = {
      ...memory,
      append: async (stream, events, expected) => {
        // Of calls under way together the first comes last.
        for (let turns = 3 * (9 - (held += 1)); turns > 0; turns -= 1) await nextTurn()
        return memory.append(stream, events, expected)
      },
    }
    const history = ['a', 'b', 'a', 'c', 'd', 'a'].map((about, hour) => note(about, `h${hour}`, day + hour))
    await createWriter({ log }).write(history)
    expect(await allIds(log)).toEqual(idsOf(history))
  })

  test('divides what one append of the log cannot hold', async () => {
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
    const events = Array.from({ length: 40 }, (_, index) => note('a', `${index} ${'停'.repeat(index)}`))
    const outcomes = await createWriter({ log }).write(events)
    expect(outcomes.every(({ outcome }) => outcome === 'stored')).toBe(true)
    expect(await allIds(log)).toEqual(idsOf(events))
    expect(Math.max(...calls)).toBeLessThanOrEqual(2_000)
    expect(calls.length).toBeLessThan(20)
  })

  test('refuses what exceeds the queue, and takes it once there is room', async () => {
    const log = openMemoryLog()
    const writer = createWriter({ log, limits: { maxPendingEvents: 2 } })
    const first = writer.write([note('a', '1'), note('a', '2')])
    await expect(writer.write([note('a', '3')])).rejects.toThrow(/maxPendingEvents/)
    await first
    await writer.write([note('a', '3')])
    expect(await allIds(log)).toHaveLength(3)
  })

  test('asks again for revisions after the log failed', async () => {
    const memory = openMemoryLog()
    let failing = false
    const log: EventLog = {
      ...memory,
      append: async (stream, events, expected) => {
        if (failing) throw new Error('disk full')
        return memory.append(stream, events, expected)
      },
    }
    const writer = createWriter({ log, limits: { maxKnownStreams: 1 } })
    await writer.write([note('a', '1'), note('b', '1')])
    failing = true
    await expect(writer.write([note('a', '2'), note('b', '2')])).rejects.toThrow('disk full')
    failing = false
    const outcomes = await writer.write([note('a', '2'), note('b', '2')])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'stored'])
  })
})
