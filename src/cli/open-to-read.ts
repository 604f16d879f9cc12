import { existsSync } from 'node:fs'
import { openLmdbReader } from '../event-log/lmdb-reads.ts'
import type { Verifiable } from '../event-log/verify/verify-log.ts'
import { CliError, type CliContext } from './context.ts'
import { isElsewhere, logFolderOf, openLog, type DataConfig } from './open-data.ts'

/**
 * The log as a reader sees it, beside whoever holds the folder: each read goes up to where the log ends when it begins. Archived days of
 * an embedded log are read from `archiveFolder`; left out, from where the log put them.
 */
export async function openToRead(
  config: DataConfig,
  { nowMs }: Pick<CliContext, 'nowMs'>,
  archiveFolder?: string,
): Promise<Verifiable> {
  if (isElsewhere(config)) return openLog(config, nowMs, { mustExist: true })
  const folder = logFolderOf(config)
  if (!existsSync(folder)) throw new CliError(`${config.data} holds no log: name the folder with --data`)
  return openLmdbReader(folder, archiveFolder)
}
