import { readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { Command } from 'commander'
import { backUpLog, restoreLog, type BackupManifest, type Verified } from '../event-log/lmdb-backup.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { stoppable, verdictOf, verifyText } from './log-verify.ts'
import { keptBesideLog, logFolderOf, type DataConfig } from './open-data.ts'
import { grouped } from './progress.ts'

const backupHelp = `
Copies the log as of one moment, also while a server writes to it, and reads the copy through. A folder with a backup.json
holds a whole backup; one without does not. Customers' names, numbers and words are not in it: they lie sealed in the
vault beside the log, whose keys (vault/, master.key) must be backed up apart from it, or nobody can erase anything for good.
${exitCodesHelp}`

/** `causeway log backup`: a copy of the log while the server runs. */
export function logBackupCommand(context: CliContext): Command {
  const command = new Command('backup')
    .description('copy the log into a folder, while the server runs')
    .argument('<folder>', 'a new or empty folder')
    .addHelpText('after', backupHelp)
  return withDataOptions(command).action(async (target: string, options: DataOptions) => {
    const folder = embeddedLogOf(configOf(options, context))
    const { onProgress, end } = stoppable(context, 'events read')
    const backup = await backUpLog(folder, target, { nowMs: context.nowMs, onProgress })
    end()
    const { events, bytes, takenAt } = keptOf(backup, context)
    context.stdout.write(
      `${grouped(events)} events (${grouped(bytes)} bytes) as of ${takenAt} in ${target}\n`,
    )
  })
}

const restoreHelp = `
Copies a backup into a data folder that holds no log, and verifies it before it becomes the log. Put the vault and the master
key back beside it: without them sealed fields stay sealed, and a customer who calls again is not known again. Read models
are made again from the log at the next start. What was recorded after the backup is gone: senders may send it again.
${exitCodesHelp}`

/** `causeway log restore`: a backup becomes the log of a data folder. */
export function logRestoreCommand(context: CliContext): Command {
  const command = new Command('restore')
    .description('make a backup the log of a new data folder')
    .argument('<folder>', 'where log backup wrote to')
    .addHelpText('after', restoreHelp)
  return withDataOptions(command).action(async (source: string, options: DataOptions) => {
    const config = configOf(options, context)
    const folder = embeddedLogOf(config)
    requireNothingButKeys(config.data)
    await mkdir(config.data, { recursive: true })
    const { onProgress, end } = stoppable(context, 'events verified')
    const restored = await restoreLog(source, folder, { onProgress })
    end()
    const { events, takenAt } = keptOf(restored, context)
    context.stdout.write(
      `${grouped(events)} events as of ${takenAt} restored and verified in ${config.data}\n`,
    )
  })
}

function keptOf(verified: Verified<BackupManifest>, { stdout }: CliContext): BackupManifest {
  switch (verified.kind) {
    case 'sound':
      return verified.kept
    case 'damaged':
      stdout.write(verifyText(verified.report))
      throw new CliError(`${verdictOf(verified.report)}; nothing was kept`)
  }
}

function embeddedLogOf(config: DataConfig): string {
  if (config.log === 'lmdb') return logFolderOf(config)
  throw new CliError('this works on the log of a data folder; back up a log server with its own tools')
}

/** Read models and refused lines of another log must not come to lie beside this one. */
function requireNothingButKeys(folder: string): void {
  const [other] = namesIn(folder).filter((name) => !keptBesideLog.includes(name))
  if (other === undefined) return
  throw new CliError(
    `${folder} holds ${other}, and a log is restored into a folder with nothing but ${keptBesideLog.join(' and ')}: name another with --data`,
  )
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
