import { setTimeout as wait } from 'node:timers/promises'
import type { RunSelf } from './context.ts'

export interface PullBeside {
  close(): Promise<void>
}

interface PullBesideOptions {
  /** With which they deliver; left out where the server asks for none. */
  readonly key: string | undefined
  readonly configFile: string | undefined
  readonly runSelf: RunSelf
  readonly onTrouble: (error: unknown) => void
}

const pullHeapMegabytes = 1_024
const firstRestartMs = 1_000
const maxRestartMs = 60_000

/** Runs `causeway pull` beside the server, and again where it ends: at once nothing depends on it. */
export function pullBeside(serverUrl: string, options: PullBesideOptions): PullBeside {
  const { key, configFile, runSelf, onTrouble } = options
  const stop = new AbortController()
  const env = {
    ...(key === undefined ? {} : { CAUSEWAY_API_KEY: key }),
    ...(configFile === undefined ? {} : { CAUSEWAY_CONFIG: configFile }),
  }
  const args = ['pull', '--while-parent', '--url', reachable(serverUrl)]
  const run = async (): Promise<void> => {
    let restartMs = firstRestartMs
    while (!stop.signal.aborted) {
      const startedMs = performance.now()
      const why = await runSelf(args, { env, heapMegabytes: pullHeapMegabytes, signal: stop.signal }).catch(
        (error: unknown) => String(error),
      )
      if (stop.signal.aborted) return
      onTrouble(new Error(`the pullers ended and are started again: ${why ?? 'without a word'}`))
      if (performance.now() - startedMs > maxRestartMs) restartMs = firstRestartMs
      await wait(restartMs, undefined, { signal: stop.signal, ref: false }).catch(() => {})
      restartMs = Math.min(maxRestartMs, restartMs * 2)
    }
  }
  const running = run()
  return {
    async close() {
      stop.abort()
      await running
    },
  }
}

/** An address that this machine reaches, where the server listens on all of them. */
function reachable(serverUrl: string): string {
  const url = new URL(serverUrl)
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.hostname === '[::]') url.hostname = '[::1]'
  return url.origin
}
