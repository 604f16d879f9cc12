import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Envelope } from '../../schemas/envelope.ts'
import {
  AppendRefusedError,
  LogUnavailableError,
  type AppendResult,
  type EventLog,
  type ExpectedRevision,
  type RecordedEvent,
} from '../../src/event-log/event-log.ts'
import { collect, eventOf, eventsOf } from './made-events.ts'

const numbersOf = (events: readonly RecordedEvent[]) => events.map(({ data }) => data['number'])

function appended(result: AppendResult): Extract<AppendResult, { kind: 'appended' }> {
  if (result.kind !== 'appended') throw new Error(`not appended: ${JSON.stringify(result)}`)
  return result
}

/** What every log must keep (L3). `open` gives a log that is empty; the suite closes it. */
export function logContract(name: string, open: () => Promise<EventLog>, timeoutMs = 30_000): void {
  describe(`${name} keeps the contract (L3)`, { timeout: timeoutMs }, () => {
    let log: EventLog
    beforeEach(async () => {
      log = await open()
    })
    afterEach(async () => {
      await log.close()
    })
    appending(() => log)
    resending(() => log)
    reading(() => log)
    subscribing(() => log)
    closing(() => log)
    againstModel(open)
  })
}

function appending(log: () => EventLog): void {
  test('an event comes back as it went in, with its place', async () => {
    const event: Envelope = {
      ...eventOf(1, {
        站名: '白马花园',
        nested: { list: [1, null, 'a"\n\\'], pi: 3.25 },
        emoji: '📡',
        lone: 'ÿ',
      }),
      meta: {
        source: 'crm',
        actor: 'unverified',
        correlationId: 'call-7',
        causationId: 'alarm-1',
        backfilled: true,
        covers: 'x',
        trigger: 'input',
      },
    }
    const { position } = appended(await log().append('complaint-1', [event], 'no_stream'))
    const [read] = await collect(log().readAll())
    expect(read).toEqual({ ...event, stream: 'complaint-1', revision: 0, position })
  })

  test('revisions count within a stream and positions grow over all streams', async () => {
    await log().append('a', eventsOf(1, 2), 'no_stream')
    await log().append('b', [eventOf(3)], 'no_stream')
    const result = appended(await log().append('a', [eventOf(4)], 1))
    expect(result).toMatchObject({ revision: 2, stored: [eventOf(4).id], duplicates: [], differing: [] })
    const events = await collect(log().readAll())
    expect(events.map(({ stream, revision }) => [stream, revision])).toEqual([
      ['a', 0],
      ['a', 1],
      ['b', 0],
      ['a', 2],
    ])
    const positions = events.map(({ position }) => position)
    expect(positions.toSorted()).toEqual(positions)
    expect(new Set(positions.map(({ length }) => length)).size).toBe(1)
    expect(await log().head()).toBe(result.position)
    expect(await log().revisionOf('a')).toBe(2)
    expect(await log().revisionOf('c')).toBe('no_stream')
  })

  test('a wrong revision is refused with the actual one and stores nothing', async () => {
    expect(await log().append('a', [eventOf(1)], 0)).toEqual({ kind: 'wrong-revision', actual: 'no_stream' })
    await log().append('a', eventsOf(1, 2), 'no_stream')
    for (const expected of ['no_stream', 0, 2] as const) {
      expect(await log().append('a', [eventOf(3)], expected)).toEqual({ kind: 'wrong-revision', actual: 1 })
    }
    expect(numbersOf(await collect(log().readAll()))).toEqual([1, 2])
  })

  test('of many writers at once on one stream one wins each revision', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => log().append('a', [eventOf(index)], 'no_stream')),
    )
    expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1)
    expect(await collect(log().readAll())).toHaveLength(1)
  })

  test('an empty call changes nothing', async () => {
    expect(appended(await log().append('a', [], 'no_stream'))).toMatchObject({ revision: -1, stored: [] })
    expect(await log().revisionOf('a')).toBe('no_stream')
    expect(await log().head()).toBeUndefined()
  })

  test('a caller who alters an event after the append alters nothing stored', async () => {
    const event = eventOf(1)
    const append = log().append('a', [event], 'no_stream')
    event.data['number'] = 99
    await append
    expect(numbersOf(await collect(log().readAll()))).toEqual([1])
  })

  test('the same id twice in one call, and an id that is no UUID, are refused', async () => {
    const reasonOf = (events: readonly Envelope[]) =>
      log()
        .append('a', events, 'no_stream')
        .then(
          () => 'taken',
          (error: unknown) => (error instanceof AppendRefusedError ? error.reason : error),
        )
    expect(await reasonOf([eventOf(1), eventOf(2), eventOf(1)])).toBe('repeated-id')
    expect(await reasonOf([{ ...eventOf(1), id: 'alarm-1' }])).toBe('bad-id')
    expect(await log().head()).toBeUndefined()
  })
}

