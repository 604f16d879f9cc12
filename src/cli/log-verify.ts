import { Command } from 'commander'
import type { Finding } from '../event-log/verify/finding.ts'
import { verifyLog, type VerifyReport } from '../event-log/verify/verify-log.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { openToRead } from './open-to-read.ts'
import { grouped, progressOn } from './progress.ts'
import { wholeNumber } from './whole-number.ts'

interface VerifyCliOptions extends DataOptions {
  readonly limit: number
  readonly digestTo?: string
  readonly json?: true
}

const verifyHelp = `
Reads the whole log, also while a server writes to it, and changes nothing. Checked are
  damaged   each record's checksum              missing   positions and revisions without an event
  order     that each event has its own place   index     what finds events by id, revision and stream
  schema    each event against its type         decision  that each follows from an input before it
The rule for a damaged record: whoever reads the log gets all that lies before it and then an error that names its position;
nothing is passed over in silence. This command alone goes on behind it, to name all. Restore a backup then.
Checksums tell damage, not forgery: whoever may write to the disk can write a sound log that says something else. So note the
digest and the position beside it where nobody who may do that can: --digest-to of that position must give the same one for
ever, also when days have been archived.
${exitCodesHelp}`

/** `causeway log verify`: is everything there, whole and in order. Exit code 1 where it is not. */
export function logVerifyCommand(context: CliContext): Command {
  const command = new Command('verify')
    .description('check every record: checksum, order, schema, and that decisions follow from inputs')
    .option('--limit <n>', 'findings to print', wholeNumber, 100)
    .option(
      '--digest-to <position>',
      'digest of what lies up to here, as printed before; default: to the end',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', verifyHelp)
  return withDataOptions(command).action(async (options: VerifyCliOptions) => {
    const log = await openToRead(configOf(options, context), context)
    const { onProgress, end } = stoppable(context, 'events verified')
    try {
      const report = await verifyLog(log, {
        maxListed: options.limit,
        digestUpTo: options.digestTo,
        onProgress,
      })
      end()
      context.stdout.write(
        options.json ? `${JSON.stringify(report)}\n` : verifyText(report, options.digestTo),
      )
      if (report.findingCount > 0) throw new CliError(verdictOf(report))
      if (options.digestTo !== undefined && report.digest === undefined) {
        throw new CliError(
          `there is no digest up to ${options.digestTo}: the log does not go so far, or archived files are away`,
        )
      }
    } finally {
      await log.close()
    }
  })
}

/** Progress that ends the work with an error where the user stops it. */
export function stoppable(
  { stderr, nowMs, stopSignal }: CliContext,
  what: string,
): { readonly onProgress: (events: number) => void; readonly end: () => void } {
  const progress = progressOn(stderr, what, nowMs)
  return {
    onProgress(events) {
      if (stopSignal.aborted) throw new CliError('stopped before the end')
      progress.at(events)
    },
    end: progress.end,
  }
}

/** What is wrong, in one line. */
export function verdictOf({ findingCount }: VerifyReport): string {
  return `the log is damaged: ${grouped(findingCount)} ${findingCount === 1 ? 'finding' : 'findings'}. Restore a backup (log restore)`
}

/** A line a finding, and what was read. */
export function verifyText(report: VerifyReport, digestTo = report.head): string {
  const { events, away, streams, head, digest, findingCount, findings } = report
  const more = findingCount - findings.length
  return `${[
    ...findings.map(findingLine),
    ...(more > 0 ? [`and ${grouped(more)} more (--limit)`] : []),
    `${grouped(events)} events in ${grouped(streams)} streams read, ${head === undefined ? 'the log is empty' : `up to ${head}`}`,
    ...(away > 0
      ? [
          `${grouped(away)} archived events are elsewhere: neither they nor what follows from them was checked`,
        ]
      : []),
    ...(digest === undefined || digestTo === undefined ? [] : [`sha256 ${digest} up to ${digestTo}`]),
    ...(findingCount === 0 ? ['sound'] : []),
  ].join('\n')}\n`
}

function findingLine({ kind, position, stream, revision, what }: Finding): string {
  const place =
    stream === undefined ? '' : ` ${stream}${revision === undefined ? '' : ` revision ${revision}`}:`
  return `${position}  ${kind.padEnd(8)} ${place} ${what}`
}
