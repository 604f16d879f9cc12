import { appendFile } from 'node:fs/promises'
import type { Place, PlaceIndex } from '../places/place-index.ts'

/** Where added places go: into the index at once, and where there is a file, to its end. */
export interface Gazetteer {
  /** Resolves once they are found and, where there is a file, kept. */
  add(places: readonly Place[]): Promise<void>
}

/** A gazetteer over an index and, beside it, the file that is read at the next start; later lines count. */
export function createGazetteer(index: PlaceIndex, path?: string): Gazetteer {
  let writing: Promise<void> = Promise.resolve()
  return {
    add: async (places) => {
      for (const place of places) index.put(place)
      if (path === undefined || places.length === 0) return
      const lines = places.map((place) => `${JSON.stringify(place)}\n`).join('')
      const mine = writing.then(() => appendFile(path, lines))
      writing = mine.catch(() => undefined)
      await mine
    },
  }
}
