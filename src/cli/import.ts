import { Command, Option } from 'commander'
import type { Config } from '../config/config.ts'
import { engineVersion } from '../correlate/engine.ts'
import { defaultRuleset } from '../domain/default-ruleset.ts'
import { collectReport } from '../ingest/collect-report.ts'
import { encodings } from '../ingest/decode-bytes.ts'
import { factKinds, type FactKind } from '../ingest/fact-layouts.ts'
import { requireReadable } from '../ingest/file-bytes.ts'
import * as help from '../ingest/format-help.ts'
import { readGazetteer, writeGazetteer } from '../ingest/gazetteer.ts'
import { createHttpTarget, sendPlaces, type HttpTargetOptions } from '../ingest/http-target.ts'
import { importEvents } from '../ingest/import-events.ts'
import { ImportError } from '../ingest/import-error.ts'
import { importOptions, readingOptions, type FactFlags, type ReadingFlags } from '../ingest/import-flags.ts'
import { mergePlaces, readPlaces } from '../ingest/import-places.ts'
import type { ImportReport } from '../ingest/import-report.ts'
import { createLogTarget } from '../ingest/log-target.ts'
import { zoneOfSource } from '../intake/zone-of-source.ts'
import { runImport, type FactFile, type ImportFiles } from '../ingest/run-import.ts'
import { rulesetFirst } from '../pipeline/ruleset-first.ts'
import { createWriter } from '../pipeline/writer.ts'
import { createPlaceIndex, type Place, type PlaceIndex } from '../places/place-index.ts'
import { LogUnavailableError } from '../event-log/event-log.ts'
import type { CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { openData, type OpenData } from './open-data.ts'
import { progressOn } from './progress.ts'

interface TargetFlags extends ReadingFlags, DataOptions {
  readonly url?: string
  readonly refused?: string
}

interface ImportFlags extends TargetFlags, FactFlags {
  readonly actor: string
  readonly links?: string[]
}

interface EventFlags extends DataOptions {
  readonly refused?: string
  readonly actor: string
  readonly backfill?: true
}

interface PlaceFlags extends TargetFlags {
  readonly replace?: boolean
}

/** `causeway import`: inventories, history and places from files, into a data folder or a running server. */
export function importCommand(context: CliContext): Command {
  const command = new Command('import')
    .description('read inventories, alarms, complaints, cutovers, gaps, places and events from files')
    .addHelpText('after', help.commonHelp)
  command.addCommand(
    factCommand('inventory', 'elements and the links between them', help.inventoryHelp)
      .argument('<file...>')
      .option('--links <file>', 'what depends on what; may be given several times', collect, [])
      .option('--retire-missing', 'retire elements, and unlink links, that the files no longer name')
      .action((files: string[], flags: ImportFlags) =>
        importFacts(context, flags, { inventory: { elements: files, links: flags.links ?? [] }, facts: [] }),
      ),
  )
  const kinds = {
    alarms: help.alarmsHelp,
    complaints: help.complaintsHelp,
    cutovers: help.cutoversHelp,
    gaps: help.gapsHelp,
  }
  for (const kind of factKinds) {
    command.addCommand(
      factCommand(kind, `${kind}, as they happen or as history`, kinds[kind])
        .argument('<file...>')
        .action((files: string[], flags: ImportFlags) =>
          importFacts(context, flags, {
            inventory: { elements: [], links: [] },
            facts: files.map((path) => ({ kind, path })),
          }),
        ),
    )
  }
  command.addCommand(
    factCommand('history', 'several files as one history', help.historyHelp)
      .argument('<kind=file...>')
      .action((pairs: string[], flags: ImportFlags) =>
        importFacts(context, flags, () => historyFiles(pairs)),
      ),
  )
  command.addCommand(
    withDataOptions(new Command('events').description('events as NDJSON: an export, or a simulated day'))
      .argument('<file...>')
      .option('--actor <name>', 'who imports', 'import')
      .option('--refused <file>', 'write refused lines there, one JSON object a line: file, line, reason')
      .option('--backfill', 'history, into a log that has not gone live: recordedAt comes from the lines')
      .addHelpText('after', help.eventsHelp)
      .action((files: string[], flags: EventFlags) => storeEvents(context, flags, files)),
  )
  command.addCommand(
    withCommonOptions(new Command('places').description('a gazetteer: named places with their positions'))
      .argument('<file...>')
      .option('--replace', 'forget the places of earlier imports')
      .addHelpText('after', help.placesHelp)
      .addHelpText('after', help.commonHelp)
      .action((files: string[], flags: PlaceFlags) => importPlaces(context, flags, files)),
  )
  return command
}

function factCommand(name: string, description: string, formats: string): Command {
  return withCommonOptions(new Command(name).description(description))
    .option('--zone <zone>', 'IANA time zone of times without offset, like Asia/Shanghai')
    .option('--time-format <format>', 'how times are written where not like ISO 8601')
    .option('--source <name>', 'the system that it comes from (default: import: and the file name)')
    .option('--as-of <time>', 'when the file was true (default: when it was last written)')
    .option('--actor <name>', 'who imports', 'import')
    .option('--backfill', 'history, into a log that has not gone live: recordedAt comes from the file')
    .addHelpText('after', formats)
    .addHelpText('after', help.commonHelp)
}

function withCommonOptions(command: Command): Command {
  return withDataOptions(command)
    .option(
      '--url <address>',
      'a server that runs on the folder, like http://127.0.0.1:8620 (key: CAUSEWAY_API_KEY)',
    )
    .addOption(new Option('--encoding <name>', 'of the file').choices(encodings).default('utf-8'))
    .addOption(
      new Option('--delimiter <sign>', 'between columns (default: as the heading)').choices([
        ',',
        ';',
        'tab',
      ]),
    )
    .option('--map <field=Column>', 'the column of a field; may be given several times', collect, [])
    .option('--set <field=value>', 'the value of a field where a row has none', collect, [])
    .option('--mapping <file>', 'a JSON object of fields to columns')
    .option('--refused <file>', 'write refused rows there, one JSON object a line: file, line, reason')
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

/** `alarms=a.csv` and the like. Throws `ImportError` for another kind. */
function historyFiles(pairs: readonly string[]): ImportFiles {
  const elements: string[] = []
  const links: string[] = []
  const facts: FactFile[] = []
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const kind = pair.slice(0, Math.max(at, 0))
    const path = pair.slice(at + 1)
    if (kind === 'inventory') elements.push(path)
    else if (kind === 'links') links.push(path)
    else if (isFactKind(kind)) facts.push({ kind, path })
    else
      throw new ImportError(
        `${pair} must be kind=file, the kind one of inventory, links, ${factKinds.join(', ')}`,
        'usage',
      )
  }
  return { inventory: { elements, links }, facts }
}

function isFactKind(kind: string): kind is FactKind {
  return (factKinds as readonly string[]).includes(kind)
}

async function importFacts(
  context: CliContext,
  flags: ImportFlags,
  wanted: ImportFiles | (() => ImportFiles),
): Promise<void> {
  const options = await importOptions(flags, context.nowMs())
  const files = typeof wanted === 'function' ? wanted() : wanted
  const { inventory, facts } = files
  await requireReadable([...inventory.elements, ...inventory.links, ...facts.map(({ path }) => path)])
  await reported(context, flags, async (report) => {
    const server = serverOf(context, flags)
    if (server !== undefined) {
      await runImport(files, options, { kind: 'server', target: createHttpTarget(server) }, report)
      return
    }
    const config = folderConfig(context, flags)
    await withData(context, config, async ({ log, vault }) => {
      const places = await placesOf(config)
      const target = createLogTarget({
        writer: rulesetFirst(log, createWriter({ log }), { ruleset: defaultRuleset, engineVersion }),
        vault,
        places,
        zoneOf: (source) => zoneOfSource(config.feeds, source, flags.zone),
        clockMs: context.nowMs,
        actor: flags.actor,
        backfill: options.backfill,
        maxFutureMs: config.limits.maxFutureMs,
      })
      await runImport(files, options, { kind: 'folder', log, target }, report)
    })
  })
}

async function storeEvents(context: CliContext, flags: EventFlags, files: readonly string[]): Promise<void> {
  await requireReadable(files)
  await reported(context, flags, async (report) => {
    const config = folderConfig(context, flags)
    await withData(context, config, async ({ log, vault }) => {
      const places = await placesOf(config)
      const writer = rulesetFirst(log, createWriter({ log }), { ruleset: defaultRuleset, engineVersion })
      const { actor, backfill = false } = flags
      const [clockMs, { limits }] = [context.nowMs, config]
      const zoneOf = (source: string) => zoneOfSource(config.feeds, source, undefined)
      const given = { log, writer, vault, places, zoneOf }
      await importEvents(files, { ...given, clockMs, actor, backfill, limits }, report)
    })
  })
}

async function placesOf(config: Config): Promise<PlaceIndex> {
  const places = createPlaceIndex()
  for (const place of await readGazetteer(config.data)) places.put(place)
  return places
}

async function importPlaces(context: CliContext, flags: PlaceFlags, files: readonly string[]): Promise<void> {
  const options = await readingOptions(flags)
  await requireReadable(files)
  await reported(context, flags, async (report) => {
    const server = serverOf(context, flags)
    if (server !== undefined) {
      for (const file of files) await sendPlaces(readPlaces(file, options, report), server, report)
      return
    }
    const config = folderConfig(context, flags)
    await withData(context, config, async () => {
      let places: readonly Place[] = flags.replace === true ? [] : await readGazetteer(config.data)
      for (const file of files) places = await mergePlaces(places, readPlaces(file, options, report), report)
      await writeGazetteer(config.data, places)
    })
  })
}

/** Runs an import, shows how far it is and what came of it. Throws `ImportError` where rows were refused. */
async function reported(
  { stderr, nowMs, stopSignal }: CliContext,
  { refused }: Pick<TargetFlags, 'refused'>,
  work: (report: ImportReport) => Promise<void>,
): Promise<void> {
  const progress = progressOn(stderr, 'rows', nowMs)
  const report = collectReport(refused, ({ rows }) => {
    progress.at(rows)
    if (stopSignal.aborted) throw new ImportError('stopped; the same import again goes on from here')
  })
  try {
    await work(report)
  } finally {
    progress.end()
    report.close()
    stderr.write(`${report.summary().join('\n')}\n`)
  }
  const { counts } = report
  if (counts.refused > 0) throw new ImportError('some rows were refused, the others are stored', 'refused')
}

function serverOf({ env, nowMs }: CliContext, { url }: TargetFlags): HttpTargetOptions | undefined {
  if (url === undefined) return undefined
  if (!URL.canParse(url))
    throw new ImportError(`--url ${url} is no address like http://127.0.0.1:8620`, 'usage')
  return { url, apiKey: env['CAUSEWAY_API_KEY'], clockMs: nowMs }
}

function folderConfig(context: CliContext, flags: DataOptions): Config {
  const config = configOf(flags, context)
  if (config.log !== 'memory') return config
  throw new ImportError(
    'a log in memory is gone when the import ends: name a folder with --data, or a server with --url',
    'usage',
  )
}

async function withData(
  context: CliContext,
  config: Config,
  work: (data: OpenData) => Promise<void>,
): Promise<void> {
  const data = await opened(context, config)
  try {
    await work(data)
  } finally {
    await data.close()
  }
}

async function opened({ nowMs }: CliContext, config: Config): Promise<OpenData> {
  try {
    return await openData(config, nowMs)
  } catch (error) {
    if (!(error instanceof LogUnavailableError)) throw error
    throw new ImportError(`${error.message}; or send the files to the running server with --url`)
  }
}
