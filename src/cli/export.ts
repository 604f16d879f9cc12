import { Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { readable } from '../../schemas/read-stored.ts'
import type { EventLog, RecordedEvent } from '../event-log/event-log.ts'
import { formulaSafe } from '../intake/formula-safe.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { latestAttributions, type AttributionRow } from './latest-attributions.ts'
import { openLog } from './open-data.ts'
import { grouped, progressOn } from './progress.ts'
import { writeOut } from './write-out.ts'

const subjects = ['events', 'attributions', 'unexplained'] as const
const formats = ['ndjson', 'csv', 'geojson'] as const

interface ExportOptions extends DataOptions {
  readonly what: (typeof subjects)[number]
  readonly format?: (typeof formats)[number]
  readonly out?: string
}

const formatsHelp = `
What can be written:
  events        every event as stored, in log order (ndjson, csv)
  attributions  one row a complaint: facts, cause, root, probability, band (ndjson, csv, geojson)
  unexplained   the rows of those that nothing explains (geojson, ndjson, csv)
GeoJSON holds complaints with a place alone and says on stderr how many have none; coordinates are [lon, lat], WGS-84.
CSV is UTF-8 with a header; text that a spreadsheet would take for a formula gets a ' in front.
Names, phone numbers and free text of customers are never written: they lie sealed beside the log.
${exitCodesHelp}`

/** `causeway export`: events or answers as files for other tools. */
export function exportCommand(context: CliContext): Command {
  const command = new Command('export')
    .description('write events, attributions or unexplained complaints as NDJSON, CSV or GeoJSON')
    .addOption(new Option('--what <subject>', 'what to write').choices(subjects).default('events'))
    .addOption(new Option('--format <format>', 'default: ndjson; geojson for unexplained').choices(formats))
    .option('--out <file>', 'default: standard output')
    .addHelpText('after', formatsHelp)
  return withDataOptions(command).action(async (options: ExportOptions) => {
    const { what, format = what === 'unexplained' ? 'geojson' : 'ndjson' } = options
    if (what === 'events' && format === 'geojson') {
      throw new InvalidArgumentError('events have no GeoJSON form: use --format ndjson or csv')
    }
    const log = await openLog(configOf(options, context), context.nowMs, { mustExist: true })
    try {
      const texts =
        what === 'events' ? eventTexts(log, format, context) : rowTexts(log, what, format, context)
      await writeOut(texts, options.out, context)
    } finally {
      await log.close()
    }
  })
}

/** The log in batches, with progress; ends with an error where the user stops it, so that no half file is kept. */
async function* batchesOf(
  log: EventLog,
  { stderr, nowMs, stopSignal }: CliContext,
): AsyncGenerator<readonly RecordedEvent[]> {
  const progress = progressOn(stderr, 'events read', nowMs)
  let events = 0
  for await (const batch of log.readAll()) {
    if (stopSignal.aborted) throw new CliError('stopped before the end; nothing was kept')
    events += batch.length
    progress.at(events)
    yield batch
  }
  progress.end()
}

const eventColumns = [
  'id',
  'type',
  'schemaVersion',
  'stream',
  'revision',
  'occurredAt',
  'recordedAt',
  'source',
  'actor',
  'causationId',
  'data',
]

async function* eventTexts(log: EventLog, format: string, context: CliContext): AsyncGenerator<string> {
  if (format === 'csv') yield csv([eventColumns])
  for await (const batch of batchesOf(log, context)) {
    // A position means something in its own log alone.
    const events = batch.map((event) => ({ ...event, position: undefined }))
    yield format === 'csv'
      ? csv(
          events.map(({ meta, data, ...rest }) =>
            cells({ ...rest, ...meta, data: JSON.stringify(data) }, eventColumns),
          ),
        )
      : events.map((event) => `${JSON.stringify(event)}\n`).join('')
  }
}

async function* rowTexts(
  log: EventLog,
  what: string,
  format: string,
  context: CliContext,
): AsyncGenerator<string> {
  const fold = latestAttributions()
  for await (const batch of batchesOf(log, context)) for (const event of readable(batch)) fold.fold(event)
  const rows = [...fold.rows()].filter(({ verdict }) => what !== 'unexplained' || verdict === 'unexplained')
  switch (format) {
    case 'csv':
      yield csv([rowColumns, ...rows.map((row) => cells(row, rowColumns))])
      return
    case 'geojson':
      yield geojson(rows, context)
      return
    default:
      yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  }
}

const rowColumns: readonly (keyof AttributionRow)[] = [
  'complaintId',
  'reportedAt',
  'troubleFrom',
  'symptom',
  'service',
  'network',
  'place',
  'lon',
  'lat',
  'uncertaintyMeters',
  'verdict',
  'causeKind',
  'causeId',
  'rootKind',
  'rootId',
  'probability',
  'band',
  'state',
  'outageId',
  'repeatOf',
  'attributionId',
  'attributedAt',
  'ruleset',
  'engineVersion',
]

function geojson(rows: readonly AttributionRow[], { stderr }: CliContext): string {
  const placed = rows.filter(({ lon, lat }) => lon !== undefined && lat !== undefined)
  const without = rows.length - placed.length
  if (without > 0)
    stderr.write(`${grouped(without)} of ${grouped(rows.length)} complaints have no place and are left out\n`)
  const features = placed.map(({ lon, lat, ...properties }) => ({
    type: 'Feature',
    id: properties.complaintId,
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties,
  }))
  return `${JSON.stringify({ type: 'FeatureCollection', features })}\n`
}

function cells<Row extends object>(row: Row, columns: readonly string[]): readonly unknown[] {
  const values = new Map<string, unknown>(Object.entries(row))
  return columns.map((column) => formulaSafe(values.get(column)))
}

function csv(rows: readonly (readonly unknown[])[]): string {
  return stringify([...rows])
}
