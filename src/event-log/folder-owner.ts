import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import type { Database } from 'lmdb'
import { LogUnavailableError } from './event-log.ts'

/** Who holds a folder, as recorded in it. */
interface Owner {
  readonly token: string
  readonly pid: number
  readonly host: string
  /** When the folder was taken, UTC. */
  readonly since: string
  /** Tells this life of the process from another under the same pid; empty where the system does not say. */
  readonly life: string
}

/** The hold on a folder. */
export interface FolderOwner {
  /** Throws `LogUnavailableError` where another process has taken the folder over. */
  check(): void
  release(): void
}

const ownerKey = 'owner'

/**
 * Takes a folder for this process. The record lies in LMDB, whose write lock decides between two who come at once. What
 * a killed process left is taken over: its pid is gone or belongs to another life. Call within a write transaction.
 * Throws `LogUnavailableError`, naming the owner, where one lives. Processes of another container on the same folder
 * cannot be seen; their next `check` tells them that the folder was taken.
 */
export function takeFolder(meta: Database, folder: string, nowMs: number): FolderOwner {
  const holder = meta.get(ownerKey) as Owner | undefined
  if (holder !== undefined && isAlive(holder, nowMs)) throw heldBy(holder, folder)
  const mine: Owner = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    since: new Date(nowMs).toISOString(),
    life: lifeOf(process.pid),
  }
  meta.putSync(ownerKey, mine)
  const current = () => meta.get(ownerKey) as Owner | undefined
  return {
    check() {
      const now = current()
      if (now?.token !== mine.token) throw now ? heldBy(now, folder) : lost(folder)
    },
    release() {
      if (current()?.token === mine.token) meta.removeSync(ownerKey)
    },
  }
}

/** Frees a copy of a folder from whoever holds the original. Call within a write transaction. */
export function forgetOwner(meta: Database): void {
  meta.removeSync(ownerKey)
}

function heldBy({ pid, host, since }: Owner, folder: string): LogUnavailableError {
  return new LogUnavailableError(
    `${folder} is in use by process ${pid} on ${host} since ${since}: stop that process, or use another folder`,
  )
}

function lost(folder: string): LogUnavailableError {
  return new LogUnavailableError(`${folder} no longer belongs to this process: start it again`)
}

function isAlive(owner: Owner, nowMs: number): boolean {
  const bootMs = nowMs - uptime() * 1000
  const bootSlackMs = 60_000
  if (Date.parse(owner.since) < bootMs - bootSlackMs) return false
  if (owner.life !== '') return owner.life === lifeOf(owner.pid)
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The moment at which a process started, in the kernel's own count, with the id of that boot (Linux alone tells). */
function lifeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold anything. Behind it come the state and, 19 on, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startedTicks] = [fields[0], fields[19] ?? '']
    // A dead process whose parent has not noticed yet still has its entry.
    if (state === 'Z' || state === 'X') return ''
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startedTicks}`
  } catch {
    return ''
  }
}
