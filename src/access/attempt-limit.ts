/** Counts attempts by who makes them, and says when the next one may be. Kept in memory. */
export interface AttemptLimit {
  /** Counts an attempt before its outcome is known, so that many at once gain nothing. Milliseconds to wait instead; 0: go on. */
  begin(who: string): number
  /** It was none that counts. */
  giveBack(who: string): void
}

export interface AttemptLimitOptions {
  /** So many within `windowMs`, counted from the first of them. */
  readonly maxAttempts: number
  readonly windowMs: number
  /** Of how many to remember attempts; beyond it the oldest are forgotten. */
  readonly maxRemembered: number
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

export function createAttemptLimit(options: AttemptLimitOptions): AttemptLimit {
  const { maxAttempts, windowMs, maxRemembered, nowMs } = options
  const attempts = new Map<string, { count: number; readonly untilMs: number }>()
  return {
    begin: (who) => {
      const found = attempts.get(who)
      if (found !== undefined && found.untilMs > nowMs()) {
        if (found.count >= maxAttempts) return found.untilMs - nowMs()
        found.count += 1
        return 0
      }
      attempts.delete(who)
      attempts.set(who, { count: 1, untilMs: nowMs() + windowMs })
      const oldest = attempts.size > maxRemembered ? attempts.keys().next().value : undefined
      if (oldest !== undefined) attempts.delete(oldest)
      return 0
    },
    giveBack: (who) => {
      const found = attempts.get(who)
      if (found !== undefined && found.count > 0) found.count -= 1
    },
  }
}
