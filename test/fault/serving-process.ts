import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const cwd = fileURLToPath(new URL('../..', import.meta.url))

/** `causeway serve` in a process of its own, as an operator runs it. */
export interface ServingProcess {
  readonly url: string
  readonly pid: number
  stderr(): string
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>
  /** Resolves when the process ends by itself. */
  readonly ended: Promise<Ended>
  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Starts a server on a free port over a data folder. Throws with what it wrote where it ends instead of listening. */
export async function serve(data: string, args: readonly string[] = []): Promise<ServingProcess> {
  const command = ['--import', 'tsx', main, 'serve', '--port', '0', '--data', data, ...args]
  const child = spawn(process.execPath, command, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)))
  const ended = endOf(child)
  const url = await Promise.race([urlOf(child), ended.then(() => undefined)])
  if (url === undefined || child.pid === undefined) throw new Error(`the server did not start: ${stderr}`)
  return {
    url,
    pid: child.pid,
    stderr: () => stderr,
    ended,
    signal: (signal) => void child.kill(signal),
    end: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal }
}

async function urlOf(child: ChildProcess): Promise<string | undefined> {
  let stdout = ''
  for await (const bytes of child.stdout ?? []) {
    stdout += String(bytes)
    const found = /listens on (\S+) /.exec(stdout)?.[1]
    if (found === undefined) continue
    return found
  }
  return undefined
}
