import { EventStoreDBClient, jsonEvent, streamNameFilter, START } from '@eventstore/db-client'
import type { Event } from '../../schemas/event.ts'
import { decisionStream } from '../../schemas/stream.ts'
import type { EventLog, ExpectedRevision } from '../../src/event-log/event-log.ts'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { wholeCity } from '../city-options.ts'
import { inBatches, takeOf } from '../distributed/city-inputs.ts'
import { startEsdb, type EsdbToBench } from '../distributed/esdb-to-bench.ts'
import type { Piece } from '../piece.ts'
import { toRow } from '../row.ts'

const fullAlarms = 1_000_000
const usualAlarms = 100_000
const usualComplaints = 5_000
/** What bulk intake stores at once (`bulkBatchLines`). */
const batchEvents = 1_000
/** Alarm feeds that send at the same time, each of which waits for one batch before it sends the next. */
const feeds = 4
/** Agents whose complaints are on their way at the same time. */
const agents = 64
/** What the correlator appends at once, at most (`maxDecisionsPerAppend`). */
const decisionsPerAppend = 2_000

/** (j): into EventStoreDB and out of it, as the server's own parts do it, against its client with nothing around it. */
export const distributedLog: Piece = async ({ full, say }) => {
  const server = await startEsdb()
  const alarmCount = full ? fullAlarms : usualAlarms
  const open = () => openEventStoreLog({ connectionString: server.connectionString, prefix: server.prefix })
  const log = await open()
  try {
    const alarms = feedsOf(takeOf(['AlarmRaised', 'AlarmChanged', 'AlarmCleared'], alarmCount))
    const stored = alarms.flat().flat().length
    say(`the bare client: ${stored} events`)
    // The stand-in does not serve the way on which the client appends by itself.
    const bareSeconds = server.isReal ? await seconds(async () => bareAppends(server, alarms)) : undefined
    say('alarms')
    const alarmSeconds = await seconds(async () => {
      const writer = createWriter({ log })
      await Promise.all(
        alarms.map(async (batches) => {
          for (const batch of batches) await writer.write(batch)
        }),
      )
    })
    say('complaints')
    const complaints = takeOf(['ComplaintReceived'], usualComplaints)
    const complaintSeconds = await seconds(async () => writeComplaints(log, complaints))
    say('decisions')
    const decisionSeconds = await seconds(async () => appendDecisions(log, alarms.flat().flat()))
    const all = 2 * stored + complaints.length
    say('catching up, bare and through the log')
    const bareCatchUp = await seconds(async () => bareSubscription(server, all))
    const logCatchUp = await seconds(async () => catchUp(await open(), all))
    const note = `${server.name}; seed ${wholeCity.seed}; ${stored} alarm events of ${feeds} feeds, ${batchEvents} a batch; one run${full ? '' : ` (--full: ${fullAlarms})`}`
    return [
      toRow({
        name: 'j alarms into EventStoreDB until stored, de-duplicated',
        unit: 'events/s',
        value: stored / alarmSeconds,
        peer:
          bareSeconds === undefined
            ? null
            : { name: 'the bare client, the same batches', value: stored / bareSeconds },
        least: 10_000,
        note,
      }),
      toRow({
        name: 'j complaints into EventStoreDB, a stream each',
        unit: 'complaints/s',
        value: complaints.length / complaintSeconds,
        least: 1_000,
        note: `${server.name}; ${complaints.length} complaints, ${agents} at once`,
      }),
      toRow({
        name: 'j decisions into EventStoreDB, one stream',
        unit: 'events/s',
        value: stored / decisionSeconds,
        note: `${server.name}; ${stored} events, up to ${decisionsPerAppend} and 1 MB an append, one append at a time`,
      }),
      toRow({
        name: 'j catching up from EventStoreDB',
        unit: 'events/s',
        value: all / logCatchUp,
        peer: { name: "the client's own subscription", value: all / bareCatchUp },
        leastRatio: 0.5,
        note: `${server.name}; ${all} events from the beginning until caught up`,
      }),
    ]
  } finally {
    await log.close()
    await server.stop()
  }
}

function feedsOf(events: readonly Event[]): Event[][][] {
  const share = Math.ceil(events.length / feeds)
  return Array.from({ length: feeds }, (_, feed) =>
    inBatches(events.slice(feed * share, (feed + 1) * share), batchEvents, `nms-${feed}`),
  )
}

/** As much as one call takes, one call after the other on each stream, with nothing looked at. */
async function bareAppends({ connectionString, prefix }: EsdbToBench, alarms: readonly Event[][][]) {
  const client = EventStoreDBClient.connectionString(connectionString)
  await Promise.all(
    alarms.map(async (batches, feed) => {
      for (const batch of batches) {
        const events = batch.map(({ id, type, data, ...metadata }) =>
          jsonEvent({ id, type, data: { ...data }, metadata }),
        )
        for (const half of [events.slice(0, batchEvents / 2), events.slice(batchEvents / 2)]) {
          if (half.length > 0) await client.appendToStream(`bare-${prefix}-${feed}`, half)
        }
      }
    }),
  )
  await client.dispose()
}

async function writeComplaints(log: EventLog, complaints: readonly Event[]): Promise<void> {
  const writer = createWriter({ log })
  const waiting = complaints[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: agents }, async () => {
      for (const complaint of waiting) await writer.write([complaint])
    }),
  )
}

/** In runs below the log's limit, each behind the one before, as the correlator does. */
async function appendDecisions(log: EventLog, events: readonly Event[]): Promise<void> {
  let expected: ExpectedRevision = 'no_stream'
  const maxEvents = Math.min(decisionsPerAppend, 1_000)
  for (let from = 0; from < events.length; from += maxEvents) {
    const result = await log.append(decisionStream(0), events.slice(from, from + maxEvents), expected)
    if (result.kind !== 'appended') throw new Error(`the stream moved to ${result.actual}`)
    expected = result.revision
  }
}

async function bareSubscription({ connectionString, prefix }: EsdbToBench, count: number): Promise<void> {
  const client = EventStoreDBClient.connectionString(connectionString)
  const filter = streamNameFilter({ prefixes: [`${prefix}:`] })
  let seen = 0
  for await (const { event } of client.subscribeToAll({ fromPosition: START, filter })) {
    if (event !== undefined) seen += 1
    if (seen === count) break
  }
  await client.dispose()
}

async function catchUp(log: EventLog, count: number): Promise<void> {
  const stop = new AbortController()
  let seen = 0
  for await (const { events } of log.subscribe({ signal: stop.signal })) {
    seen += events.length
    if (seen >= count) break
  }
  await log.close()
}

async function seconds(run: () => Promise<void>): Promise<number> {
  const startedMs = performance.now()
  await run()
  return (performance.now() - startedMs) / 1000
}
