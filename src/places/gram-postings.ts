const initialCapacity = 1024

/**
 * Which entries hold which gram. All lists lie in two flat arrays as linked lists, because most of several hundred
 * thousand grams have a handful of entries, where an array for each would cost more than what it holds.
 */
export interface GramPostings {
  /** `entry` is a number that the caller counts upwards. */
  add(gram: string, entry: number): void
  count(gram: string): number
  /** Newest entry first. */
  visit(gram: string, visitor: (entry: number) => void): void
}

export function createGramPostings(): GramPostings {
  const slotOf = new Map<string, number>()
  let heads = new Uint32Array(initialCapacity)
  let counts = new Uint32Array(initialCapacity)
  // Node 0 is the end of every list.
  let entries = new Uint32Array(initialCapacity)
  let nexts = new Uint32Array(initialCapacity)
  let nodes = 1

  return {
    add(gram, entry) {
      let slot = slotOf.get(gram)
      if (slot === undefined) {
        slot = slotOf.size
        slotOf.set(gram, slot)
        heads = withRoomFor(heads, slot)
        counts = withRoomFor(counts, slot)
      }
      entries = withRoomFor(entries, nodes)
      nexts = withRoomFor(nexts, nodes)
      entries[nodes] = entry
      nexts[nodes] = heads[slot] ?? 0
      heads[slot] = nodes
      counts[slot] = (counts[slot] ?? 0) + 1
      nodes += 1
    },
    count(gram) {
      const slot = slotOf.get(gram)
      return slot === undefined ? 0 : (counts[slot] ?? 0)
    },
    visit(gram, visitor) {
      const slot = slotOf.get(gram)
      if (slot === undefined) return
      for (let node = heads[slot] ?? 0; node !== 0; node = nexts[node] ?? 0) visitor(entries[node] ?? 0)
    },
  }
}

function withRoomFor(array: Uint32Array<ArrayBuffer>, at: number): Uint32Array<ArrayBuffer> {
  if (at < array.length) return array
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}
