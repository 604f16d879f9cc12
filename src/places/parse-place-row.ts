import { maxAliases, type Place } from './place-index.ts'
import { maxNameChars } from './place-text.ts'

const maxKindChars = 50
const decimal = /^[+-]?\d{1,3}(\.\d{1,20})?$/

export type PlaceRow = { readonly ok: Omit<Place, 'id'> } | { readonly refused: string }

/**
 * One row of a gazetteer: columns `name`, `lon`, `lat` (WGS-84 degrees), and if present `kind` ("place" where empty)
 * and `aliases`, separated by `|` or `;`. The row has no id; see `placeIdOf`.
 */
export function parsePlaceRow(row: Readonly<Record<string, string | undefined>>): PlaceRow {
  const name = (row['name'] ?? '').trim()
  if (name === '') return { refused: 'name is empty' }
  if (name.length > maxNameChars) return { refused: `name is longer than ${maxNameChars} characters` }
  const lon = degrees(row['lon'], 180)
  if (lon === undefined) return { refused: `lon is no longitude: ${shown(row['lon'])}` }
  const lat = degrees(row['lat'], 90)
  if (lat === undefined) return { refused: `lat is no latitude: ${shown(row['lat'])}` }
  const kind = (row['kind'] ?? '').trim() || 'place'
  if (kind.length > maxKindChars) return { refused: `kind is longer than ${maxKindChars} characters` }
  const aliases = aliasesOf(row['aliases'] ?? '', name)
  if (aliases.length > maxAliases) return { refused: `more than ${maxAliases} aliases` }
  if (aliases.some((alias) => alias.length > maxNameChars)) {
    return { refused: `an alias is longer than ${maxNameChars} characters` }
  }
  return { ok: { name, kind, point: [lon, lat], ...(aliases.length > 0 ? { aliases } : {}) } }
}

/** The same name at the same spot is the same place, however often a file is read and whatever else it says. */
export function placeIdOf({ name, point }: Pick<Place, 'name' | 'point'>): string {
  return `place:${name}@${point[0].toFixed(5)},${point[1].toFixed(5)}`
}

function degrees(text: string | undefined, limit: number): number | undefined {
  const trimmed = (text ?? '').trim()
  const value = Number(trimmed)
  return decimal.test(trimmed) && Math.abs(value) <= limit ? value : undefined
}

function aliasesOf(text: string, name: string): string[] {
  const aliases = text.split(/[|;；]/).map((alias) => alias.trim())
  return [...new Set(aliases)].filter((alias) => alias !== '' && alias !== name)
}

function shown(text: string | undefined): string {
  return text === undefined || text.trim() === '' ? '(empty)' : JSON.stringify(text.slice(0, 40))
}
