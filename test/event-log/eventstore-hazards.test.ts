import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  DamagedRecordError,
  LogUnavailableError,
  type AppendResult,
  type EventLog,
  type RecordedEvent,
} from '../../src/event-log/event-log.ts'
import { openEventStoreLog, type EventStoreLogOptions } from '../../src/event-log/eventstore-log.ts'
import { until } from '../pipeline/until.ts'
import type { Fault } from './esdb-stand-in/faults.ts'
import { startStandIn, type StandIn } from './esdb-stand-in/stand-in.ts'
import { collect, eventOf, eventsOf } from './made-events.ts'

/** Short enough for tests, long enough for a busy machine. */
const times = { callTimeoutMs: 1_000, retryForMs: 3_000, firstRetryMs: 10, maxRetryMs: 100, silenceMs: 300 }

let standIn: StandIn
let opened: EventLog[]
beforeEach(async () => {
  standIn = await startStandIn()
  opened = []
})
afterEach(async () => {
  standIn.wire.thaw()
  for (const log of opened) await log.close()
  await standIn.close()
})

async function openLog(options: Partial<EventStoreLogOptions> = {}): Promise<EventLog> {
  const log = await openEventStoreLog({ connectionString: standIn.connectionString, ...times, ...options })
  opened.push(log)
  return log
}

const idsOf = (first: number, last: number) => eventsOf(first, last).map(({ id }) => id)
/** What so many pauses come to that double each time, less what timers may be early. */
const growingPausesMs = (firstMs: number, pauses: number) => firstMs * (2 ** pauses - 1) - 2 * pauses
const storedNumbers = () =>
  standIn.store.all
    .filter(({ stream }) => stream.startsWith('causeway:'))
    .map(({ data }) => (JSON.parse(Buffer.from(data).toString()) as { number: number }).number)

function positionOf(result: AppendResult): string {
  if (result.kind !== 'appended') throw new Error(`not appended: ${JSON.stringify(result)}`)
  return result.position
}

describe('an append whose outcome is open', () => {
  test.each<Fault>(['lost-after', 'silent-after', 'half-closed-after', 'answered-twice'])(
    'is sent again with the same ids and revision, stored once and acknowledged with its place: %s (L1, L2)',
    async (fault) => {
      const log = await openLog()
      await log.append('a', [eventOf(1)], 'no_stream')
      standIn.faults.next('append', fault)
      const result = await log.append('a', eventsOf(2, 3), 0)
      expect(result).toMatchObject({ kind: 'appended', revision: 2, stored: idsOf(2, 3), duplicates: [] })
      expect(storedNumbers()).toEqual([1, 2, 3])
      expect(positionOf(result)).toBe(await log.head())
    },
  )

  test('is told to the caller when the server stays away, and the same call made again tells (L1, L2)', async () => {
    const log = await openLog({ retryForMs: 0 })
    await log.append('a', [eventOf(1)], 'no_stream')
    standIn.faults.next('append', 'silent-after', 'silent')
    await expect(log.append('a', eventsOf(2, 3), 0)).rejects.toBeInstanceOf(LogUnavailableError)
    await expect(log.append('a', [eventOf(4)], 2)).rejects.toBeInstanceOf(LogUnavailableError)
    expect(await log.append('a', eventsOf(2, 4), 2)).toMatchObject({
      stored: idsOf(4, 4),
      duplicates: idsOf(2, 3),
      revision: 3,
    })
    expect(storedNumbers()).toEqual([1, 2, 3, 4])
  })

  test('is not taken for stored when the same id comes again with other content (L2)', async () => {
    const log = await openLog({ retryForMs: 0 })
    await log.append('a', [eventOf(1)], 'no_stream')
    standIn.faults.next('append', 'silent-after')
    await expect(log.append('a', [eventOf(2)], 0)).rejects.toBeInstanceOf(LogUnavailableError)
    const other = eventOf(2, { more: true })
    expect(await log.append('a', [other], 0)).toMatchObject({ differing: [other.id], stored: [] })
  })

  test('does not come twice where the server was frozen with it in hand (L1, L2)', async () => {
    const log = await openLog()
    await log.append('a', [eventOf(1)], 'no_stream')
    standIn.wire.freeze()
    const appending = log.append('a', eventsOf(2, 3), 0)
    await until(() => standIn.wire.connections() > 1)
    standIn.wire.thaw()
    expect(await appending).toMatchObject({ kind: 'appended', revision: 2 })
    expect(storedNumbers()).toEqual([1, 2, 3])
  })
})

