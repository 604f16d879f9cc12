import { setTimeout as pause } from 'node:timers/promises'
import { toMs } from '../../schemas/instant.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { emptyAnswer, takeInBulk } from '../intake/bulk-intake.ts'
import { runningClock, type Clock } from '../pipeline/clock.ts'
import type { CorrelatorLimits } from '../pipeline/correlator-limits.ts'
import { demoCity } from '../simulate/demo-city.ts'
import { demoStream } from '../simulate/demo-stream.ts'
import type { FeedEvent, SimulatedEvent } from '../simulate/feed-event.ts'
import type { CliContext } from './context.ts'
import { narrate } from './demo-narrator.ts'
import type { Server } from './start-server.ts'

const seed = 'causeway'
/** Seconds of the city in a real one. */
const rate = 30
/** How often the city's news are sent, in real time. */
const stepMs = 200
/** Lines sent at once; the rest waits for the next step. */
const maxLinesPerStep = 2_000

/** A tick of the clock ten times a real second is enough. */
export const demoLimits: Partial<CorrelatorLimits> = { tickSlackMs: 100 * rate }

/** The city's clock: it goes on from the moment that the log has reached, or begins now. */
export function demoClock(nowMs: () => number): (log: EventLog) => Promise<Clock> {
  return async (log) => {
    let startMs = nowMs()
    for await (const [last] of log.readAll({ direction: 'backwards', maxEvents: 1 })) {
      if (last !== undefined) startMs = toMs(last.recordedAt)
    }
    return runningClock({ readMs: nowMs, startMs, rate })
  }
}

/** Lets the city live and tells what happens there, until the stop signal. */
export async function runDemo(server: Server, context: CliContext): Promise<void> {
  const { services } = server
  const { stopSignal } = context
  const city = demoCity(seed)
  for (const place of city.places) services.places.put(place)
  await services.correlator.ready
  const fromMs = services.clock()
  await send(services, [...city.inventory, ...city.gaps.map(({ event }) => event)], stopSignal)
  const told = narrate(server, context)
  const news = demoStream(seed, fromMs, city.world)
  let next: SimulatedEvent = news.next().value
  while (!stopSignal.aborted) {
    const due: FeedEvent[] = []
    while (toMs(next.event.recordedAt) <= services.clock() && due.length < maxLinesPerStep) {
      due.push(next.event)
      next = news.next().value
    }
    if (due.length > 0) await send(services, due, stopSignal)
    await pause(stepMs, undefined, { signal: stopSignal }).catch(() => {})
  }
  await told
}

/** The city speaks as any sender does: in lines that are judged, sealed and stored like all others. */
async function send(
  services: Server['services'],
  events: readonly FeedEvent[],
  signal: AbortSignal,
): Promise<void> {
  const lines = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  const chunks = (async function* () {
    yield lines
  })()
  const answer = emptyAnswer()
  await takeInBulk(chunks, services, { actor: 'demo', answer, signal })
  const [refused] = answer.refusedLines
  if (refused !== undefined)
    throw new Error(`the demonstration city sent a line that is wrong: ${refused.reason}`)
}
