/** Sealed fields of one subject: whose they are, the slot of the key, and the ciphertext. */
export interface SealedRecord {
  readonly customerRef: string
  readonly slot: number
  readonly box: Buffer
}

/** What is left of a subject whose customer was erased. */
export const erased = 'erased'

interface SealedWrites {
  /** The slot that a customer's new fields are sealed under from now on. */
  readonly slots: ReadonlyMap<string, number>
  /** By subject. */
  readonly records: ReadonlyMap<string, SealedRecord>
}

/**
 * Where a vault keeps what it sealed. Every change is durable when its call returns. A wrapped key lies in a slot of its
 * own, which `destroyKey` overwrites where it lies: deleting a database record leaves its bytes on a free page.
 */
export interface VaultStore {
  /** Tells whether a master key is the one that this vault was made with. */
  readonly check: { get(): string | undefined; set(text: string): void }
  slotOf(customerRef: string): number | undefined
  /** `undefined` where the key was destroyed. */
  wrappedKey(slot: number): Buffer | undefined
  /** Returns the slot of the first; the others follow. */
  addKeys(wrappedKeys: readonly Buffer[]): number
  destroyKey(slot: number): void
  sealed(subjectId: string): SealedRecord | typeof erased | undefined
  put(writes: SealedWrites): void
  /** Forgets the customer's slot and marks each of the customer's subjects as erased. Returns how many there were. */
  eraseSubjects(customerRef: string): number
  close(): Promise<void>
}
