import { setTimeout as pause } from 'node:timers/promises'
import { toInstant } from '../../schemas/instant.ts'
import type { ArchiveOptions } from '../event-log/event-log.ts'

export interface RetentionOptions {
  readonly archiveBefore: (day: string, options: ArchiveOptions) => Promise<unknown>
  readonly retentionDays: number
  readonly nowMs: () => number
  /** What cannot be archived now is tried again, and stays in the log until then. */
  readonly onTrouble: (error: unknown) => void
}

export interface Retention {
  /** Ends what is under way. */
  close(): Promise<void>
}

const dayMs = 86_400_000
/** How often it looks whether another day is over. */
const lookEveryMs = 3_600_000

/** The first day that stays, like 2026-01-31: of every earlier one all is older than so many days. */
function firstDayKept(nowMs: number, retentionDays: number): string {
  return toInstant(nowMs - retentionDays * dayMs).slice(0, 10)
}

/** Has whole days archived when they are old enough, at once and then again and again. */
export function keepRetention({
  archiveBefore,
  retentionDays,
  nowMs,
  onTrouble,
}: RetentionOptions): Retention {
  const abort = new AbortController()
  const { signal } = abort
  const work = async () => {
    while (!signal.aborted) {
      try {
        await archiveBefore(firstDayKept(nowMs(), retentionDays), { signal })
      } catch (error) {
        if (!signal.aborted) onTrouble(error)
      }
      await pause(lookEveryMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }
  const ended = work()
  return {
    async close() {
      abort.abort()
      await ended
    },
  }
}
