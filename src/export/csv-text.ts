import { stringify } from 'csv-stringify/sync'
import type { Column, Line } from './column.ts'

/** A table as CSV with a header, in the pieces in which its lines come. */
export async function* csvText(
  columns: readonly Column[],
  lines: Iterable<readonly Line[]> | AsyncIterable<readonly Line[]>,
): AsyncGenerator<string> {
  const names = columns.map(({ name }) => name)
  yield stringify([names])
  for await (const some of lines) {
    yield stringify(some.map((line) => names.map((name) => defused(line[name]))))
  }
}

/** Text that a spreadsheet would take for a formula gets a ' in front. */
export function defused<Cell>(value: Cell): Cell | string {
  return typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}
