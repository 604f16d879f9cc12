import { describe, expect, test } from 'vitest'
import { groundOf } from '../../projections/planning-queries.ts'
import type { Event } from '../../schemas/event.ts'
import { attributed, complaint, given } from './given.ts'

const day = (date: string) => ({ at: `${date}T04:00:00.000Z` })
const place = (lon: number, more: object = {}) => ({ place: { location: { point: [lon, 23.1] }, ...more } })
const period = { from: '2026-03-08', to: '2026-03-14' }
const gap = { kind: 'gap', id: 'G-1' }

describe('the ground that planners look at', () => {
  test('counts what nothing or only a gap explains, by cell and setting, and tells a rise from chance', () => {
    const rows = given(
      ...[1, 2, 3, 4, 5].flatMap((at) => [
        complaint(`basement-${at}`, { ...place(113.3), setting: 'basement-or-lift' }, day('2026-03-09')),
        attributed(`basement-${at}`, { verdict: 'unexplained', band: 'dispatch' }, day('2026-03-09')),
      ]),
      complaint('gap', { ...place(113.4), setting: 'moving' }, day('2026-03-10')),
      attributed('gap', { direct: gap, root: gap }, day('2026-03-10')),
      complaint('gap-before', place(113.4), day('2026-03-03')),
      attributed('gap-before', { direct: gap, root: gap }, day('2026-03-03')),
      complaint('vague', place(113.4, { uncertaintyMeters: 5_000 }), day('2026-03-10')),
      attributed('vague', { verdict: 'unexplained', band: 'dispatch' }, day('2026-03-10')),
    )
    const { cells, complete } = groundOf(rows, period)
    expect(complete).toBe(true)
    expect(cells).toMatchObject([
      { count: 5, unexplained: { indoor: 5, outdoor: 0, unknown: 0 }, previous: 0, trend: 'rising' },
      { count: 1, gap: { indoor: 0, outdoor: 1, unknown: 0 }, previous: 1, trend: 'steady' },
    ])
    const before = groundOf(rows, { from: '2026-03-02', to: '2026-03-07' })
    expect(before.cells).toMatchObject([{ count: 1, gap: { unknown: 1 } }])
  })

  test('a complaint leaves it when a cause is found', () => {
    const cells = (...more: readonly Event[]) =>
      groundOf(
        given(
          complaint('C-1', place(113.3), day('2026-03-09')),
          attributed('C-1', { verdict: 'unexplained', band: 'dispatch' }, day('2026-03-09')),
          ...more,
        ),
        period,
      ).cells.length
    expect(cells()).toBe(1)
    const alarm = { kind: 'alarm', id: 'nms/1@2026-03-09T03:00:00.000Z' }
    expect(cells(attributed('C-1', { direct: alarm, root: alarm }, day('2026-03-10')))).toBe(0)
  })
})
