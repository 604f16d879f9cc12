import { Command } from 'commander'
import { engineVersion } from '../correlate/engine.ts'
import { foldLogged } from '../pipeline/fold-logged.ts'
import { writeCheckpoint } from '../pipeline/checkpoint-file.ts'
import { checkpointMake, engineFrom } from './checkpointed-engine.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { stoppable } from './log-verify.ts'
import { openToRead } from './open-to-read.ts'
import { checkpointFileOf } from './open-data.ts'

const checkpointHelp = `
Folds what is decided since the last checkpoint, up to the end of the log, and writes what the engine knows then beside the log,
for the next start. May run beside a server, which has one taken by itself every so often and takes one when it is stopped.
${exitCodesHelp}`

/** `causeway log checkpoint`: what a restart goes on from. */
export function logCheckpointCommand(context: CliContext): Command {
  const command = new Command('checkpoint')
    .description('write down what the engine knows, so that a restart need not read the whole log')
    .addHelpText('after', checkpointHelp)
  return withDataOptions(command).action(async (options: DataOptions) => {
    const config = configOf(options, context)
    if (config.log === 'memory') throw new CliError('a log in memory has no restart')
    const log = await openToRead(config, context)
    const { onProgress, end } = stoppable(context, 'events folded')
    try {
      const file = checkpointFileOf(config)
      const onTrouble = (error: unknown) => context.stderr.write(`causeway: ${String(error)}\n`)
      const { version } = context
      const { engine, resume } = await engineFrom({ log, checkpointFile: file }, { version, onTrouble })
      const stand = await foldLogged({ log, engine, resume, engineVersion, onProgress })
      end()
      if (stand === undefined) {
        context.stdout.write(
          'nothing is decided yet that a restart could go on from, and nothing was written\n',
        )
        return
      }
      if (stand.position === resume?.position) {
        context.stdout.write(`the checkpoint at ${stand.position} is up to date\n`)
        return
      }
      await writeCheckpoint(file, checkpointMake(version), log, { ...stand, engine: engine.snapshot() })
      context.stdout.write(`checkpoint at ${stand.position}\n`)
    } finally {
      await log.close()
    }
  })
}
