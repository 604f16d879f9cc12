import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { parkedCounts } from '../../../projections/parked-queries.ts'
import type { Lag } from '../../pipeline/lag-gauge.ts'
import type { Services } from '../services.ts'

/** Further behind than this, answers rest on too old a picture. */
const maxReadyLagMs = 30_000

/** A log that takes longer to tell where it ends is as good as away: whoever asks whether the server is ready will not wait. */
const maxLogWaitMs = 2_000

/** What has gone wrong with the log; `undefined` where nothing has. */
export interface LogTroubles {
  /** Why its last append failed. */
  readonly append: () => string | undefined
  /** Which of its records cannot be read. */
  readonly damage: () => string | undefined
}

/** What operators of the server and their machines ask: alive, ready, how fast. None of it needs a key or tells of customers. */
export function machineRoutes(app: FastifyInstance, services: Services, troubles: LogTroubles): void {
  const { config, correlator, projector, feeds, metrics } = services
  const caughtUp = { correlator: false, projector: false }
  void correlator.ready.then(() => (caughtUp.correlator = true)).catch(() => undefined)
  void projector.ready.then(() => (caughtUp.projector = true)).catch(() => undefined)

  app.get('/health', described('Whether the process lives'), async () => ({ status: 'up' }))

  app.get(
    '/ready',
    described('Whether answers rest on the whole log, and which feeds are stale'),
    async (_request, reply) => {
      const lags = { correlator: correlator.lag(), projector: projector.lag() }
      const reasons: string[] = []
      const unread = await whyUnread(services)
      if (unread !== undefined) reasons.push(`the event log cannot be read: ${unread}`)
      const damage = troubles.damage()
      if (damage !== undefined) reasons.push(`the event log is damaged: ${damage}`)
      const untaken = services.diskShortage?.() ?? troubles.append()
      if (untaken !== undefined) reasons.push(`the event log takes no events: ${untaken}`)
      for (const part of ['correlator', 'projector'] as const) {
        if (!caughtUp[part]) reasons.push(`the ${part} is still catching up`)
        else if (lags[part].ms > maxReadyLagMs) reasons.push(`the ${part} is ${lags[part].ms} ms behind`)
      }
      const decides = reasons.length === 0 && (await correlator.decides())
      return reply.code(reasons.length === 0 ? 200 : 503).send({
        ready: reasons.length === 0,
        reasons,
        role: config.role,
        // Whether it is this process that decides, as the log has it.
        decides,
        // Whoever only follows is ready to be read from all the same.
        warnings: [...nobodyDecides(lags.correlator), ...(await vaultTrouble(services))],
        lag: lags,
        // A stale feed makes answers cautious, not the server unready.
        staleFeeds: feeds.stale(),
        feeds: feeds.states(),
      })
    },
  )

  app.get('/metrics', described('Figures for Prometheus'), async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
  metrics.follow('lag_milliseconds', 'How far engine and read models are behind the log', () => ({
    correlator: correlator.lag().ms,
    projector: projector.lag().ms,
  }))
  metrics.follow('lag_events', 'Events not yet decided', () => ({ correlator: correlator.lag().events }))
  metrics.follow('window_size', 'What the engine holds in its window', () => correlator.sizes())
  metrics.follow('parked_events', 'Events that engine or read models could not take', () =>
    parkedCounts(services.rows),
  )
  metrics.follow('refused', 'Refused lines kept, and dropped for want of room', () => ({
    ...services.refused.counts(),
  }))
}

function nobodyDecides({ undecidedMs = 0 }: Lag): readonly string[] {
  if (undecidedMs <= maxReadyLagMs) return []
  return [`nothing has been decided for ${undecidedMs} ms: is a process with --role correlator running?`]
}

async function vaultTrouble({ vault }: Services): Promise<readonly string[]> {
  try {
    await vault.check()
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function described(summary: string): { schema: object } {
  return { schema: { tags: ['machine'], summary } }
}

async function whyUnread({ log }: Services): Promise<string | undefined> {
  const over = new AbortController()
  const late = pause(maxLogWaitMs, `nothing was heard of it for ${maxLogWaitMs} ms`, {
    signal: over.signal,
    ref: false,
  }).catch(() => undefined)
  const heard = log.head().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const why = await Promise.race([heard, late])
  over.abort()
  return why
}
