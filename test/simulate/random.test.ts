import { describe, expect, it } from 'vitest'
import { between, normal, pickWeighted, poisson } from '../../src/simulate/draws.ts'
import { createRandom } from '../../src/simulate/random.ts'

describe('seeded chance', () => {
  it('repeats itself for the same seed, and a fork does not depend on what was drawn before', () => {
    const [one, other] = [createRandom('a'), createRandom('a')]
    const first = Array.from({ length: 5 }, () => one.next())
    expect(Array.from({ length: 5 }, () => other.next())).toEqual(first)
    expect(one.fork('x').next()).toBe(createRandom('a').fork('x').next())
    expect(one.fork('x').next()).not.toBe(one.fork('y').next())
  })

  it('gives the distributions that it says', () => {
    const random = createRandom('distributions')
    const draws = 20_000
    const mean = (draw: () => number): number =>
      Array.from({ length: draws }, draw).reduce((sum, value) => sum + value, 0) / draws
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1.7)
    expect(mean(() => between(random, 10, 20))).toBeCloseTo(15, 0)
    expect(mean(() => normal(random, 2) ** 2)).toBeCloseTo(4, 0)
    expect(mean(() => poisson(random, 3.5))).toBeCloseTo(3.5, 1)
    expect(mean(() => poisson(random, 200))).toBeCloseTo(200, -1)
    expect(mean(() => (pickWeighted(random, { often: 3, seldom: 1 }) === 'often' ? 1 : 0))).toBeCloseTo(
      0.75,
      1.5,
    )
  })
})
