import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binOf, medianOf } from '../../projections/time-bins.ts'

test('a median of any spans above a second is at most 12% off, and its bin holds it', () => {
  const yearMs = 366 * 86_400_000
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1_000, max: yearMs }), { minLength: 1, maxLength: 60 }),
      (spans) => {
        const counts: Record<string, number> = {}
        for (const span of spans) counts[binOf(span)] = (counts[binOf(span)] ?? 0) + 1
        const exact = spans.toSorted((a, b) => a - b)[Math.ceil(spans.length / 2) - 1] ?? 0
        const { ms, betweenMs } = medianOf(counts) ?? { ms: 0, betweenMs: [0, 0] }
        expect(exact).toBeGreaterThanOrEqual(betweenMs[0])
        expect(exact).toBeLessThan(betweenMs[1])
        expect(Math.abs(ms - exact) / exact).toBeLessThan(0.12)
      },
    ),
    { seed: 25, numRuns: 300 },
  )
})

test('of nothing there is none', () => {
  expect(medianOf({})).toBeUndefined()
})
