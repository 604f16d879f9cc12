import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** `causeway serve` in a process of its own, one of several on a log. */
export interface SharingProcess {
  readonly url: string
  readonly pid: number
  get<Body>(path: string): Promise<{ readonly status: number; readonly body: Body }>
  post<Body>(path: string, payload: object): Promise<{ readonly status: number; readonly body: Body }>
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void
  /** Ends it, frozen or not. */
  end(): Promise<void>
}

export interface SharingOptions {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly limits: Readonly<Record<string, number>>
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export async function startSharing({ folder, env, limits }: SharingOptions): Promise<SharingProcess> {
  const config = join(folder, 'config.json')
  writeFileSync(config, JSON.stringify({ limits }))
  const args = [
    '--import',
    'tsx',
    main,
    'serve',
    '--port',
    '0',
    '--data',
    join(folder, 'data'),
    '--config',
    config,
  ]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  let url: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    url = /listens on (\S+)/.exec(line)?.[1]
    if (url !== undefined) break
  }
  if (url === undefined) throw new Error(`serve ended with ${String(await exit)}`)
  const base = url
  const ask = async <Body>(path: string, init: RequestInit) => {
    const response = await fetch(base + path, { ...init, signal: AbortSignal.timeout(10_000) })
    return { status: response.status, body: (await response.json()) as Body }
  }
  return {
    url,
    pid: child.pid ?? 0,
    get: (path) => ask(path, {}),
    post: (path, payload) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(payload),
      }),
    signal: (name) => void child.kill(name),
    async end() {
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      await exit
    },
  }
}
