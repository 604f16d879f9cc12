import type { Puller } from '../../config/puller.ts'
import { bindColumns, type Fields } from '../column-mapping.ts'
import { decodeBytes } from '../decode-bytes.ts'
import { ImportError } from '../import-error.ts'
import { readTable } from '../read-table.ts'
import { cellOf, valueAt } from './value-at.ts'

/** An item of what was drawn: its fields by the names of this program, and what no field reads. */
export type ListedRow =
  | { readonly line: number; readonly fields: Fields; readonly rest: Readonly<Record<string, string>> }
  | { readonly line: number; readonly refused: string }

/** How items of one heading (of CSV), or of one set of members (of JSON), are read. */
export interface Layout {
  readonly fields: readonly string[]
  /** Columns of a layout that is known by its heading; the puller's own mapping goes before. */
  readonly map: Readonly<Record<string, string>>
}

/** What was drawn, bytes and how they are written. */
export interface Drawn {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly format: 'json' | 'csv'
}

type Mapping = Pick<Puller, 'map' | 'set' | 'words' | 'encoding' | 'delimiter' | 'list'>

/**
 * The items of an answer or file, in batches, each with its line (CSV) or place in the list (JSON), counted from 1. Throws
 * `ImportError` where the whole cannot be read: no list at the path, half a document, bytes of another encoding.
 */
export async function* listedRows<L extends Layout>(
  { bytes, format }: Drawn,
  mapping: Mapping,
  layoutOf: (heading: readonly string[]) => L,
): AsyncGenerator<{ readonly layout: L; readonly rows: readonly ListedRow[] }> {
  if (format === 'json') {
    const items = itemsOf(await wholeText(bytes, mapping), mapping.list)
    const layout = layoutOf(Object.keys(asObject(items[0]) ?? {}))
    const read = jsonReader(layout, mapping)
    yield { layout, rows: items.map((item, at) => worded({ line: at + 1, ...read(item) }, mapping)) }
    return
  }
  const table = await readTable(bytes, mapping)
  const layout = layoutOf(table.heading)
  const { map, set } = mapping
  const columns = bindColumns(table.heading, layout.fields, { map: { ...layout.map, ...map }, set })
  for await (const rows of table.rows) {
    yield {
      layout,
      rows: rows.map((row) =>
        'refused' in row
          ? row
          : worded(
              { line: row.line, fields: columns.fieldsOf(row.cells), rest: columns.restOf(row.cells) },
              mapping,
            ),
      ),
    }
  }
}

async function wholeText(bytes: AsyncIterable<Uint8Array>, { encoding }: Mapping): Promise<string> {
  let text = ''
  for await (const chunk of decodeBytes(bytes, encoding)) text += chunk
  return text
}

function itemsOf(text: string, path: string): readonly unknown[] {
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch (error) {
    throw new ImportError(`it is no whole JSON: ${error instanceof Error ? error.message : ''}`)
  }
  const list = valueAt(whole, path)
  if (Array.isArray(list)) return list
  const members = Object.keys(asObject(whole) ?? {}).slice(0, maxMembersNamed)
  throw new ImportError(
    `there is no list at ${path === '' ? 'the top' : path}; the top has ${members.join(', ') || 'no members'}`,
    'usage',
  )
}

const maxMembersNamed = 20

function jsonReader({ fields, map: known }: Layout, { map: own, set }: Mapping) {
  const map: Readonly<Record<string, string>> = { ...known, ...own }
  const unknown = [...Object.keys(map), ...Object.keys(set)].find((field) => !fields.includes(field))
  if (unknown !== undefined) {
    throw new ImportError(`there is no field ${unknown}; there are ${fields.join(', ')}`, 'usage')
  }
  const mapped = new Set(Object.values(map))
  return (item: unknown): { fields: Fields; rest: Record<string, string> } | { refused: string } => {
    const members = asObject(item)
    if (members === undefined) return { refused: 'is no object' }
    const values: Record<string, string | undefined> = {}
    for (const field of fields) {
      const cell = cellOf(valueAt(item, map[field] ?? field))
      values[field] = cell === '' ? set[field] : cell
    }
    const rest = Object.entries(members).flatMap(([name, value]) => {
      const isRead = mapped.has(name) || mapped.has(`/${name}`) || (fields.includes(name) && !(name in map))
      const cell = isRead ? '' : cellOf(value)
      return cell === '' ? [] : [[name, cell] as const]
    })
    return { fields: values, rest: Object.fromEntries(rest) }
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

/** With a sender's own words put into those of this program. */
function worded(row: ListedRow, { words }: Mapping): ListedRow {
  if ('refused' in row || Object.keys(words).length === 0) return row
  const fields = { ...row.fields }
  for (const [field, meanings] of Object.entries(words)) {
    const written = fields[field]
    if (written !== undefined && Object.hasOwn(meanings, written)) fields[field] = meanings[written]
  }
  return { ...row, fields }
}
