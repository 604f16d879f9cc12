import { Command, InvalidArgumentError } from 'commander'
import type { LogReader, RecordedEvent } from '../event-log/event-log.ts'
import { exitCodesHelp, CliError, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { logArchiveCommand } from './log-archive.ts'
import { logBackupCommand, logRestoreCommand } from './log-backup.ts'
import { logCheckpointCommand } from './log-checkpoint.ts'
import { logCopyCommand } from './log-copy.ts'
import { logGrantCommand } from './log-grant.ts'
import { logParkedCommand } from './log-parked.ts'
import { logVerifyCommand } from './log-verify.ts'
import { openToRead } from './open-to-read.ts'
import { grouped, progressOn } from './progress.ts'
import { wholeNumber } from './whole-number.ts'
import { writeOut } from './write-out.ts'

/** `causeway log`: looks into the log itself. */
export function logCommand(context: CliContext): Command {
  const command = new Command('log')
    .description(
      'look into the event log, check, back up, restore, archive and copy it, give rights to it; what is parked',
    )
    .addHelpText('after', exitCodesHelp)
  command.addCommand(infoCommand(context))
  command.addCommand(catCommand(context))
  command.addCommand(logVerifyCommand(context))
  command.addCommand(logArchiveCommand(context))
  command.addCommand(logParkedCommand(context))
  command.addCommand(logCheckpointCommand(context))
  command.addCommand(logBackupCommand(context))
  command.addCommand(logRestoreCommand(context))
  command.addCommand(logCopyCommand(context))
  command.addCommand(logGrantCommand(context))
  return command
}

function infoCommand(context: CliContext): Command {
  return withDataOptions(new Command('info').description('count what the log holds'))
    .option('--json', 'print JSON')
    .action(async (options: DataOptions & { json?: true }) => {
      await withLog(options, context, async (log) => {
        const info = await readInfo(log, context)
        context.stdout.write(options.json ? `${JSON.stringify(info)}\n` : infoText(info))
      })
    })
}

interface CatOptions extends DataOptions {
  readonly stream?: string
  readonly from?: string
  readonly limit?: number
}

function catCommand(context: CliContext): Command {
  return withDataOptions(new Command('cat').description('print events as NDJSON, oldest first'))
    .option('--stream <name>', 'one stream only, such as complaint-4711 or decisions-0')
    .option('--from <place>', 'begin here: a revision with --stream, else behind a position as printed')
    .option('--limit <n>', 'print at most so many events', wholeNumber)
    .action(async (options: CatOptions) => {
      await withLog(options, context, async (log) => {
        const lines = linesOf(eventsOf(log, options), context.stopSignal)
        await writeOut(lines, undefined, context)
      })
    })
}

function eventsOf(
  log: LogReader,
  { stream, from, limit }: CatOptions,
): AsyncIterable<readonly RecordedEvent[]> {
  const maxEvents = limit === undefined ? {} : { maxEvents: limit }
  if (stream !== undefined) {
    const fromRevision = from === undefined ? {} : { fromRevision: wholeNumber(from) }
    return log.readStream(stream, { ...maxEvents, ...fromRevision })
  }
  try {
    return log.readAll({ ...maxEvents, ...(from === undefined ? {} : { after: from }) })
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(`--from: ${error.message}`)
    throw error
  }
}

async function withLog(
  options: DataOptions,
  context: CliContext,
  work: (log: LogReader) => Promise<void>,
): Promise<void> {
  const log = await openToRead(configOf(options, context), context)
  try {
    await work(log)
  } finally {
    await log.close()
  }
}

interface LogInfo {
  readonly events: number
  readonly streams: number
  readonly firstRecordedAt?: string
  readonly lastRecordedAt?: string
  readonly head?: string
  readonly byType: Readonly<Record<string, number>>
}

async function readInfo(log: LogReader, { stderr, nowMs, stopSignal }: CliContext): Promise<LogInfo> {
  const byType = new Map<string, number>()
  let events = 0
  let streams = 0
  let first: string | undefined
  let last: RecordedEvent | undefined
  const progress = progressOn(stderr, 'events', nowMs)
  for await (const batch of log.readAll()) {
    for (const event of batch) {
      byType.set(event.type, (byType.get(event.type) ?? 0) + 1)
      if (event.revision === 0) streams += 1
    }
    first ??= batch[0]?.recordedAt
    last = batch.at(-1) ?? last
    events += batch.length
    progress.at(events)
    if (stopSignal.aborted) throw new CliError('stopped before the end')
  }
  progress.end()
  return {
    events,
    streams,
    ...(first === undefined ? {} : { firstRecordedAt: first }),
    ...(last === undefined ? {} : { lastRecordedAt: last.recordedAt, head: last.position }),
    byType: Object.fromEntries([...byType].sort(([, a], [, b]) => b - a)),
  }
}

function infoText({ events, streams, firstRecordedAt, lastRecordedAt, head, byType }: LogInfo): string {
  const rows = Object.entries(byType).map(
    ([type, count]) => `  ${type.padEnd(24)}${grouped(count).padStart(12)}`,
  )
  const span = firstRecordedAt === undefined ? [] : [`recorded ${firstRecordedAt} to ${lastRecordedAt}`]
  const end = head === undefined ? [] : [`head ${head}`]
  return `${[`${grouped(events)} events in ${grouped(streams)} streams`, ...span, ...end, ...rows].join('\n')}\n`
}

async function* linesOf(
  batches: AsyncIterable<readonly RecordedEvent[]>,
  stopSignal: AbortSignal,
): AsyncGenerator<string> {
  for await (const batch of batches) {
    if (stopSignal.aborted) return
    yield batch.map((event) => `${JSON.stringify(event)}\n`).join('')
  }
}
