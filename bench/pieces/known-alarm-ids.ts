import { createKnownIds } from '../../src/event-log/known-ids.ts'
import { defaultEventStoreLimits, type EventStoreLimits } from '../../src/event-log/eventstore-limits.ts'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { inBatches, takeOf } from '../distributed/city-inputs.ts'
import { startEsdb } from '../distributed/esdb-to-bench.ts'
import type { Piece, PieceOptions } from '../piece.ts'
import { toRow, type Row } from '../row.ts'

const sizes = [1_000_000, 20_000_000]
/** A `Set` takes no more than 2^24 values. */
const mostInASet = 16_777_216
/** Alarms of one append. */
const callIds = 500
const lookedUp = 100_000
/** What an event may cost where 10,000 a second are stored. */
const budgetMicros = 100
const fullStored = 1_000_000
const usualStored = 100_000

/** (i): alarms against all the ids of their day: loading them, holding them, asking them at each append. */
export const knownAlarmIds: Piece = async (options) => {
  const rows: Row[] = []
  for (const size of sizes) {
    options.say(`${size} ids`)
    rows.push(...heldIds(size))
  }
  rows.push(...(await loadedFromServer(options)))
  return rows
}

interface Held {
  readonly seconds: number
  readonly longestMs: number
  readonly bytes: number
  readonly askMicros: number
}

function heldIds(size: number): readonly Row[] {
  const ours = measure(size, () => {
    const known = createKnownIds()
    return { add: (id, revision) => known.add(id, revision), has: (id) => known.revisionsOf(id).length > 0 }
  })
  const set =
    size > mostInASet
      ? undefined
      : measure(size, () => {
          const known = new Set<string>()
          return { add: (id) => known.add(id), has: (id) => known.has(id) }
        })
  const peerOf = (value: (held: Held) => number) =>
    set === undefined ? null : { name: 'a Set of strings', value: value(set) }
  const millions = size / 1e6
  const limit: keyof EventStoreLimits = 'maxKnownIds'
  const note = `ids drawn from a seed, not read from a server; all streams together hold at most ${defaultEventStoreLimits[limit]} (${limit})${set === undefined ? '; a Set of strings cannot hold so many' : ''}`
  return [
    toRow({
      name: `i ids of a day taken up, ${millions}M`,
      unit: 'ids/s',
      value: size / ours.seconds,
      peer: peerOf(({ seconds }) => size / seconds),
      note: `${note}; with making the ids`,
    }),
    toRow({
      name: `i the longest that ${callIds} ids held everything up, ${millions}M`,
      unit: 'ms',
      value: ours.longestMs,
      peer: peerOf(({ longestMs }) => longestMs),
      note: `${note}; of processor time, which other programs do not lengthen, the garbage collector's threads included`,
    }),
    toRow({
      name: `i memory held, ${millions}M`,
      unit: 'MB',
      value: ours.bytes / 1e6,
      peer: peerOf(({ bytes }) => bytes / 1e6),
      note,
    }),
    toRow({
      name: `i de-duplicating one alarm of an append, ${millions}M`,
      unit: 'µs',
      value: ours.askMicros,
      peer: { name: 'what an event may cost at 10,000 a second', value: budgetMicros },
      mostRatio: 0.1,
      note: `${note}; ${lookedUp} ids not known before, asked and then added, as an append does`,
    }),
  ]
}

interface Known {
  add(id: string, revision: number): unknown
  has(id: string): boolean
}

function measure(size: number, create: () => Known): Held {
  global.gc?.()
  const emptyBytes = heldBytes()
  const nextId = idMaker()
  const known = create()
  let longestMs = 0
  const startedMs = performance.now()
  for (let first = 0; first < size; first += callIds) {
    const ids = Array.from({ length: callIds }, nextId)
    const before = process.cpuUsage()
    ids.forEach((id, at) => known.add(id, first + at))
    const { user, system } = process.cpuUsage(before)
    longestMs = Math.max(longestMs, (user + system) / 1000)
  }
  const seconds = (performance.now() - startedMs) / 1000
  global.gc?.()
  const bytes = heldBytes() - emptyBytes
  const fresh = Array.from({ length: lookedUp }, nextId)
  const askedMs = performance.now()
  let found = 0
  fresh.forEach((id, at) => {
    if (known.has(id)) found += 1
    known.add(id, size + at)
  })
  const askMicros = ((performance.now() - askedMs) * 1000) / lookedUp
  if (found > lookedUp / 1000) throw new Error(`${found} ids were taken for known`)
  return { seconds, longestMs, bytes, askMicros }
}

function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** UUIDs, always the same ones: 64 bits of each from a xorshift generator (Marsaglia 2003). */
function idMaker(): () => string {
  let state = 0x2545f491
  const word = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0).toString(16).padStart(8, '0')
  }
  return () => `${word()}-0000-5000-8000-0000${word()}`
}

/** The first append to a stream that holds much already reads all its ids; later ones none. */
async function loadedFromServer({ full, say }: PieceOptions): Promise<readonly Row[]> {
  const size = full ? fullStored : usualStored
  const server = await startEsdb()
  const open = () => openEventStoreLog({ connectionString: server.connectionString, prefix: server.prefix })
  const stream = 'alarms-bench-day'
  try {
    say(`a day of ${size} alarms in ${server.name}`)
    const [next, ...rest] = inBatches(takeOf(['AlarmRaised', 'AlarmCleared'], size + callIds), callIds, 'nms')
    if (next === undefined) throw new Error('the city has no alarms')
    const before = await open()
    let last = -1
    for (const batch of rest) {
      const result = await before.append(stream, batch, last === -1 ? 'no_stream' : last)
      if (result.kind === 'appended') last = result.revision
    }
    await before.close()
    say('the first append of a new process, and the next')
    const log = await open()
    const startedMs = performance.now()
    const [known] = rest
    await log.append(stream, known ?? [], last)
    const firstSeconds = (performance.now() - startedMs) / 1000
    const againMs = performance.now()
    await log.append(stream, next, last)
    const laterMs = performance.now() - againMs
    await log.close()
    const note = `${server.name}; a stream of ${last + 1} alarms; one run${full ? '' : ` (--full: ${fullStored})`}`
    return [
      toRow({
        name: 'i ids of a day read from the server',
        unit: 'ids/s',
        value: (last + 1) / firstSeconds,
        note,
      }),
      toRow({ name: `i an append of ${callIds} alarms after that`, unit: 'ms', value: laterMs, note }),
    ]
  } finally {
    await server.stop()
  }
}
