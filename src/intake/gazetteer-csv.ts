import { bindColumns } from '../ingest/column-mapping.ts'
import { placeFields } from '../ingest/gazetteer.ts'
import { ImportError } from '../ingest/import-error.ts'
import { readTable } from '../ingest/read-table.ts'
import type { GazetteerRow } from './gazetteer-store.ts'

/**
 * The rows of a gazetteer as CSV with a heading. One that cannot be read is a row without a name, and so refused like one.
 * Refused as a whole where there is no heading, or the bytes are not UTF-8.
 */
export async function gazetteerRows(
  csv: Buffer,
): Promise<{ readonly rows: GazetteerRow[] } | { readonly refused: string }> {
  try {
    return { rows: await readRows(csv) }
  } catch (error) {
    if (error instanceof ImportError) return { refused: error.message }
    throw error
  }
}

async function readRows(csv: Buffer): Promise<GazetteerRow[]> {
  const table = await readTable(once(csv), {})
  const { fieldsOf } = bindColumns(table.heading, placeFields, {})
  const rows: GazetteerRow[] = []
  for await (const batch of table.rows) {
    for (const row of batch) {
      const fields = 'refused' in row ? {} : fieldsOf(row.cells)
      const { name = '', lon = '', lat = '', ...others } = fields
      rows.push({ name, lon, lat, ...others })
    }
  }
  return rows
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}
