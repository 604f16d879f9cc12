import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { LogUnavailableError, type EventLog, type RecordedEvent } from '../../src/event-log/event-log.ts'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { collect, eventOf } from '../event-log/made-events.ts'
import { expectWholeCalls } from './expect-whole-calls.ts'
import { hostsOf, leaderOf } from './leader-of.ts'

/*
 * Kills the leader of a real cluster while it is written to. `CAUSEWAY_TEST_ESDB` names the nodes, without TLS, and
 * `CAUSEWAY_TEST_ESDB_BOUNCE` a program that is called with the leader's `host:port`, kills that node with SIGKILL and
 * starts it again.
 */
const server = process.env['CAUSEWAY_TEST_ESDB'] ?? ''
const bounce = process.env['CAUSEWAY_TEST_ESDB_BOUNCE'] ?? ''
const isPossible = server !== '' && bounce !== ''
if (!isPossible) {
  console.warn(
    'skipped: killing the leader of an EventStoreDB cluster, because CAUSEWAY_TEST_ESDB or CAUSEWAY_TEST_ESDB_BOUNCE is not set',
  )
}

const rounds = 3
const writers = 4
const maxCallEvents = 200
/** Calls that every writer must have acknowledged before the next kill, and after the last. */
const callsBetween = 30
const betweenMs = 120_000
const lookMs = 50

/** Leaves the processor to the nodes meanwhile, unlike a look at every turn. */
async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + betweenMs
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`still not so after ${betweenMs} ms: ${String(condition)}`)
    await pause(lookMs)
  }
}

interface Writing {
  readonly stream: string
  /** The last acknowledged revision. */
  acknowledged: number
  calls: number
  /** Calls that were told that the server is away, and were made again. */
  told: number
  longestMs: number
}

async function writeUntil(log: EventLog, writing: Writing, index: number, isOver: () => boolean) {
  for (let next = 0; !isOver();) {
    const size = 1 + ((writing.calls * 7919 + index * 104_729) % maxCallEvents)
    const events = Array.from({ length: size }, (_, offset) =>
      eventOf(index * 1e8 + next + offset, { callFirst: next, callSize: size }),
    )
    const startedMs = performance.now()
    try {
      const result = await log.append(writing.stream, events, next === 0 ? 'no_stream' : next - 1)
      if (result.kind !== 'appended') throw new Error(`${writing.stream} moved to ${result.actual}`)
      expect(result.revision).toBe(next + size - 1)
      next += size
      writing.acknowledged = result.revision
      writing.calls += 1
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error
      writing.told += 1
    }
    writing.longestMs = Math.max(writing.longestMs, performance.now() - startedMs)
  }
}

test.runIf(isPossible)(
  `the leader of a cluster killed ${rounds} times under load: nothing acknowledged is lost, nothing comes twice, followers miss nothing (L1, L2)`,
  { timeout: 900_000 },
  async () => {
    const log = await openEventStoreLog({ connectionString: server, prefix: `test-${randomUUID()}` })
    const followed: RecordedEvent[] = []
    const stop = new AbortController()
    const following = (async () => {
      for await (const { events } of log.subscribe({ signal: stop.signal })) followed.push(...events)
    })()
    let isOver = false
    const writings = Array.from({ length: writers }, (_, index): Writing => {
      return { stream: `stream-${index}`, acknowledged: -1, calls: 0, told: 0, longestMs: 0 }
    })
    const writing = writings.map((one, index) => writeUntil(log, one, index, () => isOver))
    // A writer that fails ends the waiting.
    let failure: unknown
    for (const one of writing) one.catch((error: unknown) => (failure = error))
    const goesOn = async () => {
      const before = writings.map(({ calls }) => calls)
      const moved = () => writings.every(({ calls }, index) => calls >= (before[index] ?? 0) + callsBetween)
      await until(() => failure !== undefined || moved())
      if (failure !== undefined) throw failure
    }
    const killed: string[] = []
    try {
      await goesOn()
      for (let round = 0; round < rounds; round += 1) {
        const leader = await leaderOf(hostsOf(server))
        if (leader === undefined) throw new Error(`none of ${server} knows a leader: is it a cluster?`)
        killed.push(leader)
        await promisify(execFile)(bounce, [leader])
        await goesOn()
      }
    } finally {
      isOver = true
      await Promise.allSettled(writing)
    }

    const all = await collect(log.readAll())
    for (const { stream, acknowledged } of writings) {
      const events = await collect(log.readStream(stream))
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, index) => index))
      expect(events.at(acknowledged)?.revision).toBe(acknowledged)
      expectWholeCalls(stream, events)
      expect(all.filter((event) => event.stream === stream)).toEqual(events)
    }
    expect(new Set(all.map(({ stream, id }) => `${stream} ${id}`)).size).toBe(all.length)
    await until(() => followed.length >= all.length)
    stop.abort()
    await following
    expect(followed).toEqual(all)
    console.info(
      `${all.length} events in ${writings.reduce((sum, { calls }) => sum + calls, 0)} calls; killed ${killed.join(', ')}; the longest call took ${Math.round(Math.max(...writings.map(({ longestMs }) => longestMs)))} ms, ${writings.reduce((sum, { told }) => sum + told, 0)} were told to send again`,
    )
    await log.close()
  },
)
