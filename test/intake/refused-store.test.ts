import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openLmdbRefusedStore } from '../../src/intake/lmdb-refused-store.ts'
import {
  createMemoryRefusedStore,
  type RefusedLimits,
  type RefusedStore,
} from '../../src/intake/refused-store.ts'

const root = mkdtempSync(join(tmpdir(), 'causeway-refused-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const entry = (reason: string) => ({
  refusedAt: '2026-03-01T00:00:00.000Z',
  actor: 'a',
  reason,
  text: '{}',
  masked: false,
})
const onTrouble = (error: unknown) => {
  throw error
}
const roomy = { maxRefusedLines: 100, maxRefusedBytes: 100_000 }

const stores: [string, (name: string, limits: RefusedLimits) => RefusedStore][] = [
  ['memory', (_name, limits) => createMemoryRefusedStore(limits)],
  ['lmdb', (name, limits) => openLmdbRefusedStore(join(root, name), limits, onTrouble)],
]

describe.each(stores)('H1: refused lines in %s', (_kind, open) => {
  test('are listed in order and in pages, and gone when taken', async () => {
    const store = open('pages', roomy)
    const ids = ['a', 'b', 'c', 'd'].map((reason) => store.keep(entry(reason)).id)
    const first = store.list({ limit: 3 })
    expect(first.entries.map(({ reason }) => reason)).toEqual(['a', 'b', 'c'])
    expect(store.list({ limit: 3, after: first.next }).entries.map(({ reason }) => reason)).toEqual(['d'])
    expect(store.remove(ids[1] ?? '')).toBe(true)
    expect(store.get(ids[1] ?? '')).toBeUndefined()
    expect(store.counts()).toEqual({ kept: 3, dropped: 0 })
    await store.close()
  })

  test('beyond the cap the oldest are dropped and counted', async () => {
    const store = open('cap', { ...roomy, maxRefusedLines: 2 })
    for (const reason of ['a', 'b', 'c']) store.keep(entry(reason))
    expect(store.list({ limit: 10 }).entries.map(({ reason }) => reason)).toEqual(['b', 'c'])
    expect(store.counts()).toEqual({ kept: 2, dropped: 1 })
    await store.close()
  })

  test('beyond the cap of bytes too', async () => {
    const store = open('bytes', { ...roomy, maxRefusedBytes: 300 })
    for (const reason of ['a', 'b', 'c', 'd']) store.keep(entry(reason))
    expect(store.counts().dropped).toBeGreaterThan(0)
    expect(store.list({ limit: 10 }).entries.at(-1)?.reason).toBe('d')
    await store.close()
  })
})

test('H1: refused lines outlive the process, and ids go on', async () => {
  const folder = join(root, 'again')
  const store = openLmdbRefusedStore(folder, roomy, onTrouble)
  const { id } = store.keep(entry('a'))
  await store.close()
  const again = openLmdbRefusedStore(folder, roomy, onTrouble)
  expect(again.get(id)?.reason).toBe('a')
  expect(again.keep(entry('b')).id > id).toBe(true)
  await again.close()
})
