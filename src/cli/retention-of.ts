import type { Config } from '../config/config.ts'
import { CliError } from './context.ts'
import { keepRetention, type Retention } from './keep-retention.ts'
import type { OpenData } from './open-data.ts'

interface RetentionOptions {
  readonly config: Config
  readonly nowMs: () => number
  readonly onTrouble: (error: unknown) => void
}

/** Keeps the retention that is configured; none where none is. Throws `CliError` where the log cannot archive. */
export function retentionOf(
  { log }: OpenData,
  { config, nowMs, onTrouble }: RetentionOptions,
): Retention | undefined {
  const { retentionDays } = config
  if (retentionDays === undefined) return undefined
  if (log.archiveBefore === undefined) {
    throw new CliError(
      'retentionDays is for the embedded log: leave it out. Events in EventStoreDB stay as long as the log is in use; scavenge nothing of it',
    )
  }
  return keepRetention({
    archiveBefore: (day, archiveOptions) => log.archiveBefore?.(day, archiveOptions) ?? Promise.resolve(),
    retentionDays,
    nowMs,
    onTrouble,
  })
}
