/**
 * How far two partitions of the same things agree: 1 for equal, about 0 for chance (Hubert and Arabie, 1985). Each pair
 * holds the labels of one thing. Fewer than two things, or two partitions without any structure, agree.
 */
export function adjustedRandIndex(pairs: readonly (readonly [string, string])[]): number {
  const joint = new Map<string, number>()
  const left = new Map<string, number>()
  const right = new Map<string, number>()
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)
  for (const [a, b] of pairs) {
    count(joint, JSON.stringify([a, b]))
    count(left, a)
    count(right, b)
  }
  const pairsWithin = (map: ReadonlyMap<string, number>): number =>
    [...map.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
  const all = (pairs.length * (pairs.length - 1)) / 2
  const [inLeft, inRight] = [pairsWithin(left), pairsWithin(right)]
  const expected = all === 0 ? 0 : (inLeft * inRight) / all
  const most = (inLeft + inRight) / 2
  return most === expected ? 1 : (pairsWithin(joint) - expected) / (most - expected)
}
