import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOfLifetime, cellsOfMoment } from '../../src/row-store/lifetimes.ts'

const commits = fc.integer({ min: 1, max: 5_000 })

test('a lifetime is filed under at most two cells, and every moment of it looks into exactly one of them', () => {
  fc.assert(
    fc.property(commits, commits, commits, fc.nat(1_000), (a, b, c, more) => {
      const [born = 1, moment = 1, deleted = 1] = [a, b, c].sort((left, right) => left - right)
      const filed = cellsOfLifetime(born, deleted)
      expect(filed.length).toBeLessThanOrEqual(2)
      const asked = cellsOfMoment(moment, deleted + more)
      const met = filed.filter((cell) => asked.some((other) => isSame(cell, other)))
      expect(met).toHaveLength(1)
    }),
    { seed: 7, numRuns: 500 },
  )
})

test('a lifetime is looked at only from moments no further away than twice its length', () => {
  fc.assert(
    fc.property(commits, fc.nat(300), commits, (born, lengthOf, moment) => {
      const deleted = born + lengthOf
      const filed = cellsOfLifetime(born, deleted)
      const isMet = cellsOfMoment(moment, 6_000).some((cell) => filed.some((other) => isSame(cell, other)))
      const away = Math.max(born - moment, moment - deleted, 0)
      if (isMet) expect(away).toBeLessThanOrEqual(2 * lengthOf + 1)
    }),
    { seed: 8, numRuns: 500 },
  )
})

type Cell = ReturnType<typeof cellsOfMoment>[number]

function isSame(one: Cell, other: Cell): boolean {
  return one.level === other.level && one.index === other.index
}
