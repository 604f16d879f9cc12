import { setTimeout as pause } from 'node:timers/promises'

export interface HoldBack {
  /** Whether more urgent work is waiting. */
  readonly holdBack: () => boolean
  readonly maxHoldMs: number
  readonly pollMs: number
  readonly stopwatchMs: () => number
  readonly signal: AbortSignal
}

/** Lets more urgent work go first, but not for ever. */
export async function letOthersGoFirst(options: HoldBack): Promise<void> {
  const { holdBack, maxHoldMs, pollMs, stopwatchMs, signal } = options
  const untilMs = stopwatchMs() + maxHoldMs
  while (holdBack() && stopwatchMs() < untilMs && !signal.aborted) await pause(pollMs)
}
