import { statSync } from 'node:fs'
import { join } from 'node:path'
import { LogUnavailableError } from './event-log.ts'

/** The file in which a log lies. */
export interface HeldFile {
  /** Throws `LogUnavailableError` where it lies there no longer. */
  require(): void
}

/**
 * Notices that a log was deleted, moved or replaced under its process: the system keeps an open file alive, so that what is
 * appended would be acknowledged and gone with the process. Call it once the log is open.
 */
export function heldFile(folder: string): HeldFile {
  const file = join(folder, 'data.mdb')
  const held = identityOf(file)
  return {
    require() {
      if (held !== undefined && identityOf(file) === held) return
      throw new LogUnavailableError(
        `${folder} no longer holds the log that this process opened: it was deleted, moved or replaced. Nothing of this call was stored. Stop this process, put the log back or restore a backup, and start again`,
      )
    },
  }
}

function identityOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  return found && `${found.dev} ${found.ino}`
}
