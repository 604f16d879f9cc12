import { cellsOfInterval, type IntervalCell } from '../intervals/interval-cells.ts'

const cellBytes = 7

/** Under which key the lifetime of a deleted row is filed, and on which level. */
interface FiledLifetime {
  readonly level: number
  readonly key: Buffer
}

/**
 * Where the lifetime of a deleted row is filed, so that a scan as of an earlier moment finds those that were there then and
 * passes over all others, however many there have been. Time is counted in commits, both of them included.
 */
export function lifetimesOf(row: Buffer, bornIn: number, deletedIn: number): readonly FiledLifetime[] {
  return cellsOfInterval(bornIn, deletedIn).map((cell) => ({
    level: cell.level,
    key: lifetimeKey(cell, row),
  }))
}

/**
 * The half-open ranges of keys with the lifetimes that may hold a commit, of rows from `low` to `high`; one for each level on
 * which anything is filed.
 */
export function lifetimeRanges(
  low: Buffer,
  high: Buffer,
  commit: number,
  levels: number,
): readonly { readonly low: Buffer; readonly high: Buffer }[] {
  const ranges = []
  for (let level = 0; level <= maxLevel; level += 1) {
    if (!holdsLevel(levels, level)) continue
    const cell = { level, index: Math.floor(commit / 2 ** level) }
    ranges.push({ low: lifetimeKey(cell, low), high: lifetimeKey(cell, high) })
  }
  return ranges
}

/** Levels are kept as the bits of a number; no store comes to 2^31 commits. */
const maxLevel = 30

export function withLevel(levels: number, level: number): number {
  return levels | (1 << level)
}

function holdsLevel(levels: number, level: number): boolean {
  return (levels & (1 << level)) !== 0
}

/** Lifetimes lie by table, as rows do; of a table by cell, and within a cell in the order of their rows. */
function lifetimeKey({ level, index }: IntervalCell, row: Buffer): Buffer {
  const table = endOfTable(row)
  const bytes = Buffer.allocUnsafe(cellBytes + row.length)
  row.copy(bytes, 0, 0, table)
  bytes.writeUInt8(level, table)
  bytes.writeUIntBE(index, table + 1, cellBytes - 1)
  row.copy(bytes, table + cellBytes, table)
  return bytes
}

/** The bytes of the row, from those of its lifetime. */
export function rowOfLifetime(bytes: Buffer): Buffer {
  const table = endOfTable(bytes)
  return Buffer.concat([bytes.subarray(0, table), bytes.subarray(table + cellBytes)])
}

/** Where the name of the table is over, with the NUL behind it. */
function endOfTable(bytes: Buffer): number {
  return bytes.indexOf(0) + 1
}
