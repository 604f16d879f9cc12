import type { Place } from '../places/place-index.ts'
import { bindColumns } from './column-mapping.ts'
import { fileBytes } from './file-bytes.ts'
import { maxPlaces, placeFields, placeOf } from './gazetteer.ts'
import { ImportError } from './import-error.ts'
import { mappingFor, type ImportOptions } from './import-options.ts'
import type { ImportReport } from './import-report.ts'
import { readTable } from './read-table.ts'

/** The places of one gazetteer, in batches. What is refused goes to the report. */
export async function* readPlaces(
  path: string,
  options: Pick<ImportOptions, 'table' | 'map' | 'set'>,
  report: ImportReport,
): AsyncGenerator<readonly Place[]> {
  const table = await readTable(fileBytes(path), options.table)
  const columns = bindColumns(table.heading, placeFields, mappingFor('places', options))
  for await (const rows of table.rows) {
    const batch: Place[] = []
    for (const row of rows) {
      report.counts.rows += 1
      const result = 'refused' in row ? row : placeOf(columns.fieldsOf(row.cells))
      if ('refused' in result) report.refuse({ file: path, line: row.line, reason: result.refused })
      else batch.push(result.place)
    }
    yield batch
    report.progress()
  }
}

/** Merges a file's places into those known, the later in place of the earlier. Throws `ImportError` beyond `maxPlaces`. */
export async function mergePlaces(
  known: readonly Place[],
  batches: AsyncIterable<readonly Place[]>,
  report: ImportReport,
): Promise<readonly Place[]> {
  const byId = new Map(known.map((place) => [place.id, place]))
  for await (const batch of batches) {
    for (const place of batch) {
      const isNew = JSON.stringify(byId.get(place.id)) !== JSON.stringify(place)
      report.counts[isNew ? 'stored' : 'known'] += 1
      byId.set(place.id, place)
    }
    if (byId.size > maxPlaces) {
      throw new ImportError(
        `there are more than ${maxPlaces} places (maxPlaces): leave out what nobody would name`,
      )
    }
  }
  return [...byId.values()]
}
