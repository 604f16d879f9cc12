import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowBatch } from '../../src/row-store/row-batch.ts'
import {
  maxScannedRows,
  type Row,
  type RowStore,
  type RowWrite,
  type ScanOptions,
} from '../../src/row-store/row-store.ts'

/** A position like a log's. */
export const at = (ordinal: number) => String(ordinal).padStart(16, '0')

/** All rows of a scan, page by page. */
function scanAll(store: RowStore, table: string, options: ScanOptions): Row[] {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = store.scan(table, cursor === undefined ? options : { ...options, cursor })
    expect(page.rows.length).toBeLessThanOrEqual(options.limit)
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor !== undefined)
  return rows
}

/** What every row store must keep. `open` gives one that is empty. */
export function rowStoreContract(name: string, open: () => Promise<RowStore>): void {
  const withStore = async (use: (store: RowStore) => void) => {
    const store = await open()
    try {
      use(store)
    } finally {
      await store.close()
    }
  }

  describe(name, () => {
    test('rows and checkpoint are read back', () =>
      withStore((store) => {
        expect(store.checkpoint()).toBeUndefined()
        const value = { place: '白马花园', nested: [{ x: 1.5 }, null] }
        store.commit(at(3), [{ table: 'outages', key: 'o-1', value, position: at(2) }])
        expect(store.checkpoint()).toBe(at(3))
        expect(store.get('outages', 'o-1')).toEqual(value)
        expect(store.get('outages', 'o-2')).toBeUndefined()
      }))

    test('a table whose name begins another does not see its rows', () =>
      withStore((store) => {
        store.commit(at(1), [{ table: 'ab', key: 'c', value: { n: 1 }, position: at(1) }])
        expect(store.scan('a', { limit: 10 }).rows).toEqual([])
        expect(store.scan('ab', { limit: 10 }).rows).toHaveLength(1)
      }))

    test('rows made beside are read when they take over, with their history, and the old ones are swept away', () =>
      withStore((store) => {
        const write = (table: string, n: number, position: number, key = 'k') => ({
          table,
          key,
          value: { n },
          position: at(position),
        })
        store.commit(at(9), [write('a', 1, 5), write('a.b', 1, 6), write('ab', 1, 7), write('a.b', 2, 9)])
        const beside = store.beside('a')
        expect(beside.get('a', 'k')).toBeUndefined()
        expect(beside.get('ab', 'k')).toEqual({ n: 1 })
        beside.commit(at(2), [write('a', 10, 1), write('a.b', 10, 2)])
        beside.commit(at(9), [write('a', 11, 4), write('a.c', 12, 9)])
        expect(store.get('a', 'k')).toEqual({ n: 1 })
        expect(store.scan('a.b', { limit: 9 }).rows).toMatchObject([{ key: 'k', value: { n: 2 } }])
        beside.takeOver()
        expect(store.checkpoint()).toBe(at(9))
        const check = () => {
          expect(store.get('a', 'k')).toEqual({ n: 11 })
          expect(store.get('a', 'k', at(3))).toEqual({ n: 10 })
          expect(store.scan('a.b', { limit: 9 }).rows).toMatchObject([{ key: 'k', value: { n: 10 } }])
          expect(store.scan('a.b', { limit: 9, asOf: at(1) }).rows).toEqual([])
          expect(store.scan('a.c', { limit: 9 }).rows).toMatchObject([{ key: 'k', value: { n: 12 } }])
          expect(store.get('ab', 'k')).toEqual({ n: 1 })
        }
        check()
        while (store.sweep());
        check()
        // And again: what was not taken over counts for nothing.
        store.beside('a').commit(at(9), [write('a', 20, 9)])
        while (store.sweep());
        store.beside('a').takeOver()
        expect(store.get('a', 'k')).toBeUndefined()
        store.commit(at(10), [write('a', 30, 10)])
        expect(store.get('a', 'k')).toEqual({ n: 30 })
      }))

    test('pages go on where the last one ended, in either direction, within bounds', () =>
      withStore((store) => {
        const keys = ['a/1', 'a/2', 'a/3', 'b/1', '天河', '📡', '\uffee']
        store.commit(
          at(1),
          keys.map((key) => ({ table: 't', key, value: { key }, position: at(1) })),
        )
        const keysOf = (options: Partial<ScanOptions>) =>
          scanAll(store, 't', { limit: 2, ...options }).map(({ key }) => key)
        const inBytes = ['a/1', 'a/2', 'a/3', 'b/1', '天河', '\uffee', '📡']
        expect(keysOf({})).toEqual(inBytes)
        expect(keysOf({ reverse: true })).toEqual(inBytes.toReversed())
        expect(keysOf({ prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/3'])
        expect(keysOf({ prefix: 'a/', reverse: true })).toEqual(['a/3', 'a/2', 'a/1'])
        expect(keysOf({ from: 'a/2', to: 'b/1' })).toEqual(['a/2', 'a/3'])
        expect(keysOf({ from: 'a/2', to: 'b/1', reverse: true })).toEqual(['a/3', 'a/2'])
        expect(keysOf({ from: 'z', to: 'b' })).toEqual([])
        expect(store.scan('t', { limit: 7 }).next).toBeUndefined()
      }))

    test('rows that were deleted since cost an earlier scan bounded work, and one of today none', () =>
      withStore((store) => {
        const keys = Array.from({ length: maxScannedRows + 5 }, (_, index) => String(index).padStart(6, '0'))
        const write = (key: string, value: object | undefined, position: string): RowWrite => ({
          table: 't',
          key,
          value,
          position,
        })
        store.commit(
          at(1),
          keys.map((key) => write(key, { key }, at(1))),
        )
        store.commit(
          at(2),
          keys.slice(0, -1).map((key) => write(key, undefined, at(2))),
        )
        expect(store.scan('t', { limit: 10 })).toMatchObject({ rows: [{ key: keys.at(-1) }] })
        const page = store.scan('t', { limit: 10, asOf: at(2) })
        expect(page.rows).toEqual([])
        expect(page.next).toBeDefined()
        expect(scanAll(store, 't', { limit: 10, asOf: at(2) })).toHaveLength(1)
        expect(scanAll(store, 't', { limit: 1_000, asOf: at(1) })).toHaveLength(keys.length)
      }))

    test('a version behind the newest is refused and nothing of its commit is stored', () =>
      withStore((store) => {
        store.commit(at(5), [{ table: 't', key: 'k', value: { n: 5 }, position: at(5) }])
        const late = [
          { table: 't', key: 'other', value: { n: 6 }, position: at(6) },
          { table: 't', key: 'k', value: { n: 4 }, position: at(4) },
        ]
        expect(() => store.commit(at(6), late)).toThrow(RangeError)
        expect(() => store.commit(at(6), [{ table: 't', key: 'a\0b', value: {}, position: at(6) }])).toThrow(
          RangeError,
        )
        expect(store.get('t', 'other')).toBeUndefined()
        expect(store.checkpoint()).toBe(at(5))
      }))

    test('a batch reads its own writes before they are committed', () =>
      withStore((store) => {
        const batch = rowBatch(store)
        batch.add(at(1), [{ table: 't', key: 'k', value: { n: 1 } }])
        expect(batch.get('t', 'k')).toEqual({ n: 1 })
        batch.add(at(2), [{ table: 't', key: 'k', value: undefined }])
        expect(batch.get('t', 'k')).toBeUndefined()
        expect(store.get('t', 'k')).toBeUndefined()
        batch.add(at(3), [{ table: 't', key: 'k', value: { n: 3 } }])
        batch.commit(at(3))
        expect([at(1), at(2), at(3)].map((asOf) => store.get('t', 'k', asOf))).toEqual([
          { n: 1 },
          undefined,
          { n: 3 },
        ])
      }))

    test('as of any position, rows are those of a store that was filled only so far (P1)', () =>
      fc.assert(
        fc.asyncProperty(history, async (commits) => {
          await withStore((store) => {
            const checkpoints = fill(store, commits)
            checkpoints.forEach((_, upTo) => expectAsOf(store, commits, upTo))
          })
        }),
        { seed: 20_260_302, numRuns: 15 },
      ))

    test('so they are after many commits, in which rows came and went for short and for long (P1)', () =>
      fc.assert(
        fc.asyncProperty(longHistory, fc.array(fc.nat(), { maxLength: 12 }), async (commits, picks) => {
          await withStore((store) => {
            const positions = fill(store, commits)
            for (const pick of picks) expectAsOf(store, commits, pick % positions.length)
          })
        }),
        { seed: 20_261_124, numRuns: 12 },
      ))
  })
}

type Change = { readonly key: string; readonly value: number | undefined }

/** Commits of events of changes. */
const history: fc.Arbitrary<Change[][][]> = fc.array(
  fc.array(
    fc.array(
      fc.record({
        key: fc.constantFrom('a', 'ab', 'b', '站'),
        value: fc.option(fc.nat(9), { nil: undefined }),
      }),
      {
        maxLength: 3,
      },
    ),
    { maxLength: 4 },
  ),
  { maxLength: 6 },
)

/** One change an event, one event a commit: some keys are deleted at once and some after a long time. */
const longHistory: fc.Arbitrary<Change[][][]> = fc.array(
  fc
    .record({
      key: fc.oneof(fc.constantFrom('a', 'ab', 'b'), fc.constant('站')),
      value: fc.option(fc.nat(9), { nil: undefined, freq: 2 }),
    })
    .map((change) => [[change]]),
  { minLength: 30, maxLength: 120 },
)

function fill(store: RowStore, commits: readonly Change[][][]): string[] {
  const positions: string[] = []
  for (const events of commits) {
    const writes = events.flatMap((changes) => {
      positions.push(at(positions.length + 1))
      const position = at(positions.length)
      return changes.map(({ key, value }) => ({
        table: 't',
        key,
        value: value === undefined ? undefined : { value },
        position,
      }))
    })
    store.commit(at(positions.length), writes)
  }
  return positions
}

function expectAsOf(store: RowStore, commits: readonly Change[][][], upTo: number): void {
  const model = new Map<string, number>()
  for (const { key, value } of commits
    .flat()
    .slice(0, upTo + 1)
    .flat()) {
    if (value === undefined) model.delete(key)
    else model.set(key, value)
  }
  const asOf = at(upTo + 1)
  const rows = scanAll(store, 't', { limit: 2, asOf })
  expect(scanAll(store, 't', { limit: 2, asOf, reverse: true })).toEqual(rows.toReversed())
  expect(Object.fromEntries(rows.map(({ key, value }) => [key, value]))).toEqual(
    Object.fromEntries([...model].map(([key, value]) => [key, { value }])),
  )
  for (const key of ['a', 'ab', 'b', '站', 'c']) {
    const value = model.get(key)
    expect(store.get('t', key, asOf)).toEqual(value === undefined ? undefined : { value })
  }
}
