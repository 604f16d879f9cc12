/** Ids of 64 bits, each with a revision: an open-addressing table in one array, which costs the garbage collector nothing. */
export interface IdTable {
  readonly size: number
  /** `hash` decides where to look: the same one for the same id. */
  add(high: number, low: number, hash: number, revision: number): void
  /** The revisions of an id; none where it is not known. */
  find(high: number, low: number, hash: number): readonly number[]
  each(visit: (high: number, low: number, revision: number) => void): void
}

const wordsPerPlace = 3
const firstPlaces = 8
const maxFilled = 0.7
const nowhere: readonly number[] = []

/** 12 bytes a place, at most 70% of them taken; it doubles beyond that. `hashOf` gives the hash of what it holds. */
export function createIdTable(hashOf: (high: number, low: number) => number): IdTable {
  let table = new Uint32Array(firstPlaces * wordsPerPlace)
  let places = firstPlaces
  let size = 0

  const put = (high: number, low: number, hash: number, taken: number) => {
    let place = placeOf(hash, places)
    while (table[place * wordsPerPlace + 2] !== 0) place = (place + 1) & (places - 1)
    const at = place * wordsPerPlace
    table[at] = high
    table[at + 1] = low
    table[at + 2] = taken
  }

  const each: IdTable['each'] = (visit) => {
    const visited = table
    for (let at = 0; at < visited.length; at += wordsPerPlace) {
      // Revisions are kept one higher, so that zero is a free place.
      const taken = visited[at + 2] ?? 0
      if (taken !== 0) visit(visited[at] ?? 0, visited[at + 1] ?? 0, taken - 1)
    }
  }

  const grow = () => {
    const old = table
    places *= 2
    table = new Uint32Array(places * wordsPerPlace)
    for (let at = 0; at < old.length; at += wordsPerPlace) {
      const taken = old[at + 2] ?? 0
      const high = old[at] ?? 0
      const low = old[at + 1] ?? 0
      if (taken !== 0) put(high, low, hashOf(high, low), taken)
    }
  }

  return {
    get size() {
      return size
    },
    add(high, low, hash, revision) {
      if (size + 1 > places * maxFilled) grow()
      put(high, low, hash, revision + 1)
      size += 1
    },
    find(high, low, hash) {
      let found: number[] | undefined
      for (let place = placeOf(hash, places); ; place = (place + 1) & (places - 1)) {
        const at = place * wordsPerPlace
        const taken = table[at + 2] ?? 0
        if (taken === 0) return found ?? nowhere
        if (table[at] === high && table[at + 1] === low) (found ??= []).push(taken - 1)
      }
    },
    each,
  }
}

function placeOf(hash: number, places: number): number {
  return (hash ^ (hash >>> 15)) & (places - 1)
}
