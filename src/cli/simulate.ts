import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { instantInput } from '../../schemas/instant.ts'
import { demoCity } from '../simulate/demo-city.ts'
import type { SimulatedEvent } from '../simulate/feed-event.ts'
import { parseInventory } from '../simulate/parse-inventory.ts'
import { presetNames, presets, type PresetName } from '../simulate/presets.ts'
import { createRandom } from '../simulate/random.ts'
import { simInventory } from '../simulate/sim-inventory.ts'
import type { IncidentKind, SimulationParams } from '../simulate/sim-params.ts'
import { inventoryRegisteredMs, simulateWorldDay, type DayParams } from '../simulate/simulate-day.ts'
import { simWorld, type SimWorld } from '../simulate/sim-world.ts'
import { summarise, type Summary } from '../simulate/summary.ts'
import { exitCodesHelp } from './context.ts'

const defaultStart = '2026-03-01T00:00:00+08:00'
/** A simulation is held in memory to be judged; longer ones are made in parts. */
const maxDays = 31
const maxPerDay = 1_000_000

interface Start {
  readonly ms: number
  readonly utcOffsetMinutes: number
}

interface SimulateOptions {
  readonly inventory?: string
  readonly out?: string
  readonly truth?: string
  readonly preset: PresetName
  readonly seed: string
  readonly start: Start
  readonly days: number
  readonly complaintsPerDay?: number
  readonly stormsPerDay?: number
  readonly siteFaultsPerDay?: number
  readonly cutoversPerDay?: number
  readonly harmlessAlarmsPerDay?: number
}

const simulateHelp = `
Presets: default, a busy day; harsh, with worse feeds and vaguer customers; demo, something every few minutes; quiet, the default day's
ground with a few small faults (for 1,000 sites some four that customers notice); storm, on top of that controllers, mains and sites fail by
the dozen and works overrun.

The day as history in a new data folder, to be looked at with causeway serve, replay and export:
  causeway simulate --out day.ndjson --truth truth.ndjson
  causeway import events day.ndjson --backfill --data day
${exitCodesHelp}`

/** `causeway simulate`: a seeded day of a network's life as event NDJSON, and what was really the matter beside it. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description(
      'write a seeded day of alarms, works and complaints over an inventory, with its ground truth',
    )
    .addHelpText('after', simulateHelp)
    .option(
      '--inventory <file>',
      'LTE cell list (CSV) or NDJSON of ElementRegistered events (default: a built-in city)',
    )
    .option('--out <file>', 'events, one JSON object a line, by arrival (default: standard output)')
    .option('--truth <file>', 'the true cause, place and time of every complaint, one JSON object a line')
    .addOption(new Option('--preset <name>', 'how hard the day is').choices(presetNames).default('default'))
    .option('--seed <text>', 'the same seed gives the same bytes', '1')
    .addOption(
      new Option(
        '--start <instant>',
        'the full hour to begin with; its offset is the local time of the network',
      )
        .argParser(startOf)
        .default(startOf(defaultStart), defaultStart),
    )
    .option('--days <n>', `1 to ${maxDays}`, wholeNumber(1, maxDays), 1)
    .option(
      '--complaints-per-day <n>',
      `first calls of all kinds ${defaultsOf('complaintsPerDay')}`,
      wholeNumber(0, maxPerDay),
    )
    .option('--storms-per-day <n>', `failures upstream ${perHundred('storm')}`, positive)
    .option('--site-faults-per-day <n>', `sites that go out alone ${perHundred('site-fault')}`, positive)
    .option('--cutovers-per-day <n>', `works ${perHundred('cutover')}`, positive)
    .option(
      '--harmless-alarms-per-day <n>',
      `alarms that hurt nobody ${perHundred('harmless-alarm')}`,
      positive,
    )
    .action(async (options: SimulateOptions, command: Command) => {
      try {
        const summary = await simulate(options)
        command.configureOutput().writeErr?.(`${summaryText(summary)}\n`)
      } catch (error) {
        if (isClosedPipe(error)) return
        command.error(`simulate: ${error instanceof Error ? error.message : String(error)}`)
      }
    })
}

async function simulate(options: SimulateOptions): Promise<Summary> {
  const { world, day } = await worldOf(options)
  const simulated = withProgress(simulateWorldDay(day, world))
  await write(
    lines(simulated, ({ event }) => event),
    options.out,
  )
  if (options.truth !== undefined)
    await write(
      lines(simulated, ({ truth }) => truth),
      options.truth,
    )
  return summarise(world, day, simulated)
}

/** Says on a terminal how far it is; nothing in a pipe. */
function withProgress(events: Iterable<SimulatedEvent>): SimulatedEvent[] {
  const { isTTY } = process.stderr
  const eventsPerWord = 2_000
  const simulated: SimulatedEvent[] = []
  for (const one of events) {
    simulated.push(one)
    if (isTTY && simulated.length % eventsPerWord === 0)
      process.stderr.write(
        `\rsimulated up to ${one.event.recordedAt.slice(0, 16)}, ${simulated.length} events`,
      )
  }
  if (isTTY) process.stderr.write('\r\u001b[K')
  return simulated
}

