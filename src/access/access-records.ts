/** Users and sessions as they are kept: texts by key. Several processes may use one at the same time. */
export interface AccessRecords {
  get(key: string): string | undefined
  /** Of all keys that begin so, in order. */
  scan(prefix: string): Iterable<readonly [key: string, value: string]>
  /** Reads and writes as one, beside which nobody else writes. What throws has changed nothing. */
  change<T>(work: (write: AccessWrite) => T): T
  close(): Promise<void>
}

export interface AccessWrite {
  put(key: string, value: string): void
  remove(key: string): void
}

/** Forgets everything when the process ends. */
export function memoryAccessRecords(): AccessRecords {
  let held = new Map<string, string>()
  return {
    get: (key) => held.get(key),
    scan: (prefix) =>
      [...held].filter(([key]) => key.startsWith(prefix)).sort(([left], [right]) => (left < right ? -1 : 1)),
    change: (work) => {
      const before = new Map(held)
      try {
        return work({ put: (key, value) => held.set(key, value), remove: (key) => held.delete(key) })
      } catch (error) {
        held = before
        throw error
      }
    },
    close: async () => {},
  }
}
