import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Assessment } from '../../schemas/attribution.ts'
import { configSchema, type Config } from '../../src/config.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { buildApp } from '../../src/http/app.ts'
import { createTurns } from '../../src/http/in-turn.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import type { Services } from '../../src/http/services.ts'
import { createFeedMonitor } from '../../src/intake/feed-monitor.ts'
import { createGazetteer } from '../../src/intake/gazetteer-store.ts'
import { createMemoryRefusedStore } from '../../src/intake/refused-store.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { createPlaceIndex } from '../../src/places/place-index.ts'
import { memoryVaultStore } from '../../src/vault/memory-vault-store.ts'
import { openVault } from '../../src/vault/vault.ts'

export interface StartedApp {
  readonly app: FastifyInstance
  readonly services: Services
  readonly setClock: (iso: string) => void
  stop(): Promise<void>
}

export async function startApp(
  settings: Partial<Config> & { readonly at?: string } = {},
): Promise<StartedApp> {
  const { at = '2026-03-01T02:00:00.000Z', ...given } = settings
  let nowMs = Date.parse(at)
  const config = configSchema.parse({ log: 'memory', ...given })
  const log = openMemoryLog()
  const places = createPlaceIndex()
  const services: Services = {
    config,
    clock: () => nowMs,
    randomId: () => randomUUID(),
    log,
    writer: createWriter({ log }),
    correlator: {
      ready: Promise.resolve(),
      decided: async () => undefined,
      assess: () => nothingKnown,
      lag: () => ({ events: 0, ms: 0 }),
      sizes: () => ({}),
      ruleset: () => undefined,
    },
    projector: { ready: Promise.resolve(), reached: async () => true, lag: () => ({ events: 0, ms: 0 }) },
    rows: { get: () => undefined, scan: () => ({ rows: [] }) },
    vault: openVault({ store: memoryVaultStore(), masterKey: Buffer.alloc(32, 7) }),
    places,
    gazetteer: createGazetteer(places),
    engineVersion: 'test',
    refused: createMemoryRefusedStore(1_000),
    feeds: createFeedMonitor(config.feeds, () => nowMs),
    metrics: createMetrics(),
    turns: createTurns(),
  }
  const app = await buildApp(services, { version: '0.0.0-test' })
  await app.ready()
  return {
    app,
    services,
    setClock: (iso) => (nowMs = Date.parse(iso)),
    stop: async () => {
      await app.close()
      await services.vault.close()
      await log.close()
    },
  }
}

const nothingKnown: Assessment = {
  verdict: 'unexplained',
  chain: [],
  probability: 0,
  noneProbability: 1,
  evidence: [],
  alternatives: [],
  restProbability: 0,
  band: 'dispatch',
  words: { zh: '', en: '' },
  detail: { zh: '', en: '' },
  ruleset: 'none',
  engineVersion: 'none',
}
