import type { Fields } from './column-mapping.ts'
import type { RowResult } from './draft.ts'
import type { TimeReader } from './time-reader.ts'

interface RowContext {
  readonly time: TimeReader
  /** When the file was true, for facts that bear no time of their own; left out: such facts are refused. */
  readonly asOf?: string | undefined
  /** Columns that no field reads. */
  readonly rest: Readonly<Record<string, string>>
}

/** Makes events of one row. Pure. */
export type RowReader = (fields: Fields, context: RowContext) => RowResult