function resending(log: () => EventLog): void {
  test('events sent again are acknowledged whatever revision is expected, and change nothing (L2)', async () => {
    const first = appended(await log().append('a', eventsOf(1, 3), 'no_stream'))
    await log().append('b', [eventOf(4)], 'no_stream')
    for (const expected of ['no_stream', 0, 2, 77] as const) {
      const again = await log().append('a', eventsOf(1, 3), expected)
      const ids = eventsOf(1, 3).map(({ id }) => id)
      expect(again).toEqual({ ...first, stored: [], duplicates: ids })
    }
    const alone = appended(await log().append('a', [eventOf(2)], 'no_stream'))
    expect(alone.position < first.position).toBe(true)
    expect(numbersOf(await collect(log().readAll()))).toEqual([1, 2, 3, 4])
  })

  test('a batch that is partly known stores the rest in order (L2)', async () => {
    await log().append('a', [eventOf(2), eventOf(4)], 'no_stream')
    const batch = eventsOf(1, 5)
    expect(await log().append('a', batch, 'no_stream')).toEqual({ kind: 'wrong-revision', actual: 1 })
    const result = appended(await log().append('a', batch, 1))
    expect(result.stored).toEqual([1, 3, 5].map((number) => eventOf(number).id))
    expect(result.duplicates).toEqual([2, 4].map((number) => eventOf(number).id))
    expect(result.position).toBe(await log().head())
    expect(numbersOf(await collect(log().readStream('a')))).toEqual([2, 4, 1, 3, 5])
  })

  test('a known id with other content is told apart, and what is stored stays (L2)', async () => {
    await log().append('a', eventsOf(1, 4), 'no_stream')
    const sameButForTheBearer = {
      ...eventOf(1),
      recordedAt: '2026-04-01T00:00:00.000Z',
      meta: { source: 'x', actor: 'y' },
    }
    const resent = [
      sameButForTheBearer,
      eventOf(2, { more: true }),
      { ...eventOf(3), occurredAt: '2026-03-01T02:06:00.000Z' },
      { ...eventOf(4), type: 'AlarmCleared' },
    ]
    const result = appended(await log().append('a', resent, 3))
    expect(result.duplicates).toEqual([eventOf(1).id])
    expect(result.differing).toEqual([2, 3, 4].map((number) => eventOf(number).id))
    expect((await collect(log().readAll())).map(({ data }) => data)).toEqual(
      [1, 2, 3, 4].map((number) => ({ number })),
    )
  })

  test('the order of keys and what JSON drops do not make content other (L2)', async () => {
    await log().append('a', [{ ...eventOf(1), data: { x: 1, y: { p: 1, q: 2 } } }], 'no_stream')
    const again = { ...eventOf(1), data: { y: { q: 2, p: 1 }, z: undefined, x: 1 } }
    expect(appended(await log().append('a', [again], 0)).duplicates).toEqual([eventOf(1).id])
  })

  test('ids are known per stream', async () => {
    await log().append('a', [eventOf(1)], 'no_stream')
    expect(appended(await log().append('b', [eventOf(1)], 'no_stream')).stored).toEqual([eventOf(1).id])
  })

  test('a long stream remembers its first event (L2)', async () => {
    await log().append('a', eventsOf(0, 1499), 'no_stream')
    await log().append('a', eventsOf(1500, 2999), 1499)
    const result = appended(await log().append('a', [eventOf(0), eventOf(1777)], 2999))
    expect(result.duplicates).toHaveLength(2)
    expect(await log().revisionOf('a')).toBe(2999)
  })
}

