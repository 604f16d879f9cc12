import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { open, type Database } from 'lmdb'
import { openKeySlots } from './key-slots.ts'
import { erased, type SealedRecord, type VaultStore } from './vault-store.ts'

type StoredSubject =
  typeof erased | { readonly customerRef: string; readonly slot: number; readonly box: string }

/**
 * A store in a folder of its own: `keys.bin` and an LMDB database. It holds no plain text; still it belongs neither in
 * exports nor in backups of the log. One process at a time: whoever holds the log. `requireRoom` is asked before every write
 * that needs room; it throws where the disk has none. A key can be destroyed all the same.
 */
export function lmdbVaultStore(folder: string, requireRoom: () => void = () => {}): VaultStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const root = open({ path: folder, maxDbs: 4, cache: false, encoding: 'json' })
  const meta: Database<string, string> = root.openDB({ name: 'meta', encoding: 'json' })
  const slots: Database<number, string> = root.openDB({ name: 'slots', encoding: 'json' })
  const subjects: Database<StoredSubject, string> = root.openDB({ name: 'subjects', encoding: 'json' })
  const bySubject: Database<true, [string, string]> = root.openDB({ name: 'subjectsOf', encoding: 'json' })
  const keys = openKeySlots(join(folder, 'keys.bin'))

  const putRecord = (subjectId: string, { customerRef, slot, box }: SealedRecord) => {
    const before = subjects.get(subjectId)
    if (before !== undefined && before !== erased) bySubject.removeSync([before.customerRef, subjectId])
    subjects.putSync(subjectId, { customerRef, slot, box: box.toString('base64') })
    bySubject.putSync([customerRef, subjectId], true)
  }

  return {
    check: {
      get: () => meta.get('check'),
      set: (text) => root.transactionSync(() => meta.putSync('check', text)),
    },
    slotOf: (customerRef) => slots.get(customerRef),
    wrappedKey: (slot) => keys.read(slot),
    addKeys: (wrappedKeys) => {
      requireRoom()
      return keys.add(wrappedKeys)
    },
    destroyKey: (slot) => keys.destroy(slot),
    sealed: (subjectId) => {
      const stored = subjects.get(subjectId)
      if (stored === undefined || stored === erased) return stored
      return { ...stored, box: Buffer.from(stored.box, 'base64') }
    },
    put: (writes) => {
      requireRoom()
      root.transactionSync(() => {
        for (const [customerRef, slot] of writes.slots) slots.putSync(customerRef, slot)
        for (const [subjectId, record] of writes.records) putRecord(subjectId, record)
      })
    },
    eraseSubjects: (customerRef) => {
      requireRoom()
      return root.transactionSync(() => {
        const own = [...bySubject.getKeys({ start: [customerRef], end: [`${customerRef}\uffff`] })].filter(
          ([ref]) => ref === customerRef,
        )
        for (const key of own) {
          subjects.putSync(key[1], erased)
          bySubject.removeSync(key)
        }
        slots.removeSync(customerRef)
        return own.length
      })
    },
    close: async () => {
      await root.close()
      keys.close()
    },
  }
}
