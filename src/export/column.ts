/** What a cell holds: a moment is an `instant`. */
type CellType = 'text' | 'moment' | 'number' | 'integer' | 'flag'

export interface Column {
  readonly name: string
  readonly type: CellType
}

/** A line of a table, by column; what is not known is left out. */
export type Line = Readonly<Record<string, string | number | boolean | undefined>>

/** What a table is made of, in order. */
export function columns(types: Readonly<Record<string, CellType>>): readonly Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }))
}
