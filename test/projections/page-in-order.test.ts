import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageCursor } from '../../projections/page.ts'
import { pageInOrder } from '../../projections/page-in-order.ts'

test('pages one after the other are the whole in order, each entry once, with cursors that clients may send', () => {
  const orders = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }), { maxLength: 40 })
  fc.assert(
    fc.property(orders, fc.integer({ min: 1, max: 12 }), (texts, limit) => {
      const usable = texts.filter((text) => text.isWellFormed() && !text.includes('\0'))
      const all = usable.map((order) => [order, order] as const)
      const got: string[] = []
      let cursor: string | undefined
      do {
        const page = pageInOrder(all, { limit, cursor })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        got.push(...page.items)
        cursor = page.next === undefined ? undefined : pageCursor.parse(page.next)
      } while (cursor !== undefined)
      expect(got).toEqual(usable.toSorted())
    }),
    { seed: 1, numRuns: 60 },
  )
})
