import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import { maxScannedRows } from '../../src/row-store/row-store.ts'
import { at, rowStoreContract } from './row-store-contract.ts'

const root = mkdtempSync(join(tmpdir(), 'causeway-rows-'))
let folders = 0
const newFolder = () => join(root, String((folders += 1)))
const tag = 'log-1 shape-1'
const row = { table: 't', key: 'k', value: { n: 1 }, position: at(1) }

afterAll(() => rmSync(root, { recursive: true, force: true }))

rowStoreContract('rows in LMDB', () => openLmdbRowStore({ folder: newFolder(), tag }))

test('as of a moment of long ago, what came and went at other times is not looked at', async () => {
  const store = await openLmdbRowStore({ folder: newFolder(), tag })
  const alive = 5
  const count = maxScannedRows + 1_000
  const keyOf = (born: number) => String(born).padStart(6, '0')
  for (let born = 1; born <= count; born += 1) {
    const position = at(born)
    store.commit(position, [
      { table: 't', key: keyOf(born), value: { born }, position },
      { table: 't', key: keyOf(born - alive), value: undefined, position },
    ])
  }
  for (const now of [10, count / 2, count - 1]) {
    const { rows, next } = store.scan('t', { limit: 100, asOf: at(now) })
    expect(rows.map(({ key }) => key)).toEqual([4, 3, 2, 1, 0].map((before) => keyOf(now - before)))
    expect(next).toBeUndefined()
  }
  await store.close()
})

test('opened again, rows and checkpoint are there', async () => {
  const folder = newFolder()
  const before = await openLmdbRowStore({ folder, tag })
  before.commit(at(1), [row])
  await before.close()
  const after = await openLmdbRowStore({ folder, tag })
  expect(after.checkpoint()).toBe(at(1))
  expect(after.get('t', 'k')).toEqual({ n: 1 })
  await after.close()
})

test('rows of another shape or log are thrown away', async () => {
  const folder = newFolder()
  const before = await openLmdbRowStore({ folder, tag })
  before.commit(at(1), [row])
  await before.close()
  const after = await openLmdbRowStore({ folder, tag: 'log-1 shape-2' })
  expect(after.checkpoint()).toBeUndefined()
  expect(after.get('t', 'k')).toBeUndefined()
  after.commit(at(1), [row])
  expect(after.get('t', 'k')).toEqual({ n: 1 })
  await after.close()
})

test('rows that were open when the machine went down are thrown away', async () => {
  const folder = newFolder()
  const before = await openLmdbRowStore({ folder, tag })
  before.commit(at(1), [row])
  expect(readdirSync(folder)).toContain('unclean')
  await before.close()
  expect(readdirSync(folder)).not.toContain('unclean')
  writeFileSync(join(folder, 'unclean'), 'another boot')
  const after = await openLmdbRowStore({ folder, tag })
  expect(after.checkpoint()).toBeUndefined()
  await after.close()
})
