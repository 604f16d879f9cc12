import { Command } from 'commander'
import type { LogReader } from '../event-log/event-log.ts'
import { copyLog, type CopyReport } from '../event-log/copy/copy-log.ts'
import { openLmdbReader } from '../event-log/lmdb-reads.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { logFolderOf, openLog, type DataConfig } from './open-data.ts'
import { stoppable } from './log-verify.ts'
import { grouped } from './progress.ts'

const copyHelp = `
A log is named by its data folder, or by the address of its server (esdb://…). Ids, both times and metadata stay, and events
lie in the order of the source. Broken off, even by a kill, the same command goes on where it stood. At the end both logs
are read and compared: events and a checksum a stream, the order of inputs, the last answer to each complaint.
A data folder may be copied while a server runs on it, as far as its log went at that moment: do so first, stop the server, and
copy again; the second time takes only what came since. The vault and the master key are not in the log: copy them yourself.
${exitCodesHelp}`

/** Appends under way at once into a log that keeps the order of calls: they share one wait for the disk. */
const orderedInFlight = 64

/** `causeway log copy`: a log from one implementation into another. */
export function logCopyCommand(context: CliContext): Command {
  return new Command('copy')
    .description('copy a log from one place into another, and compare')
    .requiredOption('--from <log>', 'a data folder, or esdb://…')
    .requiredOption('--to <log>', 'a data folder, or esdb://…; empty, or the beginning of such a copy')
    .addHelpText('after', copyHelp)
    .action(async (options: { from: string; to: string }) => {
      const from = await openSource(placeOf(options.from, context), context)
      try {
        const to = await openLog(placeOf(options.to, context), context.nowMs)
        try {
          const maxInFlight = to.keepsCallOrder ? orderedInFlight : 1
          const copying = stoppable(context, 'events copied')
          const comparing = stoppable(context, 'events compared')
          const report = await copyLog(from, to, {
            maxInFlight,
            onProgress: (what, events) => (what === 'copied' ? copying : comparing).onProgress(events),
          })
          comparing.end()
          tell(report, context)
        } finally {
          await to.close()
        }
      } finally {
        await from.close()
      }
    })
}

function placeOf(name: string, { env }: CliContext): DataConfig {
  if (name === 'memory')
    throw new CliError('a log in memory ends with its process: name a folder or esdb://…')
  return /^esdb(\+discover)?:\/\//.test(name)
    ? { data: '', log: name, logPrefix: env['CAUSEWAY_LOG_PREFIX'] ?? 'causeway' }
    : { data: name, log: 'lmdb', logPrefix: '' }
}

async function openSource(place: DataConfig, { nowMs }: CliContext): Promise<LogReader> {
  return place.log === 'lmdb'
    ? openLmdbReader(logFolderOf(place))
    : openLog(place, nowMs, { mustExist: true })
}

function tell({ heldBefore, copied, digest, differences }: CopyReport, { stdout }: CliContext): void {
  const before = heldBefore === 0 ? '' : `, ${grouped(heldBefore)} were there`
  stdout.write(
    `${grouped(copied)} events copied${before}; ${grouped(digest.events)} events in ${grouped(digest.streams.size)} streams and ${grouped(digest.answers.size)} answers compared\n`,
  )
  if (differences.length === 0) return
  for (const difference of differences) stdout.write(`${difference}\n`)
  throw new CliError('the two logs differ: copy into an empty log')
}
