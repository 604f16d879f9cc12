/**
 * Where intervals are filed so that those which hold a point are found at a cost that does not grow with the number of
 * the others. The line is halved again and again: a cell of level n is 2^n units long. An interval is filed under the one
 * or two cells that cover it on the lowest level where so few do, and whoever asks for a point looks into the one cell of
 * each level that holds it (a segment tree, held to two cells an interval). What is found there may still miss the point,
 * by at most twice its own length.
 */
export interface IntervalCell {
  readonly level: number
  readonly index: number
}

/** The cells under which an interval of whole units is filed; both ends belong to it. */
export function cellsOfInterval(from: number, to: number): readonly IntervalCell[] {
  let [level, first, last] = [0, from, to]
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

/** The cells that may hold intervals with a point in them, up to those as long as `longest`. */
export function cellsOfPoint(point: number, longest: number): readonly IntervalCell[] {
  const cells: IntervalCell[] = []
  let index = point
  for (let level = 0, length = 1; level === 0 || length < longest * 2; level += 1, length *= 2) {
    cells.push({ level, index })
    index = Math.floor(index / 2)
  }
  return cells
}
