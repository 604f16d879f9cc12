import { erased, type SealedRecord, type VaultStore } from './vault-store.ts'

/** A store that lives as long as its process, beside a log that does. */
export function memoryVaultStore(): VaultStore {
  let check: string | undefined
  const slots = new Map<string, number>()
  const keys: (Buffer | undefined)[] = []
  const subjects = new Map<string, SealedRecord | typeof erased>()
  return {
    check: {
      get: () => check,
      set: (text) => {
        check = text
      },
    },
    slotOf: (customerRef) => slots.get(customerRef),
    wrappedKey: (slot) => keys[slot],
    addKeys: (wrappedKeys) => keys.push(...wrappedKeys) - wrappedKeys.length,
    destroyKey: (slot) => {
      keys[slot] = undefined
    },
    sealed: (subjectId) => subjects.get(subjectId),
    put: (writes) => {
      for (const [customerRef, slot] of writes.slots) slots.set(customerRef, slot)
      for (const [subjectId, record] of writes.records) subjects.set(subjectId, record)
    },
    eraseSubjects: (customerRef) => {
      slots.delete(customerRef)
      const own = [...subjects].filter(
        ([, record]) => record !== erased && record.customerRef === customerRef,
      )
      for (const [subjectId] of own) subjects.set(subjectId, erased)
      return own.length
    },
    close: async () => {},
  }
}
