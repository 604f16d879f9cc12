import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

export interface Postgres {
  /** The folder of its unix socket: it listens nowhere else. */
  readonly socketFolder: string
  readonly user: string
  stop(): Promise<void>
}

const user = 'postgres'
const startWaitMs = 15_000

/**
 * A PostgreSQL of its own in a temporary folder, gone when stopped; or why there is none. It refuses to run as root, so
 * root starts it as the user `postgres`.
 */
export async function startPostgres(): Promise<Postgres | string> {
  const bin = binFolder()
  if (bin === undefined) return 'PostgreSQL is not installed (initdb is not on the PATH)'
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'))
  const gone = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const identity = unprivileged()
    if (identity !== undefined) chownSync(folder, identity.uid, identity.gid)
    const data = join(folder, 'data')
    const as = { cwd: folder, ...identity }
    execFileSync(join(bin, 'initdb'), ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
      ...as,
      stdio: 'ignore',
    })
    const settings = {
      listen_addresses: '',
      unix_socket_directories: folder,
      shared_buffers: '256MB',
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      jit: 'off',
    }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags], { ...as, stdio: 'ignore' })
    const stop = async (): Promise<void> => {
      await ended(server)
      gone()
    }
    for (let waitedMs = 0; !existsSync(join(folder, '.s.PGSQL.5432')); waitedMs += 50) {
      if (waitedMs >= startWaitMs || server.exitCode !== null) {
        await stop()
        return 'PostgreSQL did not start'
      }
      await pause(50)
    }
    return { socketFolder: folder, user, stop }
  } catch (error) {
    gone()
    return `PostgreSQL could not be started: ${error instanceof Error ? error.message : ''}`
  }
}

/** Where the programs really lie: they find their own files from there. */
function binFolder(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'initdb'))
  const initdb = onPath.find((path) => existsSync(path))
  return initdb && dirname(realpathSync(initdb))
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exit = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  // Fast shutdown: clients are cut off.
  server.kill('SIGINT')
  await exit
}
