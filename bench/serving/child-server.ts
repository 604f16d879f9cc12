import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../peers.ts'

export interface ChildServer {
  /** Like `http://127.0.0.1:41234`. */
  readonly url: string
  stop(): Promise<void>
}

const builtFolder = join(root, 'bench', 'dist')

/** The server as it is shipped, in a process of its own, on an empty folder and the embedded log. */
export async function startCauseway(): Promise<ChildServer> {
  const data = mkdtempSync(join(tmpdir(), 'causeway-bench-'))
  const server = await startListening(join('src', 'main.js'), ['serve', '--port', '0', '--data', data])
  return {
    url: server.url,
    async stop() {
      await server.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Starts a built program and waits until it prints where it listens. */
export async function startListening(program: string, args: readonly string[]): Promise<ChildServer> {
  // The young generation as `npm start` has it, for the peer too.
  const child = spawn(process.execPath, ['--max-semi-space-size=64', join(builtFolder, program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const killed = (): void => void child.kill('SIGKILL')
  process.once('exit', killed)
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      const found = /http:\/\/[\d.]+:\d+/.exec(said)
      if (found !== null) resolve(found[0])
    })
    child.once('exit', (code) => reject(new Error(`${program} ended with code ${code}: ${said}`)))
  })
  return {
    url,
    async stop() {
      process.removeListener('exit', killed)
      await stopped(child)
    },
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await exit
}