function reading(log: () => EventLog): void {
  test('all events, from a position, in either direction, and only so many', async () => {
    await log().append('a', eventsOf(1, 400), 'no_stream')
    await log().append('b', eventsOf(401, 401), 'no_stream')
    await log().append('a', eventsOf(402, 1200), 399)
    const all = await collect(log().readAll())
    expect(numbersOf(all)).toEqual(eventsOf(1, 1200).map(({ data }) => data['number']))
    const backwards = await collect(log().readAll({ direction: 'backwards' }))
    expect(backwards).toEqual(all.toReversed())
    for (const index of [0, 255, 256, 300, 399, 400, 401, 1198, 1199]) {
      const after = all[index]?.position ?? ''
      expect(await collect(log().readAll({ after }))).toEqual(all.slice(index + 1))
      const before = log().readAll({ after, direction: 'backwards' })
      expect(await collect(before)).toEqual(all.slice(0, index).toReversed())
    }
    expect(await collect(log().readAll({ maxEvents: 0 }))).toEqual([])
    expect(await collect(log().readAll({ maxEvents: 700 }))).toEqual(all.slice(0, 700))
    const lastTwo = log().readAll({ maxEvents: 2, direction: 'backwards' })
    expect(await collect(lastTwo)).toEqual(all.slice(-2).toReversed())
  })

  test('one stream, from a revision, in either direction, and only so many', async () => {
    await log().append('a', eventsOf(1, 300), 'no_stream')
    await log().append('ab', eventsOf(1, 3), 'no_stream')
    await log().append('a', eventsOf(301, 310), 299)
    const all = await collect(log().readStream('a'))
    expect(all.map(({ revision }) => revision)).toEqual(Array.from({ length: 310 }, (_, index) => index))
    for (const fromRevision of [0, 1, 255, 256, 299, 300, 309]) {
      expect(await collect(log().readStream('a', { fromRevision }))).toEqual(all.slice(fromRevision))
      const back = log().readStream('a', { fromRevision, direction: 'backwards' })
      expect(await collect(back)).toEqual(all.slice(0, fromRevision + 1).toReversed())
    }
    expect(await collect(log().readStream('a', { fromRevision: 310 }))).toEqual([])
    const lastOne = log().readStream('a', { direction: 'backwards', maxEvents: 1 })
    expect(await collect(lastOne)).toEqual(all.slice(-1))
    expect(await collect(log().readStream('nobody'))).toEqual([])
    expect(await collect(log().readStream('nobody', { direction: 'backwards' }))).toEqual([])
  })
}

