import { bindColumns } from './column-mapping.ts'
import { factLayoutOf, type FactKind } from './fact-layouts.ts'
import { fileBytes, fileInstant } from './file-bytes.ts'
import { mappingFor, sourceOf, type ImportOptions } from './import-options.ts'
import type { ImportReport } from './import-report.ts'
import type { SourcedDraft } from './import-target.ts'
import { readTable } from './read-table.ts'
import type { RowReader } from './row-reader.ts'
import { createTimeReader } from './time-reader.ts'

/** The events of one file of alarms, complaints, cutovers or gaps, in batches. What is refused goes to the report. */
export async function* readFacts(
  kind: FactKind,
  path: string,
  options: ImportOptions,
  report: ImportReport,
): AsyncGenerator<readonly SourcedDraft[]> {
  const table = await readTable(fileBytes(path), options.table)
  const layout = factLayoutOf(kind, table.heading)
  const { map, set } = mappingFor(kind, options)
  const columns = bindColumns(table.heading, layout.fields, { map: { ...layout.map, ...map }, set })
  if (columns.unused.length > 0 && !layout.keepsRest) {
    report.note(`${path}: columns not used: ${columns.unused.join(', ')}`)
  }
  const time = createTimeReader(options.time)
  const source = sourceOf(path, options)
  const asOf = options.asOf ?? (options.backfill ? undefined : await fileInstant(path, options.nowMs))
  const restOf = layout.keepsRest ? columns.restOf : () => ({})
  const read: RowReader = layout.read

  for await (const rows of table.rows) {
    const batch: SourcedDraft[] = []
    for (const row of rows) {
      report.counts.rows += 1
      const { line } = row
      const result =
        'refused' in row ? row : read(columns.fieldsOf(row.cells), { time, asOf, rest: restOf(row.cells) })
      if ('refused' in result) report.refuse({ file: path, line, reason: result.refused })
      else for (const draft of result.drafts) batch.push({ draft, source, file: path, line })
    }
    yield batch
  }
}
