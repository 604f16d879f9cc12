import { Command } from 'commander'
import { exitCodesHelp, type CliContext } from './context.ts'
import { customerCommand } from './customer.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { logCommand } from './log.ts'
import { projectionsCommand } from './projections.ts'
import { pullCommand } from './pull.ts'
import { replayCommand } from './replay.ts'
import { serveCommand } from './serve.ts'
import { simulateCommand } from './simulate.ts'
import { userCommand } from './user.ts'

const filesHelp = `
A data folder holds one operator's log, read models and sealed personal data; one process uses it at a time. Settings come
from the command line, then the environment (CAUSEWAY_…), then the file named by --config.
${exitCodesHelp}`

/** The whole command line; parse it with `from: 'user'`. Throws instead of ending the process. */
export function program(context: CliContext): Command {
  const command = new Command('causeway')
    .description('which alarm, cutover, blind spot or upstream failure explains this complaint')
    .version(context.version)
    .addHelpText('after', filesHelp)
    .addCommand(serveCommand(context))
    .addCommand(importCommand(context))
    .addCommand(pullCommand(context))
    .addCommand(simulateCommand())
    .addCommand(replayCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(logCommand(context))
    .addCommand(projectionsCommand(context))
    .addCommand(customerCommand(context))
    .addCommand(userCommand(context))
  prepare(command, context)
  return command
}

/** Errors are thrown, and output goes where the context says, whichever command it comes from. */
function prepare(command: Command, context: CliContext): void {
  command.exitOverride()
  command.configureOutput({
    writeOut: (text) => void context.stdout.write(text),
    writeErr: (text) => void context.stderr.write(text),
  })
  command.showHelpAfterError('(--help shows what there is)')
  for (const child of command.commands) prepare(child, context)
}
