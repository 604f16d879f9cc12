/** Time as the process sees it. Milliseconds since 1970. */
export interface Clock {
  readonly nowMs: () => number
  /** Calls back once, as soon as the clock has reached the moment. Returns how to cancel. */
  at(momentMs: number, callback: () => void): () => void
}

export interface RunningClockOptions {
  /** Where the real time comes from. */
  readonly readMs: () => number
  /** What the clock shows when it is made; left out, the real time. */
  readonly startMs?: number
  /** How many of its seconds pass in a real one. */
  readonly rate?: number
  /** The real clock may be set while somebody waits: it is looked at again after so long. Real milliseconds. */
  readonly lookAgainMs?: number
}

const defaultLookAgainMs = 60_000

/** A clock driven by the real one: the wall clock itself, or a simulated one that runs faster. */
export function runningClock({
  readMs,
  startMs,
  rate = 1,
  lookAgainMs = defaultLookAgainMs,
}: RunningClockOptions): Clock {
  const originMs = readMs()
  const offsetMs = startMs ?? originMs
  const nowMs = () => offsetMs + (readMs() - originMs) * rate
  return {
    nowMs,
    at(momentMs, callback) {
      let timer: NodeJS.Timeout
      const arm = () => {
        const leftMs = (momentMs - nowMs()) / rate
        timer = setTimeout(fire, Math.min(Math.max(0, leftMs), lookAgainMs))
        // A deadline alone must not keep a stopping process alive.
        timer.unref()
      }
      // A timer may fire a little before its time, and long before where it only looks again.
      const fire = () => (nowMs() < momentMs ? arm() : callback())
      arm()
      return () => clearTimeout(timer)
    },
  }
}

export interface VirtualClock extends Clock {
  /** Moves the clock forward and calls back whoever waits for a moment passed, earliest first. */
  advanceTo(momentMs: number): void
  /** Sets the clock, also back, as an administrator or a time server does. */
  setTo(momentMs: number): void
}

/** A clock that moves only when told to. */
export function virtualClock(startMs: number): VirtualClock {
  let currentMs = startMs
  const waiting = new Set<{ momentMs: number; callback: () => void }>()
  const callDue = () => {
    for (;;) {
      const due = [...waiting].filter(({ momentMs }) => momentMs <= currentMs)
      const first = due.sort((a, b) => a.momentMs - b.momentMs)[0]
      if (first === undefined) return
      waiting.delete(first)
      first.callback()
    }
  }
  return {
    nowMs: () => currentMs,
    at(momentMs, callback) {
      const entry = { momentMs, callback }
      waiting.add(entry)
      if (momentMs <= currentMs) queueMicrotask(callDue)
      return () => void waiting.delete(entry)
    },
    advanceTo(momentMs) {
      currentMs = Math.max(currentMs, momentMs)
      callDue()
    },
    setTo(momentMs) {
      currentMs = momentMs
      callDue()
    },
  }
}
