import { createIdTable, type IdTable } from './id-table.ts'

/**
 * The ids of one stream, each with the revision at which it lies: 17 to 34 bytes an id. Of an id only 64 bits are kept, so
 * two ids may seem the same once in a great while: whoever finds one reads the event to be sure.
 */
export interface KnownIds {
  readonly size: number
  /** Where events with this id may lie; none where there is none. Letters count in either case. */
  revisionsOf(id: string): readonly number[]
  add(id: string, revision: number): void
}

/** Odd, and near 2^32 divided by the golden ratio: multiplying by it spreads ids that lie close together. */
const spread = 0x9e3779b1
/** One table up to here; beyond it many, chosen by the first bits of the hash. */
const maxInOneTable = 65_536
const tableBits = 8

/**
 * Many tables where there are many ids: a table that doubles holds everything else up meanwhile, and a day of 20 million
 * alarms in one table would do so for half a second.
 */
export function createKnownIds(): KnownIds {
  let tables: readonly IdTable[] = [createIdTable(hashOf)]
  let size = 0

  const tableOf = (hash: number): IdTable => {
    const table = tables[tables.length === 1 ? 0 : hash >>> (32 - tableBits)]
    if (table === undefined) throw new Error('every hash has its table')
    return table
  }

  const put = (high: number, low: number, revision: number) => {
    const hash = hashOf(high, low)
    tableOf(hash).add(high, low, hash, revision)
  }

  const divide = () => {
    const [whole] = tables
    tables = Array.from({ length: 2 ** tableBits }, () => createIdTable(hashOf))
    whole?.each(put)
  }

  return {
    get size() {
      return size
    },
    revisionsOf(id) {
      const high = highOf(id)
      const low = lowOf(id)
      const hash = hashOf(high, low)
      return tableOf(hash).find(high, low, hash)
    },
    add(id, revision) {
      if (size === maxInOneTable) divide()
      put(highOf(id), lowOf(id), revision)
      size += 1
    },
  }
}

function hashOf(high: number, low: number): number {
  return Math.imul(low ^ Math.imul(high, spread), spread)
}

/** The first and the last 32 bits of a UUID: neither holds its version. */
function highOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16)
}

function lowOf(id: string): number {
  return Number.parseInt(id.slice(-8), 16)
}
