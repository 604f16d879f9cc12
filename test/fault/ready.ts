import { setTimeout as pause } from 'node:timers/promises'

/** What `/ready` says. */
export interface Ready {
  readonly status: number
  readonly ready: boolean
  readonly reasons: readonly string[]
  readonly staleFeeds: readonly string[]
  readonly lag: {
    readonly correlator: { readonly events: number | null; readonly ms: number }
    readonly projector: { readonly caughtUp: boolean; readonly ms: number }
  }
}

export async function readyOf(url: string): Promise<Ready> {
  const answer = await fetch(`${url}/ready`)
  return { status: answer.status, ...((await answer.json()) as Omit<Ready, 'status'>) }
}

/** Whether engine and read models hold the whole log. */
export function isWorkedOff({ status, lag }: Ready): boolean {
  return status === 200 && lag.correlator.events === 0 && lag.projector.caughtUp
}

const pollMs = 10

/** Waits for something in another process to become true; unlike `test/pipeline/until.ts` it leaves that the processor. */
export async function until(condition: () => Promise<boolean> | boolean, timeoutMs = 20_000): Promise<void> {
  const endMs = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`still not so after ${timeoutMs} ms: ${String(condition)}`)
    await pause(pollMs)
  }
}
