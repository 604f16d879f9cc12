import type { Event } from '../../schemas/event.ts'

export interface DecisionWaiters {
  /** The decisions on an input once they are durable, also shortly after the fact; undefined when the time is over. */
  wait(inputId: string, waitMs: number): Promise<readonly Event[] | undefined>
  settle(inputId: string, decisions: readonly Event[]): void
  /** Lets everyone go with nothing. */
  close(): void
}

export interface WaiterLimits {
  /** Callers that wait at the same time; more are let go at once, as if their time were over. */
  readonly maxWaiters: number
  /** Inputs whose decisions are kept for callers that come a moment late. */
  readonly maxRecentInputs: number
}

/** Hands decisions to callers who wait for the answer to their own input. */
export function decisionWaiters({ maxWaiters, maxRecentInputs }: WaiterLimits): DecisionWaiters {
  const waiting = new Map<string, Set<(decisions: readonly Event[] | undefined) => void>>()
  const recent = new Map<string, readonly Event[]>()
  let waiters = 0
  let closed = false

  return {
    wait(inputId, waitMs) {
      const known = recent.get(inputId)
      if (known !== undefined || closed || waiters >= maxWaiters) return Promise.resolve(known)
      waiters += 1
      return new Promise((resolve) => {
        const callbacks = waiting.get(inputId) ?? new Set()
        const done = (decisions: readonly Event[] | undefined) => {
          clearTimeout(timer)
          waiters -= 1
          callbacks.delete(done)
          if (callbacks.size === 0) waiting.delete(inputId)
          resolve(decisions)
        }
        const timer = setTimeout(done, waitMs, undefined)
        waiting.set(inputId, callbacks.add(done))
      })
    },
    settle(inputId, decisions) {
      recent.set(inputId, decisions)
      if (recent.size > maxRecentInputs) {
        const oldest = recent.keys().next()
        if (oldest.done !== true) recent.delete(oldest.value)
      }
      for (const done of waiting.get(inputId) ?? []) done(decisions)
    },
    close() {
      closed = true
      for (const callbacks of waiting.values()) for (const done of callbacks) done(undefined)
    },
  }
}