function subscribing(log: () => EventLog): void {
  test('catches up, then follows, and ends when the signal aborts', async () => {
    await log().append('a', eventsOf(1, 5), 'no_stream')
    const stop = new AbortController()
    const seen: unknown[] = []
    let writing = Promise.resolve()
    for await (const { events, caughtUp } of log().subscribe({ signal: stop.signal, batchSize: 2 })) {
      expect(events.length).toBeLessThanOrEqual(2)
      seen.push(...numbersOf(events))
      if (seen.length === 5 && caughtUp) {
        writing = log()
          .append('a', eventsOf(6, 8), 4)
          .then(() => undefined)
      }
      if (seen.length === 8 && caughtUp) stop.abort()
    }
    await writing
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('tells once that it is caught up where nothing lies behind the position', async () => {
    const { position } = appended(await log().append('a', eventsOf(1, 5), 'no_stream'))
    const stop = new AbortController()
    const batches = log().subscribe({ after: position, signal: stop.signal })[Symbol.asyncIterator]()
    expect(await batches.next()).toEqual({ done: false, value: { events: [], caughtUp: true } })
    const next = batches.next()
    await log().append('a', [eventOf(6)], 4)
    expect(numbersOf((await next).value?.events ?? [])).toEqual([6])
    const last = batches.next()
    stop.abort()
    expect((await last).done).toBe(true)
  })

  test('a signal that has aborted before yields nothing', async () => {
    await log().append('a', [eventOf(1)], 'no_stream')
    const batches = log().subscribe({ signal: AbortSignal.abort() })[Symbol.asyncIterator]()
    expect((await batches.next()).done).toBe(true)
  })

  test('a reader who pauses gets the rest in batches of the size asked for, and holds up nobody (L1)', async () => {
    const stop = new AbortController()
    const batches = log().subscribe({ signal: stop.signal, batchSize: 10 })[Symbol.asyncIterator]()
    await batches.next()
    await log().append('a', eventsOf(0, 999), 'no_stream')
    await log().append('a', eventsOf(1000, 1024), 999)
    const seen: unknown[] = []
    while (seen.length < 1025) {
      const { events = [], caughtUp } = (await batches.next()).value ?? {}
      seen.push(...numbersOf(events))
      expect(events.length).toBe(seen.length === 1025 ? 5 : 10)
      expect(caughtUp).toBe(seen.length === 1025)
    }
    expect(seen).toEqual(eventsOf(0, 1024).map(({ data }) => data['number']))
    stop.abort()
  })

  test('no event is missed or seen twice while writers and readers run together (L1)', async () => {
    const calls = 60
    const stop = new AbortController()
    const follow = async (): Promise<RecordedEvent[]> => {
      const seen: RecordedEvent[] = []
      for await (const { events } of log().subscribe({ signal: stop.signal, batchSize: 7 })) {
        seen.push(...events)
        if (seen.length === 3 * calls * 2) break
      }
      return seen
    }
    const write = async (stream: string, base: number) => {
      let expected: ExpectedRevision = 'no_stream'
      for (let call = 0; call < calls; call += 1) {
        const events = eventsOf(base + 2 * call, base + 2 * call + 1)
        expected = appended(await log().append(stream, events, expected)).revision
      }
    }
    const readers = [follow(), follow()]
    await Promise.all([write('a', 0), write('b', 10_000), write('c', 20_000)])
    const all = await collect(log().readAll())
    expect(all).toHaveLength(3 * calls * 2)
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(all)
  })
}

function closing(log: () => EventLog): void {
  test('closing keeps what was being appended, ends subscriptions and refuses what comes later', async () => {
    const waiting = log().subscribe({ signal: new AbortController().signal })[Symbol.asyncIterator]()
    await waiting.next()
    const end = waiting.next()
    const append = log().append('a', [eventOf(1)], 'no_stream')
    await log().close()
    expect((await append).kind).toBe('appended')
    // The event may still be seen, but then comes the end.
    const last = await end
    expect(last.done === true || (await waiting.next()).done).toBe(true)
    await expect(log().append('a', [eventOf(2)], 0)).rejects.toBeInstanceOf(LogUnavailableError)
    await log().close()
  })
}

interface ModelCall {
  readonly stream: string
  readonly numbers: readonly number[]
  readonly expectation: 'right' | 'none' | 'wrong'
}

const modelCall: fc.Arbitrary<ModelCall> = fc.record({
  stream: fc.constantFrom('a', 'b', 'c'),
  numbers: fc.uniqueArray(fc.nat(40), { maxLength: 6 }),
  expectation: fc.constantFrom('right', 'right', 'right', 'none', 'wrong'),
})

function againstModel(open: () => Promise<EventLog>): void {
  test('any sequence of calls leaves what a plain list would hold (L2, L3)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(modelCall, { maxLength: 25 }), async (calls) => {
        const log = await open()
        try {
          const model: { stream: string; number: number }[] = []
          for (const call of calls) await playCall(log, model, call)
          const all = await collect(log.readAll())
          expect(all.map(({ stream, data }) => ({ stream, number: data['number'] }))).toEqual(model)
          for (const stream of ['a', 'b', 'c']) {
            const own = await collect(log.readStream(stream))
            expect(own).toEqual(all.filter((event) => event.stream === stream))
            expect(own.map(({ revision }) => revision)).toEqual(own.map((_, index) => index))
          }
        } finally {
          await log.close()
        }
      }),
      { seed: 20_260_301, numRuns: 25 },
    )
  })
}

async function playCall(log: EventLog, model: { stream: string; number: number }[], call: ModelCall) {
  const { stream, numbers, expectation } = call
  const held = model.filter((event) => event.stream === stream)
  const actual: ExpectedRevision = held.length === 0 ? 'no_stream' : held.length - 1
  const wanted = { right: actual, none: 'no_stream', wrong: held.length + 7 } as const
  const fresh = numbers.filter((number) => !held.some((event) => event.number === number))
  const result = await log.append(
    stream,
    numbers.map((number) => eventOf(number)),
    wanted[expectation],
  )
  if (fresh.length > 0 && wanted[expectation] !== actual) {
    expect(result).toEqual({ kind: 'wrong-revision', actual })
    return
  }
  model.push(...fresh.map((number) => ({ stream, number })))
  expect(appended(result).stored).toEqual(fresh.map((number) => eventOf(number).id))
  expect(appended(result).revision).toBe(held.length + fresh.length - 1)
}
