import { setTimeout as wait } from 'node:timers/promises'

/** Waits, but not beyond the signal, and keeps no process alive. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch(() => {})
}

/** How long to wait after so many failures: twice as long each time, up to the longest. */
export function backOffMs(
  { firstRetryMs, maxRetryMs }: { readonly firstRetryMs: number; readonly maxRetryMs: number },
  failures: number,
): number {
  return Math.min(maxRetryMs, firstRetryMs * 2 ** Math.max(0, failures - 1))
}
