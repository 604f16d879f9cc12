import { Command } from 'commander'
import { z } from 'zod'
import { answerParked, type AnswerParked } from '../../schemas/answer-parked.ts'
import { askServer, defaultServerUrl, serverAt, urlHelp } from './ask-server.ts'
import { exitCodesHelp, type CliContext } from './context.ts'
import { grouped } from './progress.ts'

interface ParkedOptions {
  readonly url: string
  readonly json?: true
}

const parkedHelp = `
Asks a running server. An event is parked for a read model that fails on it; for the engine, which is then made again from
its last checkpoint and goes on without; and for all (schema) where it is whole but cannot be read. Nothing else is lost, and a
rebuild parks the same events. A later version may be able to take them.
${exitCodesHelp}`

const page = z.looseObject({ items: z.array(answerParked), next: z.string().optional() })

/** `causeway log parked`: what the folds of the log could not take. */
export function logParkedCommand(context: CliContext): Command {
  return new Command('parked')
    .description('list events that engine or read models could not take, and why')
    .option('--url <address>', urlHelp, defaultServerUrl)
    .option('--json', 'print NDJSON')
    .addHelpText('after', parkedHelp)
    .action(async ({ url, json }: ParkedOptions) => {
      const server = serverAt(url, context)
      let count = 0
      let cursor = ''
      for (;;) {
        const { items, next } = page.parse(await askServer(server, `/v1/parked?limit=500${cursor}`))
        count += items.length
        for (const item of items) context.stdout.write(json ? `${JSON.stringify(item)}\n` : lineOf(item))
        if (next === undefined) break
        cursor = `&cursor=${encodeURIComponent(next)}`
      }
      if (!json) context.stdout.write(count === 0 ? 'nothing is parked\n' : `${grouped(count)} parked\n`)
    })
}

function lineOf({ position, fold, type, eventId, deadline, error }: AnswerParked): string {
  const what = [type, eventId, deadline === undefined ? undefined : `(${deadline})`]
  return `${position}  ${fold.padEnd(14)} ${what.filter((part) => part !== undefined).join(' ')}: ${error}\n`
}
