import { concatMap, EMPTY, Observable, switchMap } from 'rxjs'
import { eventId } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Clock } from './clock.ts'
import { retried, type RetryOptions } from './retried.ts'
import type { Writer } from './writer.ts'

export interface TickOptions extends RetryOptions {
  readonly clock: Clock
  readonly writer: Writer
  /** An input that comes by itself within this time makes the tick needless. In time of the clock. */
  readonly tickSlackMs: number
}

/**
 * Writes `ClockTicked` when a deadline of the engine falls due in silence: only what lies in the log moves the engine's
 * time. Each new deadline replaces the one before; `undefined` means that there is none, or that inputs are on their way.
 */
export function tickWhenDue(
  deadlines: Observable<number | undefined>,
  options: TickOptions,
): Observable<unknown> {
  const { clock, writer, tickSlackMs } = options
  let lastTickMs = Number.NEGATIVE_INFINITY
  return deadlines.pipe(
    switchMap((deadlineMs) =>
      deadlineMs === undefined ? EMPTY : reached(clock, Math.max(deadlineMs, lastTickMs) + tickSlackMs),
    ),
    concatMap((momentMs) => {
      lastTickMs = Math.max(momentMs, Math.trunc(clock.nowMs()))
      const tick = clockTicked(lastTickMs)
      return retried(options, () => writer.write([tick]))
    }),
  )
}

function reached(clock: Clock, momentMs: number): Observable<number> {
  return new Observable((subscriber) =>
    clock.at(momentMs, () => {
      subscriber.next(momentMs)
      subscriber.complete()
    }),
  )
}

/** Says what time it is. */
export function clockTicked(ms: number): Event {
  const at = toInstant(ms)
  return {
    id: eventId('engine', 'ClockTicked', at),
    type: 'ClockTicked',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: {},
    meta: { source: 'engine', actor: 'engine' },
  }
}
