import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complaintsOfDay } from '../../projections/complaint-queries.ts'
import { key, prefix } from '../../projections/key.ts'
import { pageCursor } from '../../projections/page.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import { complaint, given } from './given.ts'

const text = fc.string({ unit: 'binary', maxLength: 200 })
const longest = '界'.repeat(200)

describe('a page', () => {
  it('gives every entry once, whatever its size', () => {
    const ids = Array.from({ length: 23 }, (_, at) => `投诉/${at}`)
    const rows = given(...ids.map((id) => complaint(id)))
    for (const limit of [1, 5, 23, 100]) {
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = complaintsOfDay(rows, '2026-03-01', { limit, cursor })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        found.push(...page.items.map(({ complaintId }) => complaintId))
        cursor = page.next === undefined ? undefined : pageCursor.parse(page.next)
      } while (cursor !== undefined)
      expect(found.sort()).toEqual([...ids].sort())
    }
  })

  it('H1: takes any cursor that is let through, and lets none through that a store could not take', () => {
    const rows = given(complaint('C1'))
    const hostile = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.nat(99_999), fc.base64String({ maxLength: 3_000 }))
        .map(([at, within]) => `${at}.${within}`),
      fc
        .tuple(fc.nat(3), fc.uint8Array({ maxLength: 1_600 }))
        .map(([at, bytes]) => `${at}.${Buffer.from(bytes).toString('base64url')}`),
    )
    fc.assert(
      fc.property(hostile, (sent) => {
        const cursor = pageCursor.safeParse(sent)
        if (cursor.success) complaintsOfDay(rows, '2026-03-01', { limit: 5, cursor: cursor.data })
      }),
      { seed: 6, numRuns: 500 },
    )
    for (const bad of [
      '0.AA',
      `0.${Buffer.from([0xff, 0xfe]).toString('base64url')}`,
      'x',
      '0.',
      '-1',
      '1e3',
    ]) {
      expect(pageCursor.safeParse(bad).success, bad).toBe(false)
    }
  })
})

describe('a key', () => {
  it('is taken by every store, and begins with the prefix of its first parts', () => {
    const store = openMemoryRowStore()
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (parts) => {
        store.get('a-table-with-a-long-name', key(...parts))
        expect(key(...parts, 'x').startsWith(prefix(...parts))).toBe(true)
      }),
      { seed: 7, numRuns: 300 },
    )
    store.get('a-table-with-a-long-name', key(longest, longest, longest, longest, longest))
  })

  it('differs where a part does, long or short', () => {
    expect(key('a', 'b')).not.toBe(key('a/b'))
    expect(key(`${longest}1`)).not.toBe(key(`${longest}2`))
    expect(key('a').startsWith(prefix('a'))).toBe(false)
  })
})
