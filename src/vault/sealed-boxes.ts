import { randomBytes } from 'node:crypto'
import type { Outcome } from '../event-log/group-commit.ts'
import { closeBox, keyBytes, openBox } from './box.ts'
import type { PersonalFields } from './mask.ts'
import { VaultError } from './vault-error.ts'
import { erased, type SealedRecord, type VaultStore } from './vault-store.ts'

export type SealResult =
  | { readonly kind: 'sealed' }
  /** The subject's customer was erased: nothing is kept, however often the same complaint is sent again. */
  | { readonly kind: 'erased' }

export type Unsealed =
  | { readonly kind: 'fields'; readonly fields: PersonalFields }
  | { readonly kind: 'erased' }
  | { readonly kind: 'unknown' }

export interface SealRequest {
  readonly kind: 'seal'
  readonly subjectId: string
  readonly customerRef: string
  readonly fields: PersonalFields
}

export interface SealedBoxes {
  unseal(subjectId: string): Unsealed
  sealAll(requests: readonly SealRequest[]): readonly Outcome<SealResult>[]
}

interface CustomerKey {
  readonly slot: number
  readonly key: Buffer
}

/** Seals and opens fields under keys per customer, which lie in the store sealed under `wrappingKey`. */
export function sealedBoxes(store: VaultStore, wrappingKey: Buffer): SealedBoxes {
  const unwrap = (customerRef: string, slot: number): Buffer | undefined => {
    const wrapped = store.wrappedKey(slot)
    if (wrapped === undefined) return undefined
    const key = openBox(wrappingKey, wrapped, customerRef)
    if (key === undefined) throw damaged(`the key of customer ${customerRef}`)
    return key
  }

  const unseal = (subjectId: string): Unsealed => {
    const record = store.sealed(subjectId)
    if (record === undefined) return { kind: 'unknown' }
    const key = record === erased ? undefined : unwrap(record.customerRef, record.slot)
    // Where the process died between destroying a key and marking its subjects, the key alone tells.
    if (record === erased || key === undefined) return { kind: 'erased' }
    const plain = openBox(key, record.box, boundTo(record.customerRef, subjectId))
    if (plain === undefined) throw damaged(`the personal data of ${subjectId}`)
    return { kind: 'fields', fields: JSON.parse(plain.toString()) as PersonalFields }
  }

  const currentKey = (customerRef: string): CustomerKey | undefined => {
    const slot = store.slotOf(customerRef)
    const key = slot === undefined ? undefined : unwrap(customerRef, slot)
    return slot === undefined || key === undefined ? undefined : { slot, key }
  }

  /** New keys for customers who have none, stored in one write. */
  const makeKeys = (customerRefs: readonly string[]): ReadonlyMap<string, CustomerKey> => {
    const made = customerRefs.map((customerRef) => ({ customerRef, key: randomBytes(keyBytes) }))
    if (made.length === 0) return new Map()
    const first = store.addKeys(made.map(({ customerRef, key }) => closeBox(wrappingKey, key, customerRef)))
    return new Map(made.map(({ customerRef, key }, index) => [customerRef, { slot: first + index, key }]))
  }

  const sealAll = (requests: readonly SealRequest[]): readonly Outcome<SealResult>[] => {
    const pending = new Map<string, SealRequest>()
    const keys = new Map<string, CustomerKey | undefined>()

    const prepare = (request: SealRequest): SealResult => {
      const { subjectId, customerRef } = request
      const before = pending.get(subjectId) ?? unseal(subjectId)
      if (before.kind === 'erased') return before
      if (!keys.has(customerRef)) keys.set(customerRef, currentKey(customerRef))
      const kept = before.kind === 'unknown' ? {} : before.fields
      pending.set(subjectId, { ...request, fields: { ...kept, ...request.fields } })
      return { kind: 'sealed' }
    }

    const outcomes = requests.map((request) => attempt(() => prepare(request)))
    const keyless = [...keys].filter(([, key]) => key === undefined).map(([customerRef]) => customerRef)
    for (const [customerRef, key] of makeKeys(keyless)) keys.set(customerRef, key)
    const slots = new Map<string, number>()
    const records = new Map<string, SealedRecord>()
    for (const { subjectId, customerRef, fields } of pending.values()) {
      const own = keys.get(customerRef)
      if (own === undefined) throw new Error('every customer of a batch has a key by now')
      const box = closeBox(own.key, Buffer.from(JSON.stringify(fields)), boundTo(customerRef, subjectId))
      slots.set(customerRef, own.slot)
      records.set(subjectId, { customerRef, slot: own.slot, box })
    }
    store.put({ slots, records })
    return outcomes
  }

  return { unseal, sealAll }
}

/** What is damaged fails its own request alone. */
function attempt(prepare: () => SealResult): Outcome<SealResult> {
  try {
    return { kind: 'done', result: prepare() }
  } catch (error) {
    if (error instanceof VaultError) return { kind: 'failed', error }
    throw error
  }
}

/** What a box is sealed for: moved to another subject or customer, it does not open. */
function boundTo(customerRef: string, subjectId: string): string {
  return JSON.stringify([customerRef, subjectId])
}

function damaged(what: string): VaultError {
  return new VaultError(`${what} is damaged or was altered: restore the vault from a copy`)
}
