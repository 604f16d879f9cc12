import { setImmediate as nextTurn } from 'node:timers/promises'

/** Waits, turn by turn of the event loop, for something to become true. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const endMs = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`still not so after ${timeoutMs} ms: ${String(condition)}`)
    await nextTurn()
  }
}
