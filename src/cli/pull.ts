import { Command, Option } from 'commander'
import { ConfigError, loadConfig } from '../config/config.ts'
import type { Puller } from '../config/puller.ts'
import type { PullResult } from '../ingest/pull/pull-once.ts'
import { runPullerOnce, runPullers, type PullersOptions } from '../ingest/pull/run-pullers.ts'
import { createHttpTarget } from '../ingest/http-target.ts'
import { ImportError } from '../ingest/import-error.ts'
import { toInstant } from '../../schemas/instant.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { describeError } from './describe-error.ts'
import { requirePullers } from './require-pullers.ts'

interface PullFlags {
  readonly config?: string
  readonly url?: string
  readonly once?: string
  readonly whileParent?: boolean
}

const pullHelp = `
Pullers stand under "pullers" in the configuration: name, source, kind (alarms, inventory, links, cutovers, complaints, gaps),
url or folder, intervalMs, timeoutMs, maxBytes; how the answer is read: format (json, csv), encoding, list (where the list is in
JSON), map (field to column, or to a path in JSON), set, words (a sender's words to this program's), zone, timeFormat (also
epoch-s, epoch-ms). Fields are those of "causeway import KIND --help". Tokens come from bearerEnv or bearerFile.

  alarms     the whole list of active ones: what is missing has cleared ("whole": false: what happened, row by row)
  inventory  the whole: what is new or otherwise is recorded; "retireMissing": true retires the rest
  cutovers   the works as they stand: planned, moved, started, finished, cancelled

From a folder files are taken in the order of their names, once size and time have stood still over two looks, and moved to
done/ or failed/ with a report beside each; while the mapping has fitted none yet, they stay. Ctrl-C stops it; started again it goes on, and stores nothing twice.
The key of the server is CAUSEWAY_API_KEY; the role "feed" is enough for it. NODE_EXTRA_CA_CERTS names authorities of your own.
${exitCodesHelp}`

/** `causeway pull`: draws from other systems on a schedule, in a process of its own. */
export function pullCommand(context: CliContext): Command {
  return new Command('pull')
    .description('draw alarms, inventory, works and complaints from other systems on a schedule')
    .option('--config <file>', 'a JSON file with settings (CAUSEWAY_CONFIG)')
    .option('--url <address>', 'the server to deliver to (default: host and port of the configuration)')
    .option('--once <name>', 'run this puller once, and say what came of it')
    .addOption(new Option('--while-parent', 'end with the process that started it').hideHelp())
    .addHelpText('after', pullHelp)
    .action((flags: PullFlags) => pull(flags, context))
}

async function pull(flags: PullFlags, context: CliContext): Promise<void> {
  const { env, nowMs, stopSignal, stdout, stderr } = context
  const config = loadConfig({ env, file: flags.config })
  const pullers = flags.once === undefined ? config.pullers : [pullerNamed(config.pullers, flags.once)]
  if (pullers.length === 0) throw new ConfigError('pullers: none are configured; name --config FILE')
  requirePullers(pullers, config, env)
  const url = flags.url ?? `http://${config.host}:${config.port}`
  if (!URL.canParse(url)) throw new ConfigError(`--url ${url} is no address like http://127.0.0.1:8620`)
  const parent = flags.whileParent === true ? endOfParent(context) : undefined
  const stopped = parent === undefined ? stopSignal : AbortSignal.any([stopSignal, parent])
  const options: PullersOptions = {
    pullers,
    server: {
      url,
      apiKey: env['CAUSEWAY_API_KEY'],
      clockMs: nowMs,
      maxBusyMs: maxServerBusyMs,
      signal: stopped,
    },
    env,
    nowMs,
    stopped,
    onResult: (source, result) => void stdout.write(lineOf(toInstant(nowMs()), source, result)),
    onTrouble: (error) => void stderr.write(`causeway: ${describeError(error)}\n`),
  }
  if (flags.once === undefined) return runPullers(options)
  const results = await Promise.all(pullers.map((puller) => runPullerOnce(puller, options)))
  if (results.flat().length === 0) {
    stdout.write('there is no file that has settled\n')
    // Whether the server lets this key in is told all the same.
    await createHttpTarget(options.server).write([])
  }
  const failed = results.flat().find(({ status }) => status === 'failed')
  if (failed !== undefined) throw new CliError(`${flags.once}: ${failed.error ?? 'it failed'}`)
  if (results.flat().some(({ refused }) => refused > 0))
    throw new ImportError(`${flags.once}: some rows were refused, the others are stored`, 'refused')
}

/** A server that is busy is waited for so long; the next pull tries again. */
const maxServerBusyMs = 60_000

function pullerNamed(pullers: readonly Puller[], name: string): Puller {
  const found = pullers.find((puller) => puller.name === name)
  if (found !== undefined) return found
  throw new ConfigError(
    `--once ${name}: there is no such puller; there are ${pullers.map((puller) => puller.name).join(', ') || 'none'}`,
  )
}

/** Refused rows that one line names. */
const maxRefusalsTold = 3

function lineOf(at: string, source: string, result: PullResult): string {
  const { puller, status, rows, items, refused, refusals, tookMs, error, file } = result
  const named = refusals.slice(0, maxRefusalsTold).map(({ line, reason }) => `${line}: ${reason}`)
  const details = [
    ...(file === undefined ? [] : [file]),
    `${rows} read, ${items} stored, ${refused} refused in ${tookMs} ms`,
    ...(error === undefined ? [] : [error]),
    // Why it failed names them already.
    ...(status === 'failed' ? [] : named),
  ]
  return `${at} ${puller} (${source}) ${status}: ${details.join('; ')}\n`
}

const lookAtParentEveryMs = 2_000

/** Aborts once the process that started this one is gone: what it started must not outlive it. */
function endOfParent({ parentId }: CliContext): AbortSignal | undefined {
  if (parentId === undefined) return undefined
  const ended = new AbortController()
  const started = parentId()
  const timer = setInterval(() => {
    if (parentId() === started) return
    clearInterval(timer)
    ended.abort()
  }, lookAtParentEveryMs)
  timer.unref()
  return ended.signal
}
