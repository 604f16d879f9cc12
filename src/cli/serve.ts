import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import { loadConfig, type Config } from '../config/config.ts'
import { runningClock } from '../pipeline/clock.ts'
import { exitCodesHelp, type CliContext } from './context.ts'
import { withDataOptions, type DataOptions } from './data-options.ts'
import { demoClock, demoLimits, runDemo } from './demo.ts'
import { pullBeside, type PullBeside } from './pull-beside.ts'
import { pullKeyOf, requirePullers } from './require-pullers.ts'
import { startServer, type Server, type ServerOptions } from './start-server.ts'
import { troubleTeller } from './trouble-teller.ts'

interface ServeOptions extends DataOptions {
  readonly host?: string
  readonly port?: string
  readonly log?: string
  readonly role?: string
  readonly vault?: string
  readonly demo?: true
}

const serveHelp = `
Plain serve starts with an empty log and simulates nothing. Beyond loopback it starts only with API keys
(CAUSEWAY_API_KEYS=name:key,… or apiKeys in the file). On a log in EventStoreDB several processes work together: a reader
never decides, one of several correlators does while the others stand by, both (alone) takes over from whoever did. Ctrl-C stops in good order; a second one at once.
Where the configuration names pullers, causeway pull runs beside the server, and is started again where it ends.
${exitCodesHelp}`

/** `causeway serve`: the server, alone or with a simulated city. */
export function serveCommand(context: CliContext): Command {
  const command = new Command('serve')
    .description('take in events, explain complaints, answer over HTTP')
    .option('--host <address>', 'where to listen (CAUSEWAY_HOST; default: 127.0.0.1)')
    .option('--port <number>', 'which port; 0 takes a free one (CAUSEWAY_PORT; default: 8620)')
    .option(
      '--log <kind>',
      'lmdb, memory, which forgets at the end, or esdb://… (CAUSEWAY_LOG; default: lmdb)',
    )
    .option(
      '--role <role>',
      'among processes that share a log: both, correlator or reader (CAUSEWAY_ROLE; default: both)',
    )
    .option(
      '--vault <where>',
      "who holds customers' keys: own, or the URL of the process that does (CAUSEWAY_VAULT; default: own)",
    )
    .option('--demo', 'with a simulated city whose clock runs 30 times as fast')
    .addHelpText('after', serveHelp)
  return withDataOptions(command).action((options: ServeOptions) => serve(options, context))
}

async function serve({ demo, config: file, ...flags }: ServeOptions, context: CliContext): Promise<void> {
  const { env, nowMs, randomId, version, stderr, stopSignal } = context
  const port = flags.port === undefined ? undefined : Number(flags.port)
  const config = loadConfig({ flags: { ...flags, port }, env, file })
  requirePullers(config.pullers, config, env)
  const pullKey = config.pullers.length > 0 ? pullKeyOf(config) : undefined
  const server = await startServer({
    config,
    nowMs,
    randomId,
    version,
    clockFor: demo ? demoClock(nowMs) : async () => runningClock({ readMs: nowMs }),
    onTrouble: troubleTeller(stderr, nowMs),
    takeCheckpoint: checkpointTaker(config, context),
    ...(demo ? { correlatorLimits: demoLimits } : {}),
  })
  let pulling: PullBeside | undefined
  const place = config.log === 'memory' ? 'nothing is kept' : `data in ${config.data}`
  context.stdout.write(`causeway ${version} listens on ${server.url} (${place}); Ctrl-C stops it\n`)
  try {
    if (config.pullers.length > 0 && context.runSelf !== undefined) {
      pulling = pullBeside(server.url, {
        key: pullKey,
        configFile: file ?? env['CAUSEWAY_CONFIG'],
        runSelf: context.runSelf,
        onTrouble: troubleTeller(stderr, nowMs),
      })
    }
    const stopped = new Promise<void>((resolve) => {
      if (stopSignal.aborted) resolve()
      stopSignal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([stopped, server.failed, ...(demo ? [runDemo(server, context)] : [])])
  } finally {
    await pulling?.close()
    await closeInTime(server, config.limits.stopMs)
  }
}

/** The memory of a process that takes a checkpoint: an engine twice, as it is and as it is written. */
const checkpointHeapMegabytes = 4_096

/** Takes checkpoints in a process of its own, which reads the log as any reader does. */
function checkpointTaker(
  { data, log, logPrefix }: Config,
  { runSelf }: CliContext,
): ServerOptions['takeCheckpoint'] {
  if (runSelf === undefined) return undefined
  // It neither decides nor needs customers' keys, whatever this process does.
  const env = { CAUSEWAY_LOG: log, CAUSEWAY_LOG_PREFIX: logPrefix, CAUSEWAY_ROLE: 'both' }
  return (signal) =>
    runSelf(['log', 'checkpoint', '--data', data], { env, heapMegabytes: checkpointHeapMegabytes, signal })
}

/** Whoever hangs on to a connection cannot keep the server from ending. What was acknowledged is on disk already. */
async function closeInTime(server: Server, stopMs: number): Promise<void> {
  await Promise.race([server.close(), pause(stopMs, undefined, { ref: false })])
}
