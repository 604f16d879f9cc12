import { allProjections } from '../../projections/all-projections.ts'
import { openSilences } from '../../projections/feed-silence.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { createAccess } from '../access/access.ts'
import type { Config } from '../config/config.ts'
import { engineVersion } from '../correlate/engine.ts'
import { defaultRuleset } from '../domain/default-ruleset.ts'
import { diskRoom, type DiskRoom } from '../event-log/disk-room.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { buildApp } from '../http/app.ts'
import { createTurns } from '../http/in-turn.ts'
import { createMetrics, type Metrics } from '../http/metrics.ts'
import { createRefusalBudget } from '../http/refusal-budget.ts'
import type { Services } from '../http/services.ts'
import { createOrderGrowth, type OrderGrowth } from '../http/order-growth.ts'
import { orderStatusTaker } from '../http/take-order-status.ts'
import { readGazetteer } from '../ingest/gazetteer.ts'
import { createBulkGate } from '../intake/bulk-gate.ts'
import { createFeedMonitor } from '../intake/feed-monitor.ts'
import { hearLog } from '../intake/hear-log.ts'
import { knownPlaces } from '../intake/known-places.ts'
import { watchFeeds } from '../intake/watch-feeds.ts'
import type { Clock } from '../pipeline/clock.ts'
import type { Correlator } from '../pipeline/correlator.ts'
import type { CorrelatorLimits } from '../pipeline/correlator-limits.ts'
import { removePartialCheckpoints } from '../pipeline/checkpoint-file.ts'
import { checkpointsBeside, type CheckpointsBeside } from '../pipeline/checkpoints-beside.ts'
import { keepCheckpoints } from '../pipeline/keep-checkpoints.ts'
import { createLiveFeed, type LiveFeed } from '../pipeline/live-feed.ts'
import { startProjector } from '../pipeline/projector.ts'
import { activateFirstRules } from '../pipeline/ruleset-first.ts'
import { createWriter, type Writer } from '../pipeline/writer.ts'
import { createPlaceIndex } from '../places/place-index.ts'
import type { RowStore } from '../row-store/row-store.ts'
import { checkpointMake } from './checkpointed-engine.ts'
import { listen } from './listen.ts'
import { openData, type OpenData } from './open-data.ts'
import { openExchange } from './open-exchange.ts'
import { requireOtherNames, requireSomebodyBeyondLoopback } from './require-callers.ts'
import { retentionOf } from './retention-of.ts'
import { rowsTag } from './rows-tag.ts'
import { startDeciding } from './start-deciding.ts'

export interface ServerOptions {
  readonly config: Config
  /** The clock by which events are recorded; a simulated one goes on from what the log holds. */
  readonly clockFor: (log: EventLog) => Promise<Clock>
  /** The wall clock. Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly randomId: () => string
  readonly version: string
  readonly correlatorLimits?: Partial<CorrelatorLimits>
  /** Told of troubles that pass or are tried again, such as a full disk. */
  readonly onTrouble: (error: unknown) => void
  /** Takes a checkpoint beside the server; answers what went wrong. Left out, they are taken at a stop in good order alone. */
  readonly takeCheckpoint?: ((signal: AbortSignal) => Promise<string | undefined>) | undefined
  /** See `DiskRoomOptions`. */
  readonly freeBytes?: (folder: string) => number
}

export interface Server {
  /** Like `http://127.0.0.1:8620`. */
  readonly url: string
  readonly services: Services
  /** Rejects when the server cannot go on; never resolves before `close`. */
  readonly failed: Promise<void>
  /** Stops accepting, answers what is under way, closes the stores. */
  close(): Promise<void>
}

