import { maxPlaces, placeOf, readGazetteer, writeGazetteer } from '../ingest/gazetteer.ts'
import type { Place, PlaceIndex } from '../places/place-index.ts'

/** There is no room for more places. Says what to do. */
export class GazetteerFullError extends Error {
  override readonly name = 'GazetteerFullError'
}

/** A row of a gazetteer as JSON has it. */
export interface GazetteerRow {
  readonly name: string
  readonly lon: string | number
  readonly lat: string | number
  readonly crs?: string | undefined
  readonly kind?: string | undefined
  readonly aliases?: string | readonly string[] | undefined
}

/** The same as a row of a file, which holds texts alone. */
export function readPlace({ name, lon, lat, crs, kind, aliases }: GazetteerRow): ReturnType<typeof placeOf> {
  const names = typeof aliases === 'object' ? aliases.join('|') : aliases
  return placeOf({ name, lon: String(lon), lat: String(lat), crs, kind, aliases: names })
}

/** Where added places go: into the index at once, and into the data folder where there is one. */
export interface Gazetteer {
  /** Resolves once they are found and kept. Throws `GazetteerFullError` where there would be more than `maxPlaces`. */
  add(places: readonly Place[]): Promise<void>
}

/** The file is written anew each time, so that it is whole at any moment; additions take turns. */
export function createGazetteer(index: PlaceIndex, dataFolder?: string): Gazetteer {
  let turn: Promise<void> = Promise.resolve()
  const keep = async (folder: string, places: readonly Place[]): Promise<void> => {
    const all = new Map((await readGazetteer(folder)).map((place) => [place.id, place]))
    for (const place of places) all.set(place.id, place)
    if (all.size > maxPlaces) throw new GazetteerFullError(`more than ${maxPlaces} places (maxPlaces)`)
    await writeGazetteer(folder, all.values())
  }
  return {
    add: async (places) => {
      if (places.length === 0) return
      if (dataFolder !== undefined) {
        const mine = turn.then(() => keep(dataFolder, places))
        turn = mine.catch(() => undefined)
        await mine
      }
      for (const place of places) index.put(place)
    },
  }
}
