import type { Position } from '../event-log/event-log.ts'

/** How far the work is behind the log. */
export interface Lag {
  /** Inputs stored and not yet handled; infinite until the log has been read once. */
  readonly events: number
  /** For how long it has been behind; 0 where it is not. */
  readonly ms: number
  /** Where another process decides: how long the first input that it has not decided waits. */
  readonly undecidedMs?: number
}

export interface LagGauge {
  /** So many events are in the log now, the last of them at this position. */
  stored(events: number, position: Position): void
  /** Everything up to this position is done. */
  handled(position: Position): void
  /** A batch was worked off; `caughtUp`: nothing lay behind it when it was read. */
  worked(caughtUp: boolean): void
  read(): Lag
}

/** Steps of storing that are told apart; while more are waiting, the youngest are counted as one. */
const maxSteps = 10_000

/**
 * Compares what was handled with what this process has stored, by position: an append is readable a moment before its
 * writer hears of it, so that counting alone would drift.
 */
export function lagGauge(nowMs: () => number): LagGauge {
  let waiting: { events: number; position: Position }[] = []
  let waitingEvents = 0
  let handledUpTo = ''
  let everCaughtUp = false
  let behindSinceMs: number | undefined = nowMs()
  return {
    stored(events, position) {
      if (position <= handledUpTo || events === 0) return
      waitingEvents += events
      const last = waiting.at(-1)
      if (last === undefined || waiting.length < maxSteps) waiting.push({ events, position })
      else {
        last.events += events
        if (position > last.position) last.position = position
      }
    },
    handled(position) {
      if (position <= handledUpTo) return
      handledUpTo = position
      waiting = waiting.filter((step) => {
        if (step.position > position) return true
        waitingEvents -= step.events
        return false
      })
    },
    worked(caughtUp) {
      everCaughtUp ||= caughtUp
      behindSinceMs = caughtUp ? undefined : (behindSinceMs ?? nowMs())
    },
    read: () => {
      // A clock that was set back counts from there.
      if (behindSinceMs !== undefined) behindSinceMs = Math.min(behindSinceMs, nowMs())
      return {
        events: everCaughtUp ? waitingEvents : Number.POSITIVE_INFINITY,
        ms: behindSinceMs === undefined ? 0 : nowMs() - behindSinceMs,
      }
    },
  }
}
