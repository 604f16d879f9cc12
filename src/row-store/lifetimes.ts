import { cellsOfInterval, cellsOfPoint, type IntervalCell } from '../intervals/interval-cells.ts'

const cellBytes = 7

/**
 * The keys under which the lifetime of a deleted row is filed, so that a scan as of an earlier moment finds those that were
 * there then and passes over all others, however many there have been. Time is counted in commits, both of them included.
 */
export function lifetimeKeys(row: Buffer, bornIn: number, deletedIn: number): readonly Buffer[] {
  return cellsOfInterval(bornIn, deletedIn).map((cell) => lifetimeKey(cell, row))
}

/** The half-open ranges of keys with the lifetimes that may hold a commit, of rows from `low` to `high`. */
export function lifetimeRanges(
  low: Buffer,
  high: Buffer,
  commit: number,
  newestCommit: number,
): readonly { readonly low: Buffer; readonly high: Buffer }[] {
  return cellsOfPoint(commit, newestCommit).map((cell) => ({
    low: lifetimeKey(cell, low),
    high: lifetimeKey(cell, high),
  }))
}

/** Within a cell, lifetimes lie in the order of their rows. */
function lifetimeKey({ level, index }: IntervalCell, row: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(cellBytes + row.length)
  bytes.writeUInt8(level, 0)
  bytes.writeUIntBE(index, 1, cellBytes - 1)
  row.copy(bytes, cellBytes)
  return bytes
}

/** The bytes of the row, from those of its lifetime. */
export function rowOfLifetime(bytes: Buffer): Buffer {
  return bytes.subarray(cellBytes)
}
