import { addDays, daysFromTo } from './local-day.ts'
import { boxOfCell, type Box } from './quadkey.ts'
import type { Rows } from './rows.ts'
import { talliesIn, type Period } from './statistics-queries.ts'
import { complaintTallies } from './statistics-row.ts'
import { sumOf, type Counts } from './tally.ts'

/** The most cells of one answer; those with the most complaints are kept. */
const maxCells = 5_000
/** Two counts differ only where they lie further apart than this many standard deviations of their difference (Poisson). */
const trendDeviations = 2

/** Complaints by where the customer was. */
export interface ByWhere {
  readonly indoor: number
  readonly outdoor: number
  readonly unknown: number
}

/** A cell of the ground, and its complaints that nothing or only a gap explains. */
export interface GroundCell {
  readonly cell: string
  readonly box: Box
  readonly count: number
  readonly unexplained: ByWhere
  readonly gap: ByWhere
  /** Against the same number of days just before. */
  readonly previous: number
  readonly trend: 'rising' | 'steady' | 'falling'
}

/** Cells with such complaints in the period, those with the most first; `complete` is false where there were more. */
export function groundOf(
  rows: Rows,
  period: Period,
): { readonly cells: readonly GroundCell[]; readonly complete: boolean } {
  const days = daysFromTo(period.from, period.to)
  const now = countsByCell(rows, period)
  const before = countsByCell(rows, {
    ...period,
    from: addDays(period.from, -days),
    to: addDays(period.from, -1),
  })
  const cells = [...now]
    .map(([cell, counts]) => groundCell(cell, counts, sumAll(before.get(cell) ?? {})))
    .toSorted((a, b) => b.count - a.count || (a.cell < b.cell ? -1 : 1))
  return { cells: cells.slice(0, maxCells), complete: cells.length <= maxCells }
}

function countsByCell(rows: Rows, period: Period): ReadonlyMap<string, Counts> {
  const cells = new Map<string, Counts>()
  for (const { value, counts } of talliesIn(rows, complaintTallies, 'ground', period)) {
    cells.set(value, sumOf(cells.get(value) ?? {}, counts))
  }
  return cells
}

function groundCell(cell: string, counts: Counts, previous: number): GroundCell {
  const byWhere = (name: 'unexplained' | 'gap'): ByWhere => ({
    indoor: counts[`${name}:indoor`] ?? 0,
    outdoor: counts[`${name}:outdoor`] ?? 0,
    unknown: counts[`${name}:unknown`] ?? 0,
  })
  const count = sumAll(counts)
  const isNoise = Math.abs(count - previous) <= trendDeviations * Math.sqrt(count + previous)
  return {
    cell,
    box: boxOfCell(cell),
    count,
    unexplained: byWhere('unexplained'),
    gap: byWhere('gap'),
    previous,
    trend: isNoise ? 'steady' : count > previous ? 'rising' : 'falling',
  }
}

function sumAll(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
