import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { z } from 'zod'
import { ruleset as rulesetSchema, type Ruleset } from '../../schemas/ruleset.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { openToRead } from './open-to-read.ts'
import { progressOn } from './progress.ts'
import { replayLog } from './replay-log.ts'
import { replayText } from './replay-text.ts'
import { wholeNumber } from './whole-number.ts'

interface ReplayOptions extends DataOptions {
  readonly rules?: string
  readonly json?: true
  readonly archive?: string
  readonly limit: number
}

const replayHelp = `
Folds the log from the beginning and decides everything again. Without --rules it says what the log holds, and whether the
engine still decides what is logged, to the byte. With --rules it says which complaints another ruleset would have answered
otherwise. Nothing is written, and a server may run on the folder: then what it holds at the start is replayed. To begin with the rules in force:
  causeway log cat --stream rulesets --limit 1 > rules.json
${exitCodesHelp}`

/** `causeway replay`: what happened, and what other rules would have said. */
export function replayCommand(context: CliContext): Command {
  const command = new Command('replay')
    .description('decide the whole history again, and compare')
    .option('--rules <file>', 'a ruleset (JSON) in the place of every one in the log')
    .option('--archive <folder>', 'where the files of archived days are, if not beside the log')
    .option('--limit <n>', 'differences to print', wholeNumber, 20)
    .option('--json', 'print everything as JSON')
    .addHelpText('after', replayHelp)
  return withDataOptions(command).action((options: ReplayOptions) => replay(options, context))
}

async function replay(options: ReplayOptions, context: CliContext): Promise<void> {
  const { stdout, stderr, nowMs, stopSignal } = context
  const rules = options.rules === undefined ? undefined : readRules(options.rules)
  const log = await openToRead(configOf(options, context), context, options.archive)
  const progress = progressOn(stderr, 'events', nowMs)
  const startedMs = nowMs()
  try {
    const report = await replayLog(log, {
      rules,
      onProgress: (events) => {
        if (stopSignal.aborted) throw new CliError('stopped before the end')
        progress.at(events)
      },
    })
    const seconds = (nowMs() - startedMs) / 1000
    progress.end()
    stdout.write(
      options.json
        ? `${JSON.stringify({ ...report, seconds })}\n`
        : replayText(report, seconds, options.limit),
    )
  } finally {
    await log.close()
  }
}

/** A ruleset, or an event that put one in force, as `log cat` prints it. */
function readRules(path: string): Ruleset {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CliError(`the rules ${path} cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
  const activated = z.looseObject({ data: z.looseObject({ ruleset: z.unknown() }) }).safeParse(parsed)
  const result = rulesetSchema.safeParse(activated.success ? activated.data.data.ruleset : parsed)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new CliError(`the rules ${path} are no ruleset: ${issue?.path.join('.')} ${issue?.message}`)
}
