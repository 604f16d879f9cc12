import { Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'csv-stringify/sync'
import type { LogReader, RecordedEvent } from '../event-log/event-log.ts'
import type { Line } from '../export/column.ts'
import { csvText, defused } from '../export/csv-text.ts'
import { parquetBytes } from '../export/parquet-bytes.ts'
import { CliError, exitCodesHelp, type CliContext } from './context.ts'
import { configOf, withDataOptions, type DataOptions } from './data-options.ts'
import { columnsOf, linesOf, tableNames, type TableName } from './export-lines.ts'
import { openToRead } from './open-to-read.ts'
import { grouped, progressOn } from './progress.ts'
import { writeOut } from './write-out.ts'

const subjects = ['events', ...tableNames] as const
const formats = ['ndjson', 'csv', 'geojson', 'parquet'] as const
type Format = (typeof formats)[number]

interface ExportOptions extends DataOptions {
  readonly what: (typeof subjects)[number]
  readonly format?: Format
  readonly out?: string
}

const formatsHelp = `
What can be written:
  events        every event as stored, in log order (ndjson, csv)
  complaints    one row a complaint as it stands, withdrawn ones too (ndjson, csv, parquet)
  attributions  one row a complaint: facts, cause, root, probability, band (ndjson, csv, parquet, geojson)
  unexplained   the rows of those that nothing explains (geojson, ndjson, csv, parquet)
  outages       one row an outage as it stands, with its complaints and customers (ndjson, csv, parquet)
GeoJSON holds complaints with a place alone and says on stderr how many have none; coordinates are [lon, lat], WGS-84.
CSV is UTF-8 with a header; text that a spreadsheet would take for a formula gets a ' in front.
Parquet has typed columns, times as UTC timestamps of milliseconds, Snappy; it needs --out.
Names, phone numbers and free text of customers are never written: they lie sealed beside the log. A server may run on the
folder: then what its log holds at the start is written.
${exitCodesHelp}`

/** `causeway export`: events or answers as files for other tools. */
export function exportCommand(context: CliContext): Command {
  const command = new Command('export')
    .description('write events, complaints, attributions or outages as NDJSON, CSV, Parquet or GeoJSON')
    .addOption(new Option('--what <subject>', 'what to write').choices(subjects).default('events'))
    .addOption(new Option('--format <format>', 'default: ndjson; geojson for unexplained').choices(formats))
    .option('--out <file>', 'default: standard output')
    .addHelpText('after', formatsHelp)
  return withDataOptions(command).action(async (options: ExportOptions) => {
    const { what, format = what === 'unexplained' ? 'geojson' : 'ndjson' } = options
    refuseMisfit(what, format, options.out)
    const log = await openToRead(configOf(options, context), context)
    try {
      const chunks =
        what === 'events' ? eventTexts(log, format, context) : tableChunks(log, what, format, context)
      await writeOut(chunks, options.out, context)
    } finally {
      await log.close()
    }
  })
}

function refuseMisfit(what: (typeof subjects)[number], format: Format, out: string | undefined): void {
  if (what === 'events' && (format === 'geojson' || format === 'parquet')) {
    const name = format === 'geojson' ? 'GeoJSON' : 'Parquet'
    throw new InvalidArgumentError(`events have no ${name} form: use --format ndjson or csv`)
  }
  if (format === 'geojson' && (what === 'complaints' || what === 'outages')) {
    throw new InvalidArgumentError(`${what} have no GeoJSON form: use --what attributions`)
  }
  if (format === 'parquet' && out === undefined) {
    throw new InvalidArgumentError('Parquet is no text: name a file with --out')
  }
}

/** The log in batches, with progress; ends with an error where the user stops it, so that no half file is kept. */
async function* batchesOf(
  log: LogReader,
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

async function* eventTexts(log: LogReader, format: string, context: CliContext): AsyncGenerator<string> {
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

async function* tableChunks(
  log: LogReader,
  what: TableName,
  format: Format,
  context: CliContext,
): AsyncGenerator<string | Uint8Array> {
  const lines = await linesOf(what, batchesOf(log, context))
  switch (format) {
    case 'csv':
      yield* csvText(columnsOf[what], piecesOf(lines))
      return
    case 'parquet':
      yield* parquetBytes(columnsOf[what], piecesOf(lines))
      return
    case 'geojson':
      yield geojson(lines, context)
      return
    case 'ndjson':
      for (const piece of piecesOf(lines)) yield piece.map((line) => `${JSON.stringify(line)}\n`).join('')
  }
}

/** Lines that are written at once. */
const linesAtOnce = 1_000

function* piecesOf(lines: readonly Line[]): Generator<readonly Line[]> {
  for (let at = 0; at < lines.length; at += linesAtOnce) yield lines.slice(at, at + linesAtOnce)
}

function geojson(rows: readonly Line[], { stderr }: CliContext): string {
  const placed = rows.filter(({ lon, lat }) => lon !== undefined && lat !== undefined)
  const without = rows.length - placed.length
  if (without > 0)
    stderr.write(`${grouped(without)} of ${grouped(rows.length)} complaints have no place and are left out\n`)
  const features = placed.map(({ lon, lat, ...properties }) => ({
    type: 'Feature',
    id: properties['complaintId'],
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties,
  }))
  return `${JSON.stringify({ type: 'FeatureCollection', features })}\n`
}

function cells(row: object, columns: readonly string[]): readonly unknown[] {
  const values = new Map<string, unknown>(Object.entries(row))
  return columns.map((column) => defused(values.get(column)))
}

function csv(rows: readonly (readonly unknown[])[]): string {
  return stringify([...rows])
}
