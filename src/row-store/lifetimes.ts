/**
 * Where the lifetimes of deleted rows are filed, so that a scan as of an earlier moment finds those that were there then
 * and passes over all others, however many there have been. Time is counted in commits and halved again and again: a
 * cell of level n holds 2^n commits. A lifetime is filed under the one or two cells that cover it on the lowest level where
 * so few do, and whoever asks for a moment looks into the one cell of each level that holds it (a segment tree, bounded
 * to two cells a lifetime).
 */
export interface Cell {
  readonly level: number
  readonly index: number
}

/** The cells under which what lived from one commit to another, both included, is filed. */
export function cellsOfLifetime(bornIn: number, deletedIn: number): readonly Cell[] {
  let level = 0
  let [first, last] = [bornIn, deletedIn]
  while (last - first > 1) {
    level += 1
    first = Math.floor(first / 2)
    last = Math.floor(last / 2)
  }
  return first === last
    ? [{ level, index: first }]
    : [
        { level, index: first },
        { level, index: last },
      ]
}

/** The cells that may hold what was alive in a commit, as far as `newest`, the last commit there is. */
export function cellsOfMoment(commit: number, newest: number): readonly Cell[] {
  const cells: Cell[] = []
  let index = commit
  for (let level = 0, reach = 1; level === 0 || reach <= newest * 2; level += 1, reach *= 2) {
    cells.push({ level, index })
    index = Math.floor(index / 2)
  }
  return cells
}

const cellBytes = 7

/** The bytes under which a row's lifetime lies: within a cell, lifetimes lie as their rows do. */
export function lifetimeKey({ level, index }: Cell, row: Buffer): Buffer {
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
