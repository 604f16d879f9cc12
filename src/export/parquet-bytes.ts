import { ByteWriter, ParquetWriter, schemaFromColumnData, type BasicType } from 'hyparquet-writer'
import type { Column, Line } from './column.ts'

/** Lines are held until there are so many, and written as one row group. */
const maxGroupLines = 20_000

const typeOf: Readonly<Record<Column['type'], BasicType>> = {
  text: 'STRING',
  // Milliseconds since 1970, adjusted to UTC.
  moment: 'TIMESTAMP',
  number: 'DOUBLE',
  integer: 'INT64',
  flag: 'BOOLEAN',
}

/** A table as an Apache Parquet file, compressed by Snappy, in pieces of one row group. Every column may be null. */
export async function* parquetBytes(
  columns: readonly Column[],
  lines: Iterable<readonly Line[]> | AsyncIterable<readonly Line[]>,
): AsyncGenerator<Uint8Array> {
  const target = new ByteWriter()
  const dataOf = (group: readonly Line[]) =>
    columns.map(({ name, type }) => ({
      name,
      type: typeOf[type],
      data: group.map((line) => cellOf(line[name], type)),
    }))
  const schema = schemaFromColumnData({ columnData: dataOf([]) })
  const file = new ParquetWriter({ writer: target, schema, createdBy: 'causeway' })
  const taken = (): Uint8Array => {
    const bytes = target.getBytes().slice()
    target.index = 0
    return bytes
  }
  let held: Line[] = []
  for await (const some of lines) {
    held = held.concat(some)
    if (held.length < maxGroupLines) continue
    await file.write({ columnData: dataOf(held), rowGroupSize: held.length })
    held = []
    yield taken()
  }
  if (held.length > 0) await file.write({ columnData: dataOf(held), rowGroupSize: held.length })
  await file.finish()
  yield taken()
}

function cellOf(value: Line[string], type: Column['type']): unknown {
  if (value === undefined) return null
  switch (type) {
    case 'moment':
      return new Date(String(value))
    case 'integer':
      return BigInt(Math.round(Number(value)))
    case 'text':
      return String(value)
    case 'number':
    case 'flag':
      return value
  }
}
