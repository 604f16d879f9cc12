import type { Limits } from '../config/limits.ts'
import type { Lag } from '../pipeline/lag-gauge.ts'

/**
 * Says how far bulk input may run ahead of the engine (H3). While people ask for answers it stays close, since an answer
 * waits for all that was stored before it. While nobody does, as when history is loaded at night, it goes as fast as the
 * log takes it, and the engine follows; whoever then asks first waits for what has piled up, or is told to come back.
 */
export interface BulkGate {
  /** So many events may be undecided for more to be read. */
  maxLagEvents(): number
  /** A batch was stored out of a request that goes on. */
  stored(): void
  /** Whether the engine should let bulk input go first. */
  goesFirst(): boolean
}

export interface BulkGateOptions {
  readonly limits: Pick<Limits, 'bulkMaxLagEvents' | 'bulkMaxLagUnaskedEvents' | 'bulkAskedMs'>
  readonly lag: () => Lag
  /** How long ago an answer was last asked for. */
  readonly askedAgoMs: () => number
  /** Milliseconds from any origin; only to share the processor. */
  readonly stopwatchMs?: () => number
}

/** Bulk input that has stored nothing for so long does not keep the engine waiting. */
const pauseMs = 100
/** Near its limit it has to wait for the engine anyway. */
const shareOfLimit = 0.9

export function createBulkGate({
  limits,
  lag,
  askedAgoMs,
  stopwatchMs = () => performance.now(),
}: BulkGateOptions): BulkGate {
  let storedAtMs = Number.NEGATIVE_INFINITY
  const isAsked = () => askedAgoMs() < limits.bulkAskedMs
  const maxLagEvents = () =>
    isAsked() ? limits.bulkMaxLagEvents : Math.max(limits.bulkMaxLagEvents, limits.bulkMaxLagUnaskedEvents)
  return {
    maxLagEvents,
    stored: () => {
      storedAtMs = stopwatchMs()
    },
    goesFirst: () =>
      !isAsked() && stopwatchMs() - storedAtMs < pauseMs && lag().events < shareOfLimit * maxLagEvents(),
  }
}
