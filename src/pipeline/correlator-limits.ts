import type { WaiterLimits } from './decision-waiters.ts'
import type { RetryLimits } from './retried.ts'

export interface CorrelatorLimits extends WaiterLimits, RetryLimits {
  /** Events read from the log at once. */
  readonly batchSize: number
  /** The engine works this long before everything else gets a turn. */
  readonly turnMs: number
  /** It lets more urgent work go first for so long at most, with each batch. */
  readonly maxHoldMs: number
  /** In a backlog, decisions of this much work become durable together: each append waits for the disk. */
  readonly sliceMs: number
  readonly maxDecisionsPerAppend: number
  /** An input that comes by itself within this time makes a tick of the clock needless. */
  readonly tickSlackMs: number
}

export const defaultCorrelatorLimits: CorrelatorLimits = {
  batchSize: 500,
  turnMs: 10,
  maxHoldMs: 250,
  sliceMs: 50,
  maxDecisionsPerAppend: 2_000,
  tickSlackMs: 100,
  maxWaiters: 10_000,
  maxRecentInputs: 5_000,
  firstRetryMs: 50,
  maxRetryMs: 5_000,
}
