import { ImportError } from './import-error.ts'

/** A row's values by the names that this program has for them; trimmed, and left out where empty. */
export type Fields = Readonly<Record<string, string | undefined>>

export interface MappingOptions {
  /** Field -> column; `Date+Time` joins two columns with a space. */
  readonly map?: Readonly<Record<string, string>> | undefined
  /** Field -> a value that holds for every row in which the field is empty. */
  readonly set?: Readonly<Record<string, string>> | undefined
}

export interface ColumnMapping {
  readonly fieldsOf: (cells: readonly string[]) => Fields
  /** The columns that no field reads, with their values, those that are empty left out. */
  readonly restOf: (cells: readonly string[]) => Readonly<Record<string, string>>
  readonly unused: readonly string[]
}

/**
 * Binds fields to the columns of one heading: by the mapping, else by name (case, spaces, `_` and `-` do not count).
 * Throws `ImportError` where the mapping names a field or a column that is not there.
 */
export function bindColumns(
  heading: readonly string[],
  fields: readonly string[],
  { map = {}, set = {} }: MappingOptions,
): ColumnMapping {
  for (const field of [...Object.keys(map), ...Object.keys(set)]) {
    if (!fields.includes(field)) throw unknownField(field, fields)
  }
  const bound = fields.map((field) => {
    const column = map[field]
    return { field, columns: column === undefined ? columnsNamed(field, heading) : mapped(column, heading) }
  })
  const used = new Set(bound.flatMap(({ columns }) => columns))
  const rest = heading.flatMap((name, at) => (used.has(at) || name === '' ? [] : [{ name, at }]))
  return {
    fieldsOf(cells) {
      const values: Record<string, string | undefined> = {}
      for (const { field, columns } of bound) {
        const value = columns
          .map((at) => cells[at]?.trim() ?? '')
          .join(' ')
          .trim()
        values[field] = value === '' ? set[field] : value
      }
      return values
    },
    restOf(cells) {
      const values: Record<string, string> = {}
      for (const { name, at } of rest) {
        const value = cells[at]?.trim() ?? ''
        if (value !== '') values[name] = value
      }
      return values
    },
    unused: rest.map(({ name }) => name),
  }
}

function columnsNamed(field: string, heading: readonly string[]): readonly number[] {
  const at = heading.findIndex((column) => plain(column) === plain(field))
  return at < 0 ? [] : [at]
}

function mapped(column: string, heading: readonly string[]): readonly number[] {
  const whole = heading.indexOf(column)
  if (whole >= 0) return [whole]
  return column.split('+').map((name) => {
    const at = heading.indexOf(name.trim())
    if (at < 0) {
      throw new ImportError(
        `there is no column ${name.trim()}; the heading has ${heading.join(', ')}`,
        'usage',
      )
    }
    return at
  })
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}

function unknownField(field: string, fields: readonly string[]): ImportError {
  return new ImportError(`there is no field ${field}; there are ${fields.join(', ')}`, 'usage')
}