/** Whoever read the output has seen enough. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}

async function worldOf(options: SimulateOptions): Promise<{ world: SimWorld; day: DayParams }> {
  const preset = presets[options.preset]
  if (options.inventory === undefined) {
    const params = withRates(preset, options, demoCity(options.seed, preset).world.inventory.sites.length)
    const city = demoCity(options.seed, params)
    return { world: city.world, day: { ...params, startMs: options.start.ms, days: options.days } }
  }
  const text = await readFile(options.inventory, 'utf8')
  const inventory = simInventory(parseInventory(text, inventoryRegisteredMs(options.start.ms)))
  const params = withRates(preset, options, inventory.sites.length)
  const world = simWorld(params, inventory, createRandom(options.seed))
  return { world, day: { ...params, startMs: options.start.ms, days: options.days } }
}

/** What the command line says is for the whole network; parameters are per hundred sites. */
function withRates(preset: SimulationParams, options: SimulateOptions, sites: number): SimulationParams {
  const wished: Readonly<Partial<Record<IncidentKind, number | undefined>>> = {
    storm: options.stormsPerDay,
    'site-fault': options.siteFaultsPerDay,
    cutover: options.cutoversPerDay,
    'harmless-alarm': options.harmlessAlarmsPerDay,
  }
  const set = Object.entries(wished).flatMap(([kind, perDay]) =>
    perDay === undefined ? [] : [[kind, (perDay * 100) / sites] as const],
  )
  return {
    ...preset,
    utcOffsetMinutes: options.start.utcOffsetMinutes,
    complaintsPerDay: options.complaintsPerDay ?? preset.complaintsPerDay,
    incidentsPerDay: { ...preset.incidentsPerDay, ...Object.fromEntries(set) },
  }
}

function* lines(
  simulated: readonly SimulatedEvent[],
  part: (one: SimulatedEvent) => unknown,
): Iterable<string> {
  const batchLines = 500
  let batch: string[] = []
  for (const one of simulated) {
    const value = part(one)
    if (value !== undefined) batch.push(`${JSON.stringify(value)}\n`)
    if (batch.length < batchLines) continue
    yield batch.join('')
    batch = []
  }
  yield batch.join('')
}

async function write(chunks: Iterable<string>, file: string | undefined): Promise<void> {
  const target: Writable = file === undefined ? process.stdout : createWriteStream(file)
  await pipeline(Readable.from(chunks), target, { end: file !== undefined })
}

function summaryText(summary: Summary): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`
  return [
    `${summary.events} events, ${summary.complaints} complaints, ${summary.networkComplaints} of them taken for the network's`,
    `caused by something that the events show: ${percent(summary.causedShare)}`,
    `${summary.alarms} alarms, hurting nobody: ${percent(summary.harmlessAlarmShare)}`,
    `right by the nearest alarmed site in time: ${percent(summary.naiveTop1)}`,
    `explained by two or more causes: ${percent(summary.overlapShare)}`,
  ].join('\n')
}

function startOf(text: string): Start {
  const parsed = instantInput.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'is no time')
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)?$/.exec(text.slice(10)) ?? []
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
  return { ms: Date.parse(parsed.data), utcOffsetMinutes: sign === '-' ? -offset : offset }
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`)
    return value
  }
}

function positive(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= maxPerDay))
    throw new InvalidArgumentError(`must be a number from 0 to ${maxPerDay}`)
  return value
}

function defaultsOf(key: 'complaintsPerDay'): string {
  return `(default: ${presetNames.map((name) => `${name} ${presets[name][key]}`).join(', ')})`
}

function perHundred(kind: IncidentKind): string {
  const rates = presetNames.map((name) => `${name} ${presets[name].incidentsPerDay[kind]}`)
  return `(default per hundred sites: ${rates.join(', ')})`
}
