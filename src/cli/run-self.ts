import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import type { RunSelf } from './context.ts'

export interface SelfParts {
  /** Node, with the flags that this process runs with. */
  readonly node: string
  readonly flags: readonly string[]
  /** What it runs. */
  readonly script: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const maxStderrChars = 2_000

/** Runs this very program again, beside itself. */
export function selfRunner({ node, flags, script, env }: SelfParts): RunSelf {
  return (args, options) =>
    new Promise((resolve, reject) => {
      const heap = `--max-old-space-size=${options.heapMegabytes}`
      const child = spawn(node, [...flags, heap, script, ...args], {
        env: { ...env, ...options.env },
        stdio: ['ignore', 'ignore', 'pipe'],
        signal: options.signal,
        killSignal: 'SIGKILL',
        // Ctrl-C is for this process, which kills the other one.
        detached: true,
      })
      try {
        if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
      } catch {
        // Where priorities cannot be set it takes its turn like everybody.
      }
      let stderr = ''
      child.stderr.on('data', (chunk) => (stderr = (stderr + String(chunk)).slice(-maxStderrChars)))
      child.once('error', reject)
      child.once('close', (code, killedBy) =>
        resolve(code === 0 ? undefined : stderr.trim() || `it ended with ${code ?? killedBy}`),
      )
    })
}