/** Opens the stores, starts engine and read models, and listens. Throws `CliError` where the port or the folder cannot be used. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, nowMs } = options
  const { minFreeDiskBytes } = config.limits
  const room = diskRoom({ minFreeDiskBytes, freeBytes: options.freeBytes })
  const data = await openData(config, nowMs, { onTrouble: options.onTrouble, room })
  try {
    return await startOn(data, room, options)
  } catch (error) {
    await data.close()
    throw error
  }
}

async function startOn(data: OpenData, room: DiskRoom, options: ServerOptions): Promise<Server> {
  const { config, nowMs, onTrouble, version } = options
  const { log, vault } = data
  const access = createAccess({ ...config, records: data.openAccess(), nowMs })
  requireSomebodyBeyondLoopback(config, access)
  requireOtherNames(config, access)
  const clock = await options.clockFor(log)
  const metrics = createMetrics()
  const writer = timedWriter(createWriter({ log }), metrics)
  const rules = { ruleset: defaultRuleset, engineVersion }
  await activateFirstRules(log, writer, rules, toInstant(clock.nowMs()))
  const rows = await data.openRows(await rowsTag(log))
  const places = createPlaceIndex()
  if (config.log !== 'memory') for (const place of await readGazetteer(config.data)) places.put(place)
  const known = knownPlaces(rows, places)
  known.load()

  const live = liveFeedOf(rows, config)
  const feeds = createFeedMonitor(config.feeds, clock.nowMs)

  if (data.checkpointFile !== undefined) await removePartialCheckpoints(data.checkpointFile)
  const { correlator, engine } = await startDeciding({
    config,
    data,
    clock,
    writer,
    version,
    randomId: options.randomId,
    onTrouble,
    limits: options.correlatorLimits ?? {},
    holdBack: () => bulkGate.goesFirst(),
    onSlice: ({ inputs, decideMs, appendMs }) => {
      if (inputs > 0) metrics.correlateSeconds.observe((decideMs + appendMs) / 1000)
      checkpoints?.stored(inputs)
      beside?.stored(inputs)
    },
    onFolded: (inputs) => {
      checkpoints?.stored(inputs)
      beside?.stored(inputs)
    },
  })
  const checkpoints =
    data.checkpointFile === undefined
      ? undefined
      : keepCheckpoints({
          file: data.checkpointFile,
          make: checkpointMake(version),
          log,
          snapshot: () => engine().snapshot(),
          stand: () => correlator.stand(),
          // Not while it serves: that would hold complaints up.
          everyInputs: Number.POSITIVE_INFINITY,
          onTrouble,
        })
  const beside = besideServing(options, data, correlator)
  const bulkGate = createBulkGate({
    limits: config.limits,
    lag: () => correlator.lag(),
    askedAgoMs: () => correlator.askedAgoMs(),
  })
  let growth: OrderGrowth | undefined
  const projector = startProjector({
    log,
    rows,
    projections: allProjections,
    nowMs: clock.nowMs,
    onTrouble,
    holdBack: () => isBehind(correlator),
    onCommitted: (committed) => {
      known.follow(committed.events)
      live.take(committed)
      if (committed.live) growth?.follow(committed.events)
      // What other processes took in is heard through the log.
      if (config.role !== 'both') hearLog(feeds, committed.events)
      const last = committed.events.at(-1)
      if (!committed.live || last === undefined || last.meta.backfilled) return
      metrics.projectSeconds.observe(Math.max(0, clock.nowMs() - toMs(last.recordedAt)) / 1000)
    },
  })
  const retention = retentionOf(data, options)
  const orderExchange = await openExchange(data, { ...options, rows })
  const feedWatch = watchFeeds({
    feeds,
    silences: () => openSilences(rows),
    decides: async () => projector.lag().caughtUp && (await correlator.decides()),
    clock,
    writer,
    feedSteadyMs: config.limits.feedSteadyMs,
    onTrouble,
  })
  const stopEngine = async () => {
    await feedWatch.stop()
    await growth?.settled()
    await orderExchange?.close()
    await retention?.close()
    await correlator.stop()
    await beside?.close()
    await checkpoints?.close()
    await projector.stop()
  }

  const services: Services = {
    config,
    clock: clock.nowMs,
    randomId: options.randomId,
    log,
    writer,
    correlator,
    projector,
    rows,
    vault,
    access,
    vaultHost: data.vaultHost,
    turns: createTurns(),
    places,
    refused: data.openRefused(config.limits, onTrouble),
    refusals: createRefusalBudget(clock.nowMs, config.limits.maxRefusalsRecordedAMinute),
    feeds,
    metrics,
    live,
    bulkGate,
    diskShortage: () => (config.log === 'memory' ? undefined : room.shortage(config.data)),
    orderExchange,
  }
  try {
    const app = await buildApp(services, { version })
    const url = await listen(app, config)
    if (orderExchange !== undefined) growth = createOrderGrowth(services, onTrouble)
    orderExchange?.start(orderStatusTaker(services))
    return {
      url,
      services,
      failed: correlator.finished,
      async close() {
        await app.close()
        await stopEngine()
        await data.close()
      },
    }
  } catch (error) {
    await stopEngine()
    throw error
  }
}

/** Of one processor, at the lowest priority. */
const checkpointMaxShare = 0.2

function besideServing(
  { takeCheckpoint, onTrouble, config }: ServerOptions,
  { checkpointFile }: OpenData,
  correlator: Pick<Correlator, 'lag'>,
): CheckpointsBeside | undefined {
  if (takeCheckpoint === undefined || checkpointFile === undefined) return undefined
  return checkpointsBeside({
    take: takeCheckpoint,
    everyInputs: config.limits.checkpointEveryInputs,
    maxShare: checkpointMaxShare,
    stopwatchMs: () => performance.now(),
    isServing: () => Number.isFinite(correlator.lag().events),
    onTrouble,
  })
}

/** From so many undecided events on, callers' answers go before read models. */
const behindEvents = 500

/** Before it has caught up once nobody is answered, and both may work. */
function isBehind(correlator: Pick<Correlator, 'lag'>): boolean {
  const { events } = correlator.lag()
  return Number.isFinite(events) && events > behindEvents
}

function liveFeedOf(rows: RowStore, { limits }: Config): LiveFeed {
  return createLiveFeed({
    rows,
    maxClients: limits.maxLiveClients,
    maxBacklog: limits.maxLiveBacklog,
    maxHistory: limits.maxLiveHistory,
    maxMissedBeats: Math.ceil(limits.liveStallMs / Math.max(1, limits.liveHeartbeatMs)),
  })
}

/** Appends under measurement. */
function timedWriter(writer: Writer, { appendSeconds }: Metrics): Writer {
  return {
    ...writer,
    async write(events) {
      const stop = appendSeconds.startTimer()
      const outcomes = await writer.write(events)
      stop()
      return outcomes
    },
  }
}
