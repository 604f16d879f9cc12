/** How far the work is behind the log. */
export interface Lag {
  /** Inputs stored and not yet handled; infinite until the log has been read once. */
  readonly events: number
  /** For how long it has been behind; 0 where it is not. */
  readonly ms: number
}

export interface LagGauge {
  handled(events: number): void
  /** A batch was worked off; `caughtUp`: nothing lay behind it. */
  worked(caughtUp: boolean): void
  read(): Lag
}

/** Compares what was handled with what one writer in this process has stored. */
export function lagGauge({ stored, nowMs }: { stored: () => number; nowMs: () => number }): LagGauge {
  let everCaughtUp = false
  let caughtUpAtMs = nowMs()
  let storedThen = 0
  let handledSince = 0
  let behind = true
  return {
    handled: (events) => void (handledSince += events),
    worked(caughtUp) {
      behind = !caughtUp
      if (!caughtUp) return
      everCaughtUp = true
      caughtUpAtMs = nowMs()
      // An append is readable a moment before its writer counts it; starting afresh keeps that from adding up.
      storedThen = stored()
      handledSince = 0
    },
    read() {
      const events = everCaughtUp
        ? Math.max(0, stored() - storedThen - handledSince)
        : Number.POSITIVE_INFINITY
      return { events, ms: behind ? Math.max(0, nowMs() - caughtUpAtMs) : 0 }
    },
  }
}
