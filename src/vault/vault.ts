import { hkdfSync } from 'node:crypto'
import { groupCommit, type Outcome } from '../event-log/group-commit.ts'
import { keyBytes } from './box.ts'
import { customerRefOf, refKeyOf } from './customer-ref.ts'
import type { PersonalFields } from './mask.ts'
import {
  sealedBoxes,
  type SealedBoxes,
  type SealRequest,
  type SealResult,
  type Unsealed,
} from './sealed-boxes.ts'
import { VaultError } from './vault-error.ts'
import type { VaultStore } from './vault-store.ts'

/**
 * Personal data apart from the log (S1). Each customer's fields are sealed under a random key of the customer's own,
 * which is itself sealed under the master key; erasing a customer destroys that key.
 */
export interface Vault {
  /** The reference that events hold: the same for every spelling of one phone number or account. */
  customerRef(raw: string): string
  /** Keeps a subject's fields beside those it has; durable when it resolves. Throws `VaultError` where they are too long. */
  seal(subjectId: string, customerRef: string, fields: PersonalFields): Promise<SealResult>
  /** Throws `VaultError` where what was stored is damaged or was altered. */
  unseal(subjectId: string): Promise<Unsealed>
  /**
   * Destroys the customer's key, then what it sealed; durable when it resolves. Returns the number of subjects. A new
   * complaint of the same customer afterwards starts with a new key.
   */
  erase(customerRef: string): Promise<number>
  /** Throws `VaultError` where it can be asked nothing now. */
  check(): Promise<void>
  close(): Promise<void>
}

/** The longest personal fields of one subject, as JSON. */
export const maxSealedBytes = 65_536
const queueLimits = { maxQueueBytes: 33_554_432, maxFlushBytes: 4_194_304 }

type Request = SealRequest | { readonly kind: 'erase'; readonly customerRef: string }
type Answer = SealResult | { readonly kind: 'destroyed'; readonly subjects: number }

/** Opens a vault over a store, whose owner it becomes. Throws `VaultError` where the store was made with another master key. */
export function openVault({ store, masterKey }: { store: VaultStore; masterKey: Buffer }): Vault {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', purpose, keyBytes))
  checkMasterKey(store, derive('causeway vault check'))
  const refKey = refKeyOf(masterKey)
  const boxes = sealedBoxes(store, derive('causeway customer keys'))
  const queue = groupCommit((requests: readonly Request[]) => commit(store, boxes, requests), queueLimits)

  return {
    customerRef: (raw) => customerRefOf(refKey, raw),
    seal: async (subjectId, customerRef, fields) => {
      const bytes = checkSeal(subjectId, customerRef, fields)
      const answer = await queue.submit({ kind: 'seal', subjectId, customerRef, fields }, bytes)
      return answer.kind === 'erased' ? answer : { kind: 'sealed' }
    },
    unseal: async (subjectId) => boxes.unseal(subjectId),
    erase: async (customerRef) => {
      const answer = await queue.submit({ kind: 'erase', customerRef }, 0)
      return answer.kind === 'destroyed' ? answer.subjects : 0
    },
    check: async () => {},
    close: async () => {
      await queue.drain()
      await store.close()
    },
  }
}

/** Seals that come one after another share a wait for the disk; an erasure takes its turn among them. */
function commit(
  store: VaultStore,
  boxes: SealedBoxes,
  requests: readonly Request[],
): readonly Outcome<Answer>[] {
  const outcomes: Outcome<Answer>[] = []
  let seals: SealRequest[] = []
  const sealGathered = () => {
    if (seals.length > 0) outcomes.push(...boxes.sealAll(seals))
    seals = []
  }
  try {
    for (const request of requests) {
      if (request.kind === 'seal') {
        seals.push(request)
      } else {
        sealGathered()
        outcomes.push({
          kind: 'done',
          result: { kind: 'destroyed', subjects: erase(store, request.customerRef) },
        })
      }
    }
    sealGathered()
    return outcomes
  } catch (error) {
    throw new VaultError(
      `the vault could not be written: ${String(error)}. Free space on its disk and try again`,
      {
        cause: error,
      },
    )
  }
}

/** The key first: what follows can be done again, and without the key nothing can be read any more. */
function erase(store: VaultStore, customerRef: string): number {
  const slot = store.slotOf(customerRef)
  if (slot !== undefined) store.destroyKey(slot)
  return store.eraseSubjects(customerRef)
}

const maxIdLength = 200

function checkSeal(subjectId: string, customerRef: string, fields: PersonalFields): number {
  if (subjectId.length > maxIdLength || customerRef.length > maxIdLength) {
    throw new VaultError(`a subject and a customer reference have at most ${maxIdLength} characters`)
  }
  const bytes = Buffer.byteLength(JSON.stringify(fields))
  if (bytes > maxSealedBytes) {
    throw new VaultError(
      `${bytes} bytes of personal fields are more than ${maxSealedBytes}: shorten the text`,
    )
  }
  return bytes
}

function checkMasterKey({ check }: VaultStore, expected: Buffer): void {
  const found = check.get()
  if (found === undefined) {
    check.set(expected.toString('base64'))
  } else if (found !== expected.toString('base64')) {
    throw new VaultError(
      'this vault was made with another master key: start with the key that it was made with',
    )
  }
}
