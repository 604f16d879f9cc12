import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { lmdbVaultStore } from '../../src/vault/lmdb-vault-store.ts'
import { memoryVaultStore } from '../../src/vault/memory-vault-store.ts'
import { VaultError } from '../../src/vault/vault-error.ts'
import type { VaultStore } from '../../src/vault/vault-store.ts'
import { maxSealedBytes, openVault } from '../../src/vault/vault.ts'

const root = mkdtempSync(join(tmpdir(), 'causeway-vault-'))
let folders = 0
const newFolder = () => join(root, String((folders += 1)))
const masterKey = randomBytes(32)
const phone = '13800001234'
const fields = { phone, name: '张三', text: '小区没信号 no signal at home' }

afterAll(() => rmSync(root, { recursive: true, force: true }))

function keepsTheRules(name: string, newStore: () => VaultStore): void {
  describe(name, () => {
    test('fields are sealed by subject and opened again, amended fields beside them (S1)', async () => {
      const vault = openVault({ store: newStore(), masterKey })
      const ref = vault.customerRef(phone)
      expect(await vault.unseal('c-1')).toEqual({ kind: 'unknown' })
      expect(await vault.seal('c-1', ref, fields)).toEqual({ kind: 'sealed' })
      await vault.seal('c-1', ref, { name: '张三丰' })
      expect(await vault.unseal('c-1')).toEqual({ kind: 'fields', fields: { ...fields, name: '张三丰' } })
      await vault.close()
    })

    test('an erased customer is gone from every subject, and stays gone when a complaint is sent again (S1)', async () => {
      const vault = openVault({ store: newStore(), masterKey })
      const [ref, other] = [vault.customerRef(phone), vault.customerRef('13900005678')]
      await Promise.all([
        vault.seal('c-1', ref, fields),
        vault.seal('c-2', ref, { text: 'again' }),
        vault.seal('c-3', other, { phone: '13900005678' }),
      ])
      expect(await vault.erase(ref)).toBe(2)
      expect(await vault.unseal('c-1')).toEqual({ kind: 'erased' })
      expect(await vault.unseal('c-2')).toEqual({ kind: 'erased' })
      expect(await vault.unseal('c-3')).toMatchObject({ kind: 'fields' })
      expect(await vault.seal('c-1', ref, fields)).toEqual({ kind: 'erased' })
      expect(await vault.unseal('c-1')).toEqual({ kind: 'erased' })
      expect(await vault.erase(ref)).toBe(0)
      await vault.close()
    })

    test('a new complaint after an erasure starts anew, and can be erased too (S1)', async () => {
      const vault = openVault({ store: newStore(), masterKey })
      const ref = vault.customerRef(phone)
      await vault.seal('c-1', ref, fields)
      await vault.erase(ref)
      await vault.seal('c-2', ref, { text: 'new trouble' })
      expect(await vault.unseal('c-2')).toEqual({ kind: 'fields', fields: { text: 'new trouble' } })
      expect(await vault.unseal('c-1')).toEqual({ kind: 'erased' })
      expect(await vault.erase(ref)).toBe(1)
      expect(await vault.unseal('c-2')).toEqual({ kind: 'erased' })
      await vault.close()
    })

    test('seals and erasures asked for at once take their turns (S1)', async () => {
      const vault = openVault({ store: newStore(), masterKey })
      const ref = vault.customerRef(phone)
      const results = await Promise.all([
        vault.seal('c-1', ref, fields),
        vault.erase(ref),
        vault.seal('c-1', ref, fields),
        vault.seal('c-2', ref, fields),
      ])
      expect(results).toEqual([{ kind: 'sealed' }, 1, { kind: 'erased' }, { kind: 'sealed' }])
      await vault.close()
    })

    test('a death between destroying a key and marking its subjects leaves them erased (S1)', async () => {
      const store = newStore()
      const vault = openVault({ store, masterKey })
      const ref = vault.customerRef(phone)
      await vault.seal('c-1', ref, fields)
      store.destroyKey(store.slotOf(ref) ?? -1)
      expect(await vault.unseal('c-1')).toEqual({ kind: 'erased' })
      await vault.seal('c-2', ref, { text: 'later' })
      expect(await vault.unseal('c-2')).toMatchObject({ kind: 'fields' })
      expect(await vault.unseal('c-1')).toEqual({ kind: 'erased' })
      expect(await vault.erase(ref)).toBe(2)
      await vault.close()
    })

    test('another master key is refused', async () => {
      const store = newStore()
      openVault({ store, masterKey })
      expect(() => openVault({ store, masterKey: randomBytes(32) })).toThrow(/another master key/)
      await store.close()
    })

    test('an altered or misplaced ciphertext is an error, and no other subject suffers', async () => {
      const store = newStore()
      const vault = openVault({ store, masterKey })
      const ref = vault.customerRef(phone)
      await vault.seal('c-1', ref, fields)
      await vault.seal('c-2', ref, { text: 'other' })
      const record = store.sealed('c-1')
      if (record === undefined || record === 'erased') throw new Error('not sealed')
      const box = Buffer.from(record.box)
      box.writeUInt8(box.readUInt8(20) ^ 1, 20)
      store.put({
        slots: new Map(),
        records: new Map([
          ['c-1', { ...record, box }],
          ['c-9', record],
        ]),
      })
      await expect(vault.unseal('c-1')).rejects.toThrow(VaultError)
      await expect(vault.unseal('c-9')).rejects.toThrow(VaultError)
      const both = await Promise.allSettled([
        vault.seal('c-1', ref, { text: 'more' }),
        vault.seal('c-2', ref, { text: 'more' }),
      ])
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
      await vault.close()
    })

    test('fields beyond the limit are refused', async () => {
      const vault = openVault({ store: newStore(), masterKey })
      const long = { text: 'x'.repeat(maxSealedBytes) }
      await expect(vault.seal('c-1', 'ref', long)).rejects.toThrow(/shorten the text/)
      await vault.close()
    })
  })
}

