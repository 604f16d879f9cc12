import { Command, InvalidArgumentError } from 'commander'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { stoppable } from './log-verify.ts'
import { openLog } from './open-data.ts'
import { grouped } from './progress.ts'

interface ArchiveCliOptions extends DataOptions {
  readonly before: string
}

const archiveHelp = `
Moves whole days (UTC, by the time of recording) out of the log of a stopped server into log/archive: compressed NDJSON, an
event a line as log cat prints it, with a checksum beside each file (sha256sum -c). A server with retentionDays does it by
itself. Nothing changes for readers while the files are there. They may be taken away: then what needs them says "archived"
and names the file, ids of those days are refused as too old, and the engine or read models can be made again from the
beginning only when the files are back, which a new release may ask for. The log's own file keeps its size and fills again.
${exitCodesHelp}`

/** `causeway log archive`: old days out of the log into files. */
export function logArchiveCommand(context: CliContext): Command {
  const command = new Command('archive')
    .description('move whole days out of the log into compressed, checksummed files')
    .requiredOption('--before <day>', 'the first day that stays, like 2026-01-31', day)
    .addHelpText('after', archiveHelp)
  return withDataOptions(command).action(async (options: ArchiveCliOptions) => {
    const log = await openLog(configOf(options, context), context.nowMs, { mustExist: true })
    const { onProgress, end } = stoppable(context, 'events archived')
    try {
      if (log.archiveBefore === undefined)
        throw new CliError('days are archived of the log of a data folder alone')
      const { events, files } = await log.archiveBefore(options.before, {
        signal: context.stopSignal,
        onProgress,
      })
      end()
      context.stdout.write(`${grouped(events)} events archived in ${grouped(files)} files\n`)
    } finally {
      await log.close()
    }
  })
}

function day(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('must be a day like 2026-01-31')
}
