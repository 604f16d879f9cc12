import { accessLinkFields, accessNetworkFacts, accessNodeFields, accessUpsFields } from './access-network.ts'
import { bindColumns, type Fields } from './column-mapping.ts'
import { elementFields, elementOf, linkFields, linkOf, type InventoryFact } from './element-rows.ts'
import { fileBytes } from './file-bytes.ts'
import { ImportError } from './import-error.ts'
import { mappingFor, type ImportOptions } from './import-options.ts'
import type { ImportReport } from './import-report.ts'
import { createLteCellReader, lteCellFields } from './lte-cells.ts'
import { readTable, type Table } from './read-table.ts'

/** A fact with the row that it came from. */
export interface LocatedFact {
  readonly fact: InventoryFact
  readonly file: string
  readonly line: number
}

export interface InventoryFiles {
  readonly elements: readonly string[]
  readonly links: readonly string[]
}

interface LocatedFields {
  readonly fields: Fields
  readonly line: number
}

type Batches<T> = AsyncGenerator<readonly T[]>

/** The elements and links of an inventory, in batches. Layouts are known by their headings. */
export async function* readInventory(
  { elements, links }: InventoryFiles,
  options: ImportOptions,
  report: ImportReport,
): Batches<LocatedFact> {
  const access: { nodes: LocatedFields[]; file: string } = { nodes: [], file: '' }
  for (const file of elements) {
    const table = await readTable(fileBytes(file), options.table)
    if (hasColumns(table, ['node', 'type', 'ring_name', 'is_block_router'])) {
      access.file = file
      access.nodes.push(...(await allFields(table, accessNodeFields, file, report)))
    } else {
      yield* elementFacts(table, file, options, report)
    }
  }
  if (access.nodes.length > 0) {
    yield* accessFacts(access, links, options, report)
    return
  }
  for (const file of links) {
    const table = await readTable(fileBytes(file), options.table)
    const columns = bindColumns(table.heading, linkFields, mappingFor('links', options))
    for await (const rows of fieldsOf(table, file, report, columns.fieldsOf)) {
      yield rows.map(({ fields, line }) => ({ fact: linkOf(fields), file, line }))
    }
  }
}

async function* elementFacts(
  table: Table,
  file: string,
  options: ImportOptions,
  report: ImportReport,
): Batches<LocatedFact> {
  if (hasColumns(table, ['plmn', 'enb', 'local_cell', 'eci'])) {
    const columns = bindColumns(table.heading, lteCellFields, mappingFor('inventory', options))
    const read = createLteCellReader()
    for await (const rows of fieldsOf(table, file, report, columns.fieldsOf)) {
      yield rows.flatMap(({ fields, line }) => read(fields).map((fact) => ({ fact, file, line })))
    }
    return
  }
  const columns = bindColumns(table.heading, elementFields, mappingFor('inventory', options))
  const read = (cells: readonly string[]): InventoryFact =>
    elementOf(columns.fieldsOf(cells), columns.restOf(cells))
  for await (const rows of rowsOf(table, file, report)) {
    yield rows.map(({ cells, line }) => ({ fact: read(cells), file, line }))
  }
}

/** An access network is read whole: what feeds what follows from all its links together. */
async function* accessFacts(
  access: { readonly nodes: readonly LocatedFields[]; readonly file: string },
  linkFiles: readonly string[],
  options: ImportOptions,
  report: ImportReport,
): Batches<LocatedFact> {
  const lineOf = new Map(access.nodes.map(({ fields, line }) => [fields['node'], line]))
  const links: Fields[] = []
  const power: Fields[] = []
  const isKnown = (name: string, file: string, line: number): boolean => {
    if (lineOf.has(name)) return true
    report.refuse({ file, line, reason: `names ${name}, which ${access.file} does not have` })
    return false
  }
  for (const file of linkFiles) {
    const table = await readTable(fileBytes(file), options.table)
    const [wanted, list] = accessLinksOf(table, file)
    for (const { fields, line } of await allFields(table, wanted, file, report)) {
      const ends = [fields[wanted[0] ?? ''], fields[wanted[1] ?? '']]
      if (ends.every((end) => isKnown(end ?? '(nothing)', file, line)))
        (list === 'ring' ? links : power).push(fields)
    }
  }
  const facts = accessNetworkFacts({ nodes: access.nodes.map(({ fields }) => fields), links, power })
  // A link that follows from many rows is shown at the row of the element that depends.
  yield facts.map((fact) => ({
    fact,
    file: access.file,
    line: lineOf.get(String(fact.data['elementId'])) ?? 1,
  }))
}

function accessLinksOf(table: Table, file: string): [fields: readonly string[], list: 'ring' | 'power'] {
  if (hasColumns(table, ['router', 'ups'])) return [accessUpsFields, 'power']
  if (hasColumns(table, ['a', 'b', 'logical_ring'])) return [accessLinkFields, 'ring']
  if (hasColumns(table, ['a', 'b', 'segment'])) {
    throw new ImportError(
      `${file} lists fibre segments: what depends on what follows from the logical links, so give those`,
      'usage',
    )
  }
  throw new ImportError(`${file} is no list of links (a, b, logical_ring) or power (router, ups)`, 'usage')
}

function hasColumns({ heading }: Table, columns: readonly string[]): boolean {
  return columns.every((column) => heading.includes(column))
}

async function* rowsOf(
  table: Table,
  file: string,
  report: ImportReport,
): Batches<{ readonly cells: readonly string[]; readonly line: number }> {
  for await (const rows of table.rows) {
    report.counts.rows += rows.length
    yield rows.flatMap((row) => {
      if (!('refused' in row)) return [row]
      report.refuse({ file, line: row.line, reason: row.refused })
      return []
    })
  }
}

async function* fieldsOf(
  table: Table,
  file: string,
  report: ImportReport,
  read: (cells: readonly string[]) => Fields,
): Batches<LocatedFields> {
  for await (const rows of rowsOf(table, file, report)) {
    yield rows.map(({ cells, line }) => ({ fields: read(cells), line }))
  }
}

async function allFields(
  table: Table,
  fields: readonly string[],
  file: string,
  report: ImportReport,
): Promise<LocatedFields[]> {
  const columns = bindColumns(table.heading, fields, {})
  const all: LocatedFields[] = []
  for await (const rows of fieldsOf(table, file, report, columns.fieldsOf)) all.push(...rows)
  return all
}
