/**
 * The ids of one stream, each with the revision at which it lies: 12 bytes a place, at most 70% of them taken. Of an id only
 * 64 bits are kept, so two ids may seem the same once in a great while: whoever finds one reads the event to be sure.
 */
export interface KnownIds {
  readonly size: number
  /** Where events with this id may lie; none where there is none. Letters count in either case. */
  revisionsOf(id: string): readonly number[]
  add(id: string, revision: number): void
}

const wordsPerPlace = 3
const firstPlaces = 8
const maxFilled = 0.7
/** Odd, and near 2^32 divided by the golden ratio: multiplying by it spreads ids that lie close together. */
const spread = 0x9e3779b1
const nowhere: readonly number[] = []

/** An open-addressing table in one array, which costs the garbage collector nothing however many ids it holds. */
export function createKnownIds(): KnownIds {
  let table = new Uint32Array(firstPlaces * wordsPerPlace)
  let places = firstPlaces
  let size = 0

  const put = (high: number, low: number, taken: number) => {
    let place = placeOf(high, low, places)
    while (table[place * wordsPerPlace + 2] !== 0) place = (place + 1) & (places - 1)
    const at = place * wordsPerPlace
    table[at] = high
    table[at + 1] = low
    table[at + 2] = taken
  }

  const grow = () => {
    const old = table
    places *= 2
    table = new Uint32Array(places * wordsPerPlace)
    for (let at = 0; at < old.length; at += wordsPerPlace) {
      const taken = old[at + 2] ?? 0
      if (taken !== 0) put(old[at] ?? 0, old[at + 1] ?? 0, taken)
    }
  }

  return {
    get size() {
      return size
    },
    revisionsOf(id) {
      const high = highOf(id)
      const low = lowOf(id)
      let found: number[] | undefined
      for (let place = placeOf(high, low, places); ; place = (place + 1) & (places - 1)) {
        const at = place * wordsPerPlace
        // Revisions are kept one higher, so that zero is a free place.
        const taken = table[at + 2] ?? 0
        if (taken === 0) return found ?? nowhere
        if (table[at] === high && table[at + 1] === low) (found ??= []).push(taken - 1)
      }
    },
    add(id, revision) {
      if (size + 1 > places * maxFilled) grow()
      put(highOf(id), lowOf(id), revision + 1)
      size += 1
    },
  }
}

function placeOf(high: number, low: number, places: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, spread), spread)
  return (mixed ^ (mixed >>> 15)) & (places - 1)
}

/** The first and the last 32 bits of a UUID: neither holds its version. */
function highOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16)
}

function lowOf(id: string): number {
  return Number.parseInt(id.slice(-8), 16)
}
