import type { Event } from '../../schemas/event.ts'
import type { Position } from '../event-log/event-log.ts'
import { decisionWaiters, type WaiterLimits } from './decision-waiters.ts'
import { lagGauge, type LagGauge } from './lag-gauge.ts'
import type { Writer } from './writer.ts'

/** What callers ask of decisions, whoever takes them: this process, or another one whose decisions it follows. */
export interface Answering {
  readonly lag: LagGauge
  /**
   * The decisions that an input caused, once they are durable; undefined where that takes longer. May be called before the
   * input is written or just after. Of an input decided long ago nothing is known here: the read models tell.
   */
  decided(inputId: string, waitMs: number): Promise<readonly Event[] | undefined>
  settle(inputId: string, decisions: readonly Event[]): void
  /** How long ago the decisions on an input were last asked for; infinite where they never were. */
  askedAgoMs(): number
  /** Lets everyone go with nothing. */
  close(): void
}

export interface AnsweringOptions {
  readonly writer: Pick<Writer, 'onStored'>
  readonly nowMs: () => number
  readonly limits: WaiterLimits
  readonly stopwatchMs?: (() => number) | undefined
}

export function createAnswering(options: AnsweringOptions): Answering {
  const { writer, nowMs, limits, stopwatchMs = () => performance.now() } = options
  const waiters = decisionWaiters(limits)
  const lag = lagGauge(nowMs)
  writer.onStored((events: number, position: Position) => lag.stored(events, position))
  let askedAtMs = Number.NEGATIVE_INFINITY
  return {
    lag,
    decided: (inputId, waitMs) => {
      askedAtMs = stopwatchMs()
      return waiters.wait(inputId, waitMs)
    },
    settle: (inputId, decisions) => waiters.settle(inputId, decisions),
    askedAgoMs: () => stopwatchMs() - askedAtMs,
    close: () => waiters.close(),
  }
}
