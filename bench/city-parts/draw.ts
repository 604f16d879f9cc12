import type { Random } from '../../src/simulate/random.ts'

export function pickOf<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random.next() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** By weights that sum to one. */
export function pick<T>(weighted: readonly (readonly [T, number])[], random: Random): T {
  let left = random.next()
  for (const [item, share] of weighted) if ((left -= share) < 0) return item
  const last = weighted.at(-1)
  if (last === undefined) throw new RangeError('nothing to pick from')
  return last[0]
}

/** A whole number whose mean is `expected`, off by less than one. */
export function drawCount(expected: number, random: Random): number {
  return Math.floor(expected + random.next())
}

export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.next())
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
