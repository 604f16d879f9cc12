import { csvRows, type Delimiter } from './csv-rows.ts'
import { decodeBytes, type Encoding } from './decode-bytes.ts'
import { ImportError } from './import-error.ts'

export interface TableOptions {
  readonly encoding?: Encoding | undefined
  /** Left out: whatever the heading holds most of. */
  readonly delimiter?: Delimiter | undefined
}

/** One row with the line at which it starts, or why it is refused. */
type TableRow =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly refused: string }

export interface Table {
  readonly heading: readonly string[]
  /** In batches, each row once. */
  readonly rows: AsyncIterable<readonly TableRow[]>
}

/**
 * A CSV file with a heading. A row of another number of columns than the heading has is refused. Throws `ImportError`
 * where there is no heading, a column's name comes twice, or the bytes are not in the encoding.
 */
export async function readTable(bytes: AsyncIterable<Uint8Array>, options: TableOptions): Promise<Table> {
  const batches = csvRows(decodeBytes(bytes, options.encoding ?? 'utf-8'), options.delimiter)
  const first = await batches.next()
  const [top, ...behind] = first.done === true ? [] : first.value
  if (top === undefined)
    throw new ImportError('the file is empty: it needs a heading with the names of its columns')
  if ('refused' in top) throw new ImportError(`the heading cannot be read: ${top.refused}`)
  const heading = top.cells.map((name) => name.trim())
  const twice = heading.find((name, at) => name !== '' && heading.indexOf(name) < at)
  if (twice !== undefined) throw new ImportError(`the heading has two columns named ${twice}`)

  const judge = (rows: readonly TableRow[]): readonly TableRow[] =>
    rows.map((row) =>
      'refused' in row || row.cells.length === heading.length
        ? row
        : { line: row.line, refused: `has ${row.cells.length} columns, the heading ${heading.length}` },
    )
  async function* rows(): AsyncGenerator<readonly TableRow[]> {
    yield judge(behind)
    for await (const batch of batches) yield judge(batch)
  }
  return { heading, rows: rows() }
}
