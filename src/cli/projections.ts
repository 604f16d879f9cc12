import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import { z } from 'zod'
import { allProjections } from '../../projections/all-projections.ts'
import { answerProjection, type AnswerProjection } from '../../schemas/answer-projection.ts'
import { startProjector, type Projector } from '../pipeline/projector.ts'
import type { RebuildState } from '../pipeline/projection-rebuilds.ts'
import { askServer, defaultServerUrl, serverAt, urlHelp } from './ask-server.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { openData } from './open-data.ts'
import { grouped, progressOn } from './progress.ts'
import { rowsTag } from './rows-tag.ts'

interface RebuildOptions extends DataOptions {
  readonly url?: string
}

const rebuildHelp = `
Makes the rows of one read model again from the log, beside those that are read, and switches at once when they have come as
far. Until then, and where it is broken off, the old ones serve. With --url a running server does it; Ctrl-C then only stops
watching. Without, the folder must be in nobody's use. Only act is read by others: made again for a fault in it, they come after.
Read models of another version need no command: the server makes all of them again when it starts.
${exitCodesHelp}`

/** How often a server is asked how far it is. */
const askEveryMs = 250
const listed = z.looseObject({ items: z.array(answerProjection) })

/** `causeway projections`: the read models, and making one again. */
export function projectionsCommand(context: CliContext): Command {
  const command = new Command('projections')
    .description('list the read models, make one again beside the one that is read')
    .addHelpText('after', exitCodesHelp)
  command
    .command('list')
    .description('the read models of a running server')
    .option('--url <address>', urlHelp, defaultServerUrl)
    .option('--json', 'print JSON')
    .action(async ({ url, json }: { readonly url: string; readonly json?: true }) => {
      const { items } = listed.parse(await askServer(serverAt(url, context), '/v1/projections'))
      context.stdout.write(json ? `${JSON.stringify(items)}\n` : items.map(lineOf).join(''))
    })
  const rebuild = new Command('rebuild')
    .description('make a read model again from the log')
    .argument('<name>', 'as `projections list` tells it')
    .option('--url <address>', 'a server that runs on the folder (key: CAUSEWAY_API_KEY)')
    .addHelpText('after', rebuildHelp)
    .action(async (name: string, options: RebuildOptions) => {
      const work =
        options.url === undefined ? inFolder(name, options, context) : onServer(name, options.url, context)
      const events = await work
      context.stdout.write(`${name} is made again of ${grouped(events)} events\n`)
    })
  command.addCommand(withDataOptions(rebuild))
  return command
}

function lineOf({ name, version, parked, rebuild }: AnswerProjection): string {
  const parts = [
    name.padEnd(14),
    `version ${version}`,
    ...(parked === 0 ? [] : [`${grouped(parked)} parked`]),
    ...(rebuild === undefined ? [] : [rebuildText(rebuild)]),
  ]
  return `${parts.join('  ')}\n`
}

function rebuildText(state: RebuildState): string {
  switch (state.kind) {
    case 'running':
      return `being made again, ${grouped(state.events)} events read`
    case 'done':
      return `made again of ${grouped(state.events)} events`
    case 'failed':
      return `not made again: ${state.error}`
  }
}

async function onServer(name: string, url: string, context: CliContext): Promise<number> {
  const { stderr, nowMs, stopSignal } = context
  const server = serverAt(url, context)
  await askServer(server, `/v1/projections/${encodeURIComponent(name)}/rebuild`, 'POST')
  const progress = progressOn(stderr, 'events', nowMs)
  for (;;) {
    const { items } = listed.parse(await askServer(server, '/v1/projections'))
    const state = items.find((item) => item.name === name)?.rebuild
    if (state?.kind !== 'running') {
      progress.end()
      return eventsOf(state)
    }
    progress.at(state.events)
    if (stopSignal.aborted)
      throw new CliError('the server goes on with it; `projections list` tells how far it is')
    await pause(askEveryMs)
  }
}

async function inFolder(name: string, options: RebuildOptions, context: CliContext): Promise<number> {
  const { nowMs, stderr, stopSignal } = context
  const data = await openData(configOf(options, context), nowMs, { mustExist: true })
  let projector: Projector | undefined
  try {
    const rows = await data.openRows(await rowsTag(data.log))
    projector = startProjector({ log: data.log, rows, projections: allProjections, nowMs })
    const stop = () => void projector?.stop()
    stopSignal.addEventListener('abort', stop, { once: true })
    await projector.ready
    const progress = progressOn(stderr, 'events', nowMs)
    const start = projector.rebuilds.start(name, progress.at)
    if (start.kind !== 'started') throw new CliError(`there is no read model ${name}: ${names()}`)
    const state = await start.finished
    progress.end()
    return eventsOf(state)
  } finally {
    await projector?.stop()
    await data.close()
  }
}

function names(): string {
  return `name one of ${allProjections.map(({ name }) => name).join(', ')}`
}

function eventsOf(state: RebuildState | undefined): number {
  if (state?.kind === 'done') return state.events
  throw new CliError(
    `it was not made again: ${state?.kind === 'failed' ? state.error : 'the server was restarted'}`,
  )
}