describe('a server that is away', () => {
  test.each<Fault>(['not-leader', 'starting', 'shutting-down'])(
    'is borne with by every call: %s',
    async (fault) => {
      const log = await openLog()
      standIn.faults.next('append', fault)
      expect(await log.append('a', eventsOf(1, 2), 'no_stream')).toMatchObject({ stored: idsOf(1, 2) })
      standIn.faults.next('read', fault, fault)
      expect(await log.revisionOf('a')).toBe(1)
      standIn.faults.next('read', fault)
      expect(await collect(log.readStream('a'))).toHaveLength(2)
      standIn.faults.next('read', fault)
      expect(await collect(log.readAll())).toHaveLength(2)
      expect(storedNumbers()).toEqual([1, 2])
    },
  )

  test('is pressed less and less: the pauses between calls grow', async () => {
    const firstRetryMs = 20
    const log = await openLog({ firstRetryMs, maxRetryMs: 10_000 })
    standIn.faults.next('append', 'starting', 'starting', 'starting', 'starting', 'starting')
    const startedMs = performance.now()
    expect(await log.append('a', [eventOf(1)], 'no_stream')).toMatchObject({ stored: idsOf(1, 1) })
    expect(performance.now() - startedMs).toBeGreaterThan(growingPausesMs(firstRetryMs, 5))
  })

  test('that refuses connections is tried again until it is back', async () => {
    const log = await openLog()
    await log.append('a', [eventOf(1)], 'no_stream')
    await standIn.wire.takeDown()
    const appending = log.append('a', [eventOf(2)], 0)
    const reading = collect(log.readStream('a', { maxEvents: 1 }))
    await standIn.wire.bringUp()
    expect(await appending).toMatchObject({ stored: idsOf(2, 2) })
    expect(await reading).toHaveLength(1)
  })

  test('for longer than it is borne with fails calls with what to do, and no password (S1)', async () => {
    const connectionString = standIn.connectionString.replace('://', '://admin:changeit@')
    const log = await openLog({ connectionString, retryForMs: 100 })
    await standIn.wire.takeDown()
    const calls = [
      () => log.append('a', [eventOf(1)], 'no_stream'),
      () => log.revisionOf('a'),
      () => log.head(),
    ]
    for (const call of calls) {
      const failure = await call().catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(LogUnavailableError)
      expect(String(failure)).toMatch(/EventStoreDB at esdb:\/\/127.0.0.1:\d+.* is away .*send again later/)
      expect(String(failure)).not.toContain('changeit')
    }
    await expect(collect(log.readAll())).rejects.toBeInstanceOf(LogUnavailableError)
  })

  test.each<[string, (log: EventLog) => Promise<unknown>]>([
    ['append', (log) => log.append('a', [eventOf(1)], 'no_stream')],
    ['revisionOf', (log) => log.revisionOf('a')],
    ['head', (log) => log.head()],
    ['readAll', (log) => collect(log.readAll())],
  ])('and frozen keeps no caller waiting: %s', async (_, call) => {
    // Two hosts make the client ask which of them leads, on which it sets no time limit of its own.
    const twoHosts = standIn.connectionString.replace('?', `,127.0.0.1:${standIn.wire.port}?`)
    for (const connectionString of [standIn.connectionString, twoHosts]) {
      const log = await openLog({ connectionString, retryForMs: 0 })
      standIn.wire.freeze()
      await expect(call(log)).rejects.toBeInstanceOf(LogUnavailableError)
      standIn.wire.thaw()
    }
  })

  test('in the middle of a read does not end it, nor repeat or lose an event', async () => {
    const log = await openLog({ callTimeoutMs: 5_000, retryForMs: 20_000 })
    await log.append('a', eventsOf(0, 599), 'no_stream')
    await log.append('b', [eventOf(600)], 'no_stream')
    for (const direction of ['forwards', 'backwards'] as const) {
      const seen: RecordedEvent[] = []
      for await (const batch of log.readAll({ direction })) {
        if (seen.length < 200) standIn.wire.drop()
        seen.push(...batch)
      }
      const numbers = seen.map(({ data }) => data['number'])
      const all = eventsOf(0, 600).map(({ data }) => data['number'])
      expect(numbers).toEqual(direction === 'forwards' ? all : all.toReversed())
    }
  })

  test('that ends a read of all before its end does not make it whole', async () => {
    const log = await openLog()
    await log.append('a', eventsOf(1, 3), 'no_stream')
    standIn.faults.next('subscribe', 'ended', 'half-closed-after')
    expect(await collect(log.readAll())).toHaveLength(3)
  })

  test('that refuses the credentials is not tried again', async () => {
    const log = await openLog()
    standIn.faults.next('append', 'denied')
    await expect(log.append('a', [eventOf(1)], 'no_stream')).rejects.toThrow(/credentials/)
    expect(standIn.calls.append).toBe(1)
  })
})

