import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { allProjections } from '../../projections/all-projections.ts'
import { openSilences } from '../../projections/feed-silence.ts'
import { elementById } from '../../projections/element-queries.ts'
import { createOrderGrowth, type OrderGrowth } from '../../src/http/order-growth.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { createAccess } from '../../src/access/access.ts'
import { memoryAccessRecords } from '../../src/access/access-records.ts'
import { configSchema, type Config } from '../../src/config/config.ts'
import { createEngine, engineVersion } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { buildApp } from '../../src/http/app.ts'
import { createTurns } from '../../src/http/in-turn.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { createRefusalBudget } from '../../src/http/refusal-budget.ts'
import type { Services } from '../../src/http/services.ts'
import { memoryExchangeTable, type ExchangeTable } from '../../src/exchange/exchange-store.ts'
import { createOrderExchange } from '../../src/exchange/order-exchange.ts'
import { orderStatusTaker } from '../../src/http/take-order-status.ts'
import { createFeedMonitor } from '../../src/intake/feed-monitor.ts'
import { watchFeeds } from '../../src/intake/watch-feeds.ts'
import { knownPlaces } from '../../src/intake/known-places.ts'
import { createMemoryRefusedStore } from '../../src/intake/refused-store.ts'
import { virtualClock, type VirtualClock } from '../../src/pipeline/clock.ts'
import type { DecidingEngine } from '../../src/pipeline/deciding-engine.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import { createLiveFeed } from '../../src/pipeline/live-feed.ts'
import { startProjector } from '../../src/pipeline/projector.ts'
import { activateFirstRules } from '../../src/pipeline/ruleset-first.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { createPlaceIndex } from '../../src/places/place-index.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import { memoryVaultStore } from '../../src/vault/memory-vault-store.ts'
import { openVault } from '../../src/vault/vault.ts'

export interface StartedApp {
  readonly app: FastifyInstance
  readonly services: Services
  readonly clock: VirtualClock
  /** Sends JSON as a caller would; the body is parsed, whatever the status. */
  send<Body = Json>(
    method: 'GET' | 'POST' | 'DELETE' | 'PUT',
    url: string,
    payload?: object,
    headers?: Record<string, string>,
  ): Promise<Sent<Body>>
  /** Moves the clock, and waits until engine and read models have followed. */
  goTo(moment: string): Promise<void>
  /** Waits until engine and read models hold everything that is in the log. */
  settle(): Promise<void>
  stop(): Promise<void>
}

type Json = Readonly<Record<string, unknown>>

export interface Sent<Body> {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Body
}

export interface StartSettings {
  /** Where the clock stands. */
  readonly at?: string
  readonly config?: Partial<Config>
  readonly ruleset?: Ruleset
  readonly log?: EventLog
  /** Another engine than the usual one. */
  readonly makeEngine?: () => DecidingEngine
  /** What the exchange with order systems remembers; kept over a restart. */
  readonly exchangeTable?: ExchangeTable
  /** Puts something slow or broken in the place of a part. */
  readonly change?: (services: Services) => Services
}

/** The whole app in this process: memory stores, the real engine and read models, and a clock that moves when told to. */
export async function startApp(settings: StartSettings = {}): Promise<StartedApp> {
  const clock = virtualClock(Date.parse(settings.at ?? '2026-03-01T00:00:00.000Z'))
  const config = configSchema.parse({ log: 'memory', ...settings.config })
  const log = settings.log ?? openMemoryLog()
  const writer = createWriter({ log })
  const rules = { ruleset: settings.ruleset ?? defaultRuleset, engineVersion }
  await activateFirstRules(log, writer, rules, toInstant(clock.nowMs()))
  const rows = openMemoryRowStore()
  const places = createPlaceIndex()
  const known = knownPlaces(rows, places)
  const live = createLiveFeed({ rows, maxBacklog: config.limits.maxLiveBacklog })
  const makeEngine = settings.makeEngine ?? createEngine
  const correlator = startCorrelator({
    log,
    clock,
    writer,
    engine: makeEngine(),
    renew: async () => ({ engine: makeEngine(), resume: undefined }),
    engineVersion,
    instance: randomUUID(),
    limits: { tickSlackMs: 0 },
  })
  let growth: OrderGrowth | undefined
  const projector = startProjector({
    log,
    rows,
    projections: allProjections,
    nowMs: clock.nowMs,
    onCommitted: (committed) => {
      known.follow(committed.events)
      live.take(committed)
      if (committed.live) growth?.follow(committed.events)
    },
  })
  const orderExchange = createOrderExchange({
    systems: config.orderSystems,
    regions: config.regions,
    kindOf: (elementId) => elementById(rows, elementId)?.facts.kind,
    log,
    logName: 'test',
    table: settings.exchangeTable ?? memoryExchangeTable(),
    nowMs: Date.now,
    onTrouble: () => {},
  })
  const feeds = createFeedMonitor(config.feeds, clock.nowMs)
  const whole: Services = {
    config,
    clock: clock.nowMs,
    randomId: randomUUID,
    log,
    writer,
    correlator,
    projector,
    rows,
    vault: openVault({ store: memoryVaultStore(), masterKey: Buffer.alloc(32, 7) }),
    access: createAccess({ ...config, records: memoryAccessRecords(), nowMs: clock.nowMs }),
    turns: createTurns(),
    places,
    refused: createMemoryRefusedStore(config.limits),
    refusals: createRefusalBudget(clock.nowMs, config.limits.maxRefusalsRecordedAMinute),
    feeds,
    metrics: createMetrics(),
    live,
    orderExchange,
  }
  const services = settings.change?.(whole) ?? whole
  const app = await buildApp(services, { version: '0.0.0-test' })
  await Promise.all([app.ready(), correlator.ready, projector.ready])
  if (config.orderSystems.length > 0) growth = createOrderGrowth(services, () => {})
  orderExchange.start(orderStatusTaker(services))
  const feedWatch = watchFeeds({
    feeds,
    silences: () => openSilences(rows),
    decides: () => correlator.decides(),
    clock,
    writer,
    feedSteadyMs: config.limits.feedSteadyMs,
    onTrouble: () => {},
  })

  const settle = async (): Promise<void> => {
    for (let before: string | undefined = ''; ;) {
      while (correlator.lag().events > 0) await nextTurn()
      const head = await log.head()
      if (head !== undefined) await projector.reached(head, 10_000)
      if (head === before && correlator.lag().events === 0) return
      before = head
      await nextTurn()
    }
  }
  return {
    app,
    services,
    clock,
    send: async <Body>(
      method: 'GET' | 'POST' | 'DELETE' | 'PUT',
      url: string,
      payload?: object,
      headers: Record<string, string> = {},
    ) => {
      const answer = await app.inject({
        method,
        url,
        headers,
        ...(payload === undefined ? {} : { payload }),
      })
      return { status: answer.statusCode, headers: answer.headers, body: parsed(answer.body) as Body }
    },
    settle,
    goTo: async (moment) => {
      clock.advanceTo(Date.parse(moment))
      await feedWatch.settled()
      await settle()
    },
    stop: async () => {
      await feedWatch.stop()
      await app.close()
      await orderExchange.close()
      await correlator.stop()
      await projector.stop()
      await services.vault.close()
      await services.refused.close()
      await rows.close()
      if (settings.log === undefined) await log.close()
    },
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
