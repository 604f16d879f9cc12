import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOfInterval, cellsOfPoint, type IntervalCell } from '../../src/intervals/interval-cells.ts'

const units = fc.integer({ min: 0, max: 5_000 })

test('an interval is filed under at most two cells, and each of its points looks into exactly one of them', () => {
  fc.assert(
    fc.property(units, units, units, fc.nat(1_000), (a, b, c, more) => {
      const [from = 0, point = 0, to = 0] = [a, b, c].sort((left, right) => left - right)
      const filed = cellsOfInterval(from, to)
      expect(filed.length).toBeLessThanOrEqual(2)
      expect(filed.filter(isAmong(cellsOfPoint(point, to - from + more)))).toHaveLength(1)
    }),
    { seed: 7, numRuns: 500 },
  )
})

test('an interval is looked at only from points no further away than twice its length', () => {
  fc.assert(
    fc.property(units, fc.nat(300), units, (from, length, point) => {
      const to = from + length
      const isMet = cellsOfInterval(from, to).some(isAmong(cellsOfPoint(point, 6_000)))
      const away = Math.max(from - point, point - to, 0)
      if (isMet) expect(away).toBeLessThanOrEqual(2 * length + 1)
    }),
    { seed: 8, numRuns: 500 },
  )
})

function isAmong(cells: readonly IntervalCell[]): (cell: IntervalCell) => boolean {
  return ({ level, index }) => cells.some((cell) => cell.level === level && cell.index === index)
}