describe('a subscription', () => {
  /** Follows until it has seen so many events; `onBatch` is called after each batch. */
  async function follow(log: EventLog, count: number, onBatch: (seen: number) => Promise<void> | void) {
    const numbers: unknown[] = []
    const stop = new AbortController()
    for await (const { events } of log.subscribe({ signal: stop.signal, batchSize: 3 })) {
      numbers.push(...events.map(({ data }) => data['number']))
      await onBatch(numbers.length)
      if (numbers.length >= count) stop.abort()
    }
    return numbers
  }

  test.each(['drop', 'halfClose'] as const)(
    'goes on behind the last event handled when its connection breaks, again and again: %s',
    async (breakWire) => {
      const log = await openLog()
      await log.append('a', eventsOf(0, 99), 'no_stream')
      const numbers = await follow(log, 100, (seen) => {
        if (seen % 12 === 0) standIn.wire[breakWire]()
      })
      expect(numbers).toEqual(eventsOf(0, 99).map(({ data }) => data['number']))
    },
  )

  test.each<Fault>(['ended', 'silent', 'starting', 'lost-after', 'not-leader'])(
    'begins again where the server does not serve it: %s',
    async (fault) => {
      const troubles: unknown[] = []
      const log = await openLog({ onTrouble: (error) => troubles.push(error) })
      await log.append('a', eventsOf(0, 2), 'no_stream')
      standIn.faults.next('subscribe', fault, fault)
      expect(await follow(log, 3, () => {})).toEqual([0, 1, 2])
      expect(troubles).toHaveLength(2)
      expect(troubles[0]).toBeInstanceOf(LogUnavailableError)
    },
  )

  test('is begun again after pauses that grow, lest a server in trouble be pressed', async () => {
    const firstRetryMs = 20
    const log = await openLog({ firstRetryMs, maxRetryMs: 10_000 })
    await log.append('a', eventsOf(0, 2), 'no_stream')
    standIn.faults.next('subscribe', 'starting', 'starting', 'starting', 'starting', 'starting')
    const startedMs = performance.now()
    expect(await follow(log, 3, () => {})).toEqual([0, 1, 2])
    expect(performance.now() - startedMs).toBeGreaterThan(growingPausesMs(firstRetryMs, 5))
  })

  test('that has died unseen while others write is found out by its silence', async () => {
    const log = await openLog()
    const other = await openLog({ prefix: 'causeway', silenceMs: 60_000 })
    await log.append('a', [eventOf(0)], 'no_stream')
    let caughtUpOnce = false
    const following = follow(log, 2, () => {
      caughtUpOnce = true
    })
    await until(() => caughtUpOnce)
    // The server forgets the subscription and says nothing.
    standIn.muteSubscriptions()
    await other.append('b', [eventOf(1)], 'no_stream')
    expect(await following).toEqual([0, 1])
  })

  test('waits while the server passes over what others have stored, and gives it time', async () => {
    const troubles: unknown[] = []
    const log = await openLog({ callTimeoutMs: 500, onTrouble: (error) => troubles.push(error) })
    for (let number = 0; number < 9; number += 1) {
      await log.append('a', [eventOf(number)], number === 0 ? 'no_stream' : number - 1)
    }
    await (await openLog({ prefix: 'neighbour' })).append('a', eventsOf(0, 19), 'no_stream')
    await log.append('b', [eventOf(9)], 'no_stream')
    standIn.passOverMs = 40
    expect(await follow(log, 10, () => {})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(await collect(log.readAll())).toHaveLength(10)
    expect(troubles).toEqual([])
  })

  test('holds the server up while its reader pauses, and memory stays bounded', async () => {
    const [log, other] = [await openLog(), await openLog({ callTimeoutMs: 10_000 })]
    const stored = 12_000
    for (let first = 0; first < stored; first += 2_000) {
      const padded = eventsOf(first, first + 1_999).map((event) => ({
        ...event,
        data: { pad: '.'.repeat(200) },
      }))
      await log.append('a', padded, first === 0 ? 'no_stream' : first - 1)
    }
    const stop = new AbortController()
    const batches = log.subscribe({ signal: stop.signal, batchSize: 10 })[Symbol.asyncIterator]()
    await batches.next()
    // By the time that others have read all, one who did not hold up the server would have it all too.
    expect(await collect(other.readStream('a'))).toHaveLength(stored)
    expect(standIn.sent).toBeLessThan(stored / 2)
    stop.abort()
    await batches.next()
  })

  test('survives a server that is away for longer than calls bear with', async () => {
    const log = await openLog({ retryForMs: 50 })
    await log.append('a', eventsOf(0, 5), 'no_stream')
    let hasBeenDown = false
    const numbers = await follow(log, 6, async (seen) => {
      if (seen < 3 || hasBeenDown) return
      hasBeenDown = true
      await standIn.wire.takeDown()
      setTimeout(() => void standIn.wire.bringUp(), 400)
    })
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('others in the same server', () => {
  test('who write to the same stream are noticed: their ids are known, their revision is told (L2)', async () => {
    const [mine, theirs] = [await openLog(), await openLog()]
    await mine.append('a', [eventOf(1)], 'no_stream')
    await theirs.append('a', eventsOf(2, 3), 0)
    // Every process follows the log, so it has heard of what others wrote.
    await mine.head()
    expect(await mine.append('a', [eventOf(2)], 0)).toMatchObject({ duplicates: idsOf(2, 2) })
    await theirs.append('a', [eventOf(4)], 2)
    expect(await mine.append('a', [eventOf(5)], 2)).toEqual({ kind: 'wrong-revision', actual: 3 })
    expect(await mine.append('a', eventsOf(4, 5), 3)).toMatchObject({
      duplicates: idsOf(4, 4),
      stored: idsOf(5, 5),
    })
    await theirs.append('a', [eventOf(6)], 4)
    expect(await mine.append('a', [eventOf(7)], 5)).toMatchObject({ stored: idsOf(7, 7), revision: 6 })
    expect(storedNumbers()).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('who come in between while an append is under way are noticed too (L2)', async () => {
    const [mine, theirs] = [await openLog(), await openLog()]
    await mine.append('a', [eventOf(1)], 'no_stream')
    standIn.intrusions.push(() => standIn.copyEvent('causeway:a', eventOf(2)))
    expect(await mine.append('a', eventsOf(2, 3), 0)).toEqual({ kind: 'wrong-revision', actual: 1 })
    expect(await mine.append('a', eventsOf(2, 3), 1)).toMatchObject({
      duplicates: idsOf(2, 2),
      stored: idsOf(3, 3),
    })
    expect(await collect(theirs.readStream('a'))).toHaveLength(3)
  })

  test('and the server itself are not seen, whatever their streams are called', async () => {
    const log = await openLog()
    const neighbour = await openLog({ prefix: 'causeway-2' })
    await neighbour.append('a', [eventOf(9)], 'no_stream')
    expect(await log.head()).toBeUndefined()
    await log.append('a', [eventOf(1)], 'no_stream')
    const head = await log.head()
    await neighbour.append('a', [eventOf(8)], 0)
    expect(await log.head()).toBe(head)
    expect((await collect(log.readAll())).map(({ data }) => data['number'])).toEqual([1])
    expect(standIn.store.all.some(({ stream }) => stream.startsWith('$'))).toBe(true)
  })
})

describe('what lies in the server', () => {
  test('is read as JSON, though the client gives it as text or bytes', async () => {
    const log = await openLog()
    await log.append('a', [eventOf(1, { 站: '白马花园' })], 'no_stream')
    standIn.rewrite = (event) => ({ ...event, contentType: 'application/octet-stream' })
    expect((await collect(log.readAll()))[0]?.data).toEqual({ number: 1, 站: '白马花园' })
  })

  test('and is broken, or none of ours, is named by its position', async () => {
    const log = await openLog()
    const position = positionOf(await log.append('a', [eventOf(1)], 'no_stream'))
    for (const broken of [
      { data: Buffer.from('{"number":') },
      { data: Buffer.from('7') },
      { metadata: Buffer.from('{}') },
    ]) {
      standIn.rewrite = (event) => ({ ...event, ...broken })
      const failure = await collect(log.readAll()).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(DamagedRecordError)
      expect(failure).toMatchObject({ position })
    }
  })

  test('under an id in another spelling is known, and comes back as it was sent (L2)', async () => {
    const log = await openLog()
    const shouted = { ...eventOf(0xabc), id: eventOf(0xabc).id.toUpperCase() }
    await log.append('a', [shouted], 'no_stream')
    expect((await collect(log.readAll()))[0]?.id).toBe(shouted.id)
    const again = await (await openLog()).append('a', [eventOf(0xabc)], 0)
    expect(again).toMatchObject({ duplicates: [eventOf(0xabc).id], stored: [] })
  })

  test('under an id that only looks the same at a glance is told apart (L2)', async () => {
    const log = await openLog()
    const alike = { ...eventOf(1), id: eventOf(1).id.replace('-5000-', '-5001-') }
    await log.append('a', [eventOf(1)], 'no_stream')
    expect(await log.append('a', [alike], 0)).toMatchObject({ stored: [alike.id] })
    expect(await log.append('a', [alike, eventOf(1)], 1)).toMatchObject({
      duplicates: [alike.id, eventOf(1).id],
    })
  })
})

describe('limits', () => {
  const sized = (number: number, characters: number, text = 'x') =>
    eventOf(number, { text: text.repeat(characters) })

  test('a call just below what the server takes is stored whole, a larger one is refused whole (L1)', async () => {
    const log = await openLog()
    const large = [1, 2, 3, 4].map((number) => sized(number, 240_000))
    expect(await log.append('a', large, 'no_stream')).toMatchObject({ stored: idsOf(1, 4) })
    const tooLarge = [5, 6, 7, 8].map((number) => sized(number, 255_000))
    await expect(log.append('a', tooLarge, 3)).rejects.toMatchObject({
      reason: 'call-too-large',
      message: expect.stringMatching(/maxAppendBytes.*several calls/) as string,
    })
    // As ASCII this would be beyond the limit; the server counts UTF-8.
    const chinese = [5, 6, 7, 8].map((number) => sized(number, 43_000, '停'))
    expect(await log.append('b', [...chinese, sized(9, 100_000)], 'no_stream')).toMatchObject({ revision: 4 })
    expect(storedNumbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('what the server finds too large is refused, not tried again', async () => {
    const log = await openLog({ maxAppendBytes: 2_000_000 })
    const tooLarge = [1, 2, 3, 4, 5].map((number) => sized(number, 250_000))
    await expect(log.append('a', tooLarge, 'no_stream')).rejects.toMatchObject({ reason: 'call-too-large' })
    expect(standIn.calls.append).toBe(1)
    expect(await log.append('a', [eventOf(1)], 'no_stream')).toMatchObject({ stored: idsOf(1, 1) })
  })

  test('the ids of a stream are read once, and again only where they were forgotten (L2)', async () => {
    const before = await openLog()
    for (const stream of ['a', 'b', 'c']) await before.append(stream, eventsOf(1, 3), 'no_stream')
    const log = await openLog({ maxKnownStreams: 2 })
    await log.append('a', [eventOf(4)], 2)
    const reads = standIn.calls.read
    for (let number = 5; number < 15; number += 1) await log.append('a', [eventOf(number)], number - 2)
    expect(standIn.calls.read).toBe(reads)
    for (const stream of ['b', 'c']) await log.append(stream, [eventOf(4)], 2)
    expect(await log.append('a', eventsOf(1, 15), 13)).toMatchObject({
      duplicates: idsOf(1, 14),
      stored: idsOf(15, 15),
    })
  })
})

describe('the client', () => {
  test('is one for all logs of a process, and closed with the last of them', async () => {
    const logs = await Promise.all(['x', 'y', 'z'].map((prefix) => openLog({ prefix })))
    for (const log of logs) await log.append('a', [eventOf(1)], 'no_stream')
    expect(standIn.clients.size).toBe(1)
    for (const log of logs) await log.close()
    await until(() => standIn.wire.connections() === 0)
  })

  test('never takes the way to append on which an answer that comes late ends the process', async () => {
    const log = await openLog()
    await log.append('a', eventsOf(1, 3), 'no_stream')
    expect(standIn.calls).toMatchObject({ append: 1, batchAppend: 0 })
  })

  test('that is stuck is replaced, for all who use it', async () => {
    const [log, other] = [await openLog(), await openLog({ prefix: 'other' })]
    await log.append('a', [eventOf(1)], 'no_stream')
    standIn.faults.next('append', 'silent')
    expect(await log.append('a', [eventOf(2)], 0)).toMatchObject({ kind: 'appended' })
    expect(await other.append('a', [eventOf(1)], 'no_stream')).toMatchObject({ kind: 'appended' })
    await until(() => standIn.wire.connections() === 1)
  })

  test('that is replaced ends no read, and none is taken for whole that it cut short', async () => {
    const [log, other] = [await openLog(), await openLog({ prefix: 'other' })]
    for (let first = 0; first < 3_000; first += 500) {
      await log.append('a', eventsOf(first, first + 499), first === 0 ? 'no_stream' : first - 1)
    }
    let seen = 0
    for await (const batch of log.readStream('a')) {
      if (seen === 0) {
        standIn.faults.next('append', 'silent')
        await other.append('a', [eventOf(1)], 'no_stream')
      }
      seen += batch.length
    }
    expect(seen).toBe(3_000)
  })

  test('does not end the process when the line of a read breaks that nobody listens to any longer', async () => {
    const log = await openLog({ callTimeoutMs: 5_000 })
    await log.append('a', eventsOf(0, 2999), 'no_stream')
    for await (const batch of log.readAll()) if (batch.length > 0) break
    standIn.wire.drop()
    expect(await log.append('a', [eventOf(3000)], 2999)).toMatchObject({ kind: 'appended' })
  })

  test('works over a slow line', async () => {
    const log = await openLog()
    standIn.wire.slowDown(40)
    await log.append('a', eventsOf(0, 9), 'no_stream')
    expect(await collect(log.readAll())).toHaveLength(10)
  })

  test('is not made of a setting that cannot be used, and the setting is not repeated with its password (S1)', async () => {
    for (const connectionString of [
      'esdb://admin:changeit@[::',
      'esdb://admin:changeit@h?userCertFile=/no/such',
    ]) {
      const failure = await openLog({ connectionString }).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(LogUnavailableError)
      expect(String(failure)).not.toContain('changeit')
    }
  })
})
