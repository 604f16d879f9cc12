import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { diskRoom, DiskFullError } from '../../src/event-log/disk-room.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { openLmdbRefusedStore } from '../../src/intake/lmdb-refused-store.ts'
import { writeCheckpoint } from '../../src/pipeline/checkpoint-file.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import { lmdbVaultStore } from '../../src/vault/lmdb-vault-store.ts'
import { VaultError } from '../../src/vault/vault-error.ts'
import { openVault } from '../../src/vault/vault.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { until } from './ready.ts'
import { canMountSmallDisk, mountSmallDisk } from './small-disk.ts'

/** A disk that is full when told so. */
function disk() {
  const state = { isFull: false }
  const room = diskRoom({ minFreeDiskBytes: 10, freeBytes: () => (state.isFull ? 9 : 10) })
  return { state, requireRoom: () => room.require('the disk') }
}

test('rows are stored whole with their checkpoint or not at all, can be read meanwhile, and go on with room (P1)', async () => {
  const { state, requireRoom } = disk()
  const rows = await openLmdbRowStore({ folder: join(tempFolder(), 'rows'), tag: 't', requireRoom })
  const write = (position: string) => ({ table: 't', key: 'a', value: { position }, position })
  rows.commit('1', [write('1')])
  state.isFull = true
  expect(() => rows.commit('2', [write('2')])).toThrow(DiskFullError)
  expect([rows.checkpoint(), rows.get('t', 'a')]).toEqual(['1', { position: '1' }])
  state.isFull = false
  rows.commit('2', [write('2')])
  expect([rows.checkpoint(), rows.get('t', 'a')]).toEqual(['2', { position: '2' }])
  await rows.close()
})

test('what is refused is kept in memory, within its limits, and is on the disk when there is room (H1)', async () => {
  const { state, requireRoom } = disk()
  const folder = join(tempFolder(), 'refused')
  const limits = { maxRefusedLines: 3, maxRefusedBytes: 1_000_000 }
  const troubles: unknown[] = []
  const store = openLmdbRefusedStore(folder, limits, (error) => troubles.push(error), requireRoom)
  const keep = (text: string) =>
    store.keep({ refusedAt: '2026-03-01T00:00:00.000Z', actor: 'a', reason: 'r', text, masked: false })
  keep('1')
  expect(store.list({ limit: 9 }).entries).toHaveLength(1)
  state.isFull = true
  const kept = ['2', '3', '4', '5'].map(keep)
  const texts = () => store.list({ limit: 9 }).entries.map(({ text }) => text)
  expect(texts()).toEqual(['3', '4', '5'])
  expect(store.get(kept[3]?.id ?? '')?.text).toBe('5')
  expect(store.counts()).toEqual({ kept: 3, dropped: 2 })
  expect(troubles[0]).toBeInstanceOf(DiskFullError)
  state.isFull = false
  expect(texts()).toEqual(['3', '4', '5'])
  await store.close()
  const again = openLmdbRefusedStore(folder, limits, () => {})
  expect(again.list({ limit: 9 }).entries.map(({ text }) => text)).toEqual(['3', '4', '5'])
  await again.close()
})

test('S1: the vault seals nothing and says what to do, opens what it has, and destroys keys on a full disk too', async () => {
  const { state, requireRoom } = disk()
  const folder = join(tempFolder(), 'vault')
  const vault = openVault({ store: lmdbVaultStore(folder, requireRoom), masterKey: Buffer.alloc(32, 1) })
  await vault.seal('C-1', 'ref-1', { name: '张三' })
  state.isFull = true
  await expect(vault.seal('C-2', 'ref-2', { name: '李四' })).rejects.toThrow(/Free space on/)
  await expect(vault.seal('C-1', 'ref-1', { name: '李四' })).rejects.toBeInstanceOf(VaultError)
  expect(await vault.unseal('C-1')).toEqual({ kind: 'fields', fields: { name: '张三' } })
  expect(await vault.unseal('C-2')).toEqual({ kind: 'unknown' })
  // The rest of an erasure waits for room; the data can be read no more.
  await expect(vault.erase('ref-1')).rejects.toBeInstanceOf(VaultError)
  expect(await vault.unseal('C-1')).toEqual({ kind: 'erased' })
  state.isFull = false
  expect(await vault.erase('ref-1')).toBe(1)
  expect(await vault.seal('C-2', 'ref-2', { name: '李四' })).toEqual({ kind: 'sealed' })
  await vault.close()
})

test.skipIf(!canMountSmallDisk())(
  'E2: a checkpoint that finds no room leaves the one before as it was, and no half of itself',
  async () => {
    const { folder, free } = mountSmallDisk(1)
    const file = join(folder, 'engine.checkpoint')
    const log = openMemoryLog()
    onTestFinished(() => log.close())
    const stand = { lastInput: 'a', position: '1', decisions: 0 }
    const take = (megabytes: number) =>
      writeCheckpoint(file, 'test', log, { ...stand, engine: stateOf(megabytes) as never })
    await take(0)
    const before = readFileSync(file)
    await expect(take(3)).rejects.toThrow(/ENOSPC/)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(existsSync(`${file}.part`)).toBe(false)
    free()
    await take(1)
    expect(readFileSync(file).length).toBeGreaterThan(1_000_000)
  },
)

function stateOf(megabytes: number): Uint8Array {
  return new Uint8Array(megabytes * 1_048_576)
}

test.skipIf(!canMountSmallDisk())('the room on a real disk is asked of the system', async () => {
  const { folder, free } = mountSmallDisk(2)
  const room = diskRoom({ minFreeDiskBytes: 1_500_000 })
  expect(room.shortage(folder)).toBeUndefined()
  writeFileSync(join(folder, 'more'), Buffer.alloc(1_000_000))
  expect(room.shortage(folder)).toMatch(/^\d+ bytes are left .* 1500000 must be \(minFreeDiskBytes\)/)
  free()
  await until(() => room.shortage(folder) === undefined)
  rmSync(join(folder, 'more'))
})
