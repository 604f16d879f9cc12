import { Command } from 'commander'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'

const grantHelp = `
A log in EventStoreDB needs more than any user may: to read $all. The user must exist; it needs no group. With --only, streams
that have no rights of their own can be read and written by this user and administrators alone, and only administrators can
delete them: for a server that holds nothing else. Made again, the command changes nothing.
${exitCodesHelp}`

/** `causeway log grant`: the rights that a log in EventStoreDB needs. */
export function logGrantCommand(context: CliContext): Command {
  return new Command('grant')
    .description('give a user of an EventStoreDB server the rights that a log needs')
    .argument('<user>', 'the name in the log setting')
    .option(
      '--server <server>',
      "esdb://…, with an administrator's name and password; better in CAUSEWAY_LOG_ADMIN, for others see command lines",
    )
    .option('--only', 'and to nobody else')
    .addHelpText('after', grantHelp)
    .action(async (user: string, options: { server?: string; only?: true }) => {
      const connectionString = options.server ?? context.env['CAUSEWAY_LOG_ADMIN']
      if (connectionString === undefined) {
        throw new CliError('no server is named: set CAUSEWAY_LOG_ADMIN, or pass --server')
      }
      const { grantLogRights } = await import('../event-log/eventstore-grant.ts')
      await grantLogRights({ connectionString, user, only: options.only ?? false })
      context.stdout.write(
        `${user} may read $all${options.only ? ', and nobody else but administrators may use streams' : ''}\n`,
      )
    })
}
