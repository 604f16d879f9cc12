import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { locatedPoint } from '../../schemas/geo.ts'
import { parsePlaceRow, placeIdOf } from '../places/parse-place-row.ts'
import type { Place } from '../places/place-index.ts'
import type { Fields } from './column-mapping.ts'
import { ImportError } from './import-error.ts'
import { pointOf } from './cell-values.ts'

export const placeFields = ['name', 'lon', 'lat', 'crs', 'kind', 'aliases'] as const

/** The most places of one data folder: all of them lie in memory while the server runs. */
export const maxPlaces = 2_000_000

const fileName = 'places.ndjson'

/** One place of a gazetteer's row, in WGS-84. */
export function placeOf(fields: Fields): { readonly place: Place } | { readonly refused: string } {
  const { crs, ...row } = fields
  if (crs !== undefined) {
    const point = locatedPoint.safeParse(pointOf(fields))
    if (!point.success)
      return { refused: `${point.error.issues[0]?.path.join('.')}: ${point.error.issues[0]?.message}` }
    const [lon, lat] = point.data.point
    Object.assign(row, { lon: lon.toFixed(7), lat: lat.toFixed(7) })
  }
  const parsed = parsePlaceRow(row)
  return 'refused' in parsed ? parsed : { place: { id: placeIdOf(parsed.ok), ...parsed.ok } }
}

/** The places of a data folder; none where it has none yet. Throws `ImportError` where the file is damaged. */
export async function readGazetteer(dataFolder: string): Promise<Place[]> {
  const path = join(dataFolder, fileName)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap((line, at) => {
    if (line === '') return []
    try {
      return [JSON.parse(line) as Place]
    } catch {
      throw new ImportError(`${path} is damaged at line ${at + 1}: import the places again with --replace`)
    }
  })
}

/** Puts all places of a data folder in place of those that it had, at once. */
export async function writeGazetteer(dataFolder: string, places: Iterable<Place>): Promise<void> {
  const path = join(dataFolder, fileName)
  const fresh = `${path}.new`
  await writeFile(fresh, linesOf(places))
  await rename(fresh, path)
}

function* linesOf(places: Iterable<Place>): Generator<string> {
  for (const place of places) yield `${JSON.stringify(place)}\n`
}
