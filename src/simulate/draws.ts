import type { Random } from './random.ts'

export function chance(random: Random, probability: number): boolean {
  return random.next() < probability
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next()
}

export function integerBetween(random: Random, low: number, high: number): number {
  return low + Math.floor((high - low + 1) * random.next())
}

/** Box and Muller's transform of two uniforms. */
export function normal(random: Random, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return deviation * radius * Math.cos(2 * Math.PI * random.next())
}

export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next())
}

/** A factor around one: lognormal with mean one. */
export function noiseFactor(random: Random, deviation: number): number {
  return Math.exp(normal(random, deviation) - (deviation * deviation) / 2)
}

/** Above this mean the normal distribution stands in for Poisson's. */
const poissonByNormal = 50

export function poisson(random: Random, mean: number): number {
  if (mean > poissonByNormal) return Math.max(0, Math.round(mean + normal(random, Math.sqrt(mean))))
  const limit = Math.exp(-mean)
  let count = -1
  for (let product = 1; product > limit || count < 0; product *= random.next()) count += 1
  return count
}

/** Throws on an empty list: the caller has nothing to choose from. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const chosen = list[Math.floor(random.next() * list.length)]
  if (chosen === undefined) throw new RangeError('nothing to pick from')
  return chosen
}

/** Picks a key of a table of weights; they need not sum to one. */
export function pickWeighted<K extends string>(
  random: Random,
  weights: Readonly<Partial<Record<K, number>>>,
): K {
  const entries = Object.entries(weights) as [K, number][]
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  let chosen: K | undefined
  for (const [key, weight] of entries) {
    chosen = key
    left -= weight
    if (left < 0) break
  }
  if (chosen === undefined) throw new RangeError('nothing to pick from')
  return chosen
}

/** An opaque identifier of `digits` hexadecimal digits, at most 8 from each draw. */
export function hexId(random: Random, digits: number): string {
  let text = ''
  while (text.length < digits)
    text += Math.floor(random.next() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0')
  return text.slice(0, digits)
}
