import { identifier } from '../../schemas/text.ts'
import type { MappingOptions } from './column-mapping.ts'
import type { FactKind } from './fact-layouts.ts'
import { ImportError } from './import-error.ts'
import type { TableOptions } from './read-table.ts'
import type { TimeOptions } from './time-reader.ts'

/** How the files of one import are read and marked. */
export interface ImportOptions {
  readonly table: TableOptions
  readonly time: TimeOptions
  /** Field -> column, or kind.field -> column. */
  readonly map: Readonly<Record<string, string>>
  /** Field -> value, or kind.field -> value. */
  readonly set: Readonly<Record<string, string>>
  /** `meta.source`; left out: `import:` and the file's name. */
  readonly source?: string | undefined
  /** When the files were true. */
  readonly asOf?: string | undefined
  readonly backfill: boolean
  /** Milliseconds since 1970, when the import began. */
  readonly nowMs: number
  /** Elements and links of the source that the files no longer name are retired and unlinked. */
  readonly retireMissing: boolean
}

/** The part of the mapping that concerns one kind of file. Fields without a kind are those of the main file, not of `links`. */
export function mappingFor(
  kind: FactKind | 'inventory' | 'links' | 'places',
  { map, set }: Pick<ImportOptions, 'map' | 'set'>,
): MappingOptions {
  return { map: scoped(map, kind), set: scoped(set, kind) }
}

function scoped(entries: Readonly<Record<string, string>>, kind: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) => {
      const dot = key.indexOf('.')
      if (dot < 0) return kind === 'links' ? [] : [[key, value]]
      return key.slice(0, dot) === kind ? [[key.slice(dot + 1), value]] : []
    }),
  )
}

/** `field=Column` pairs. Throws `ImportError` for anything else. */
export function parsePairs(pairs: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1 || at === pair.length - 1) {
        throw new ImportError(`${option} ${pair} must be written field=value`, 'usage')
      }
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    }),
  )
}

/** A mapping file: `{ "field": "Column" }`, or `{ "alarms": { "field": "Column" } }`. Throws `ImportError`. */
export function parseMappingFile(text: string, path: string): Record<string, string> {
  const wrong = new ImportError(`${path} must be a JSON object of field names to column names`, 'usage')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong
  const pairs = Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    typeof inner === 'object' && inner !== null
      ? Object.entries(inner).map(([field, column]) => [`${key}.${field}`, column])
      : [[key, inner]],
  )
  if (!pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string')) throw wrong
  return Object.fromEntries(pairs)
}

const maxSourceChars = 100

/** The source of a file's events: as given, else made of the file's name, which should then not change between imports. Throws `ImportError`. */
export function sourceOf(path: string, { source }: Pick<ImportOptions, 'source'>): string {
  const name = path.split(/[/\\]/).at(-1) ?? path
  const checked = identifier.max(maxSourceChars).safeParse(source ?? `import:${name}`)
  if (checked.success) return checked.data
  throw new ImportError(
    `${source ?? name} cannot name a source (${checked.error.issues[0]?.message}): give another --source`,
    'usage',
  )
}