keepsTheRules('the vault in memory', memoryVaultStore)
keepsTheRules('the vault on disk', () => lmdbVaultStore(newFolder()))

test('no plain text lies in the files, and after an erasure neither does the key that was there (S1)', async () => {
  const folder = newFolder()
  const store = lmdbVaultStore(folder)
  const vault = openVault({ store, masterKey })
  const ref = vault.customerRef(phone)
  await vault.seal('c-1', ref, fields)
  await vault.seal('c-2', vault.customerRef('0755-1234567'), fields)
  const wrapped = Buffer.from(store.wrappedKey(store.slotOf(ref) ?? -1) ?? '')
  const bytes = () => Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))))
  expect(wrapped.length).toBeGreaterThan(32)
  expect(bytes().includes(wrapped)).toBe(true)
  await vault.erase(ref)
  expect(bytes().includes(wrapped)).toBe(false)
  for (const plain of Object.values(fields)) expect(bytes().includes(plain)).toBe(false)
  await vault.close()
  expect(bytes().includes(wrapped)).toBe(false)
})

test('opened again, the vault holds what it held, erasures too (S1)', async () => {
  const folder = newFolder()
  const before = openVault({ store: lmdbVaultStore(folder), masterKey })
  const [ref, other] = [before.customerRef(phone), before.customerRef('13900005678')]
  await before.seal('c-1', ref, fields)
  await before.seal('c-2', other, fields)
  await before.erase(other)
  await before.close()
  const after = openVault({ store: lmdbVaultStore(folder), masterKey })
  expect(after.customerRef(phone)).toBe(ref)
  expect(await after.unseal('c-1')).toEqual({ kind: 'fields', fields })
  expect(await after.unseal('c-2')).toEqual({ kind: 'erased' })
  await after.seal('c-3', after.customerRef('10086'), { text: 'third' })
  expect(await after.unseal('c-1')).toEqual({ kind: 'fields', fields })
  await after.close()
})

test('an altered key slot is an error', async () => {
  const folder = newFolder()
  const before = openVault({ store: lmdbVaultStore(folder), masterKey })
  await before.seal('c-1', before.customerRef(phone), fields)
  await before.close()
  const file = join(folder, 'keys.bin')
  const slots = readFileSync(file)
  slots.writeUInt8(slots.readUInt8(30) ^ 1, 30)
  writeFileSync(file, slots)
  const after = openVault({ store: lmdbVaultStore(folder), masterKey })
  await expect(after.unseal('c-1')).rejects.toThrow(/the key of customer .* altered/)
  await after.close()
})
