/** A line of bulk input, or an event that contradicts a stored one, that was not taken. */
export interface RefusedEntry {
  readonly id: string
  readonly refusedAt: string
  readonly actor: string
  readonly source?: string
  /** Of the request that it came in, counted from 1. */
  readonly line?: number
  readonly reason: string
  /** What was wrong, by JSON pointer into the line. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
  /** The line as sent, what may be personal in it masked, cut at a named length. */
  readonly text: string
  /** Something was masked or cut: it cannot be sent again as it is. */
  readonly masked: boolean
}

export interface RefusedPage {
  readonly entries: readonly RefusedEntry[]
  /** Of the page behind this one. */
  readonly next?: string
}

/** Keeps what was refused, newest last, up to a named number; the oldest are dropped and counted. */
export interface RefusedStore {
  keep(entry: Omit<RefusedEntry, 'id'>): RefusedEntry
  get(id: string): RefusedEntry | undefined
  remove(id: string): boolean
  /** Oldest first, behind `after`. */
  list(options: { readonly after?: string | undefined; readonly limit: number }): RefusedPage
  counts(): { readonly kept: number; readonly dropped: number }
}

/** Entries as long as the process lives. Ids count up, and sort as text. */
export function createMemoryRefusedStore(maxKept: number): RefusedStore {
  const entries = new Map<string, RefusedEntry>()
  let made = 0
  let dropped = 0
  return {
    keep: (fields) => {
      const entry = { id: refusedId((made += 1)), ...fields }
      entries.set(entry.id, entry)
      const oldest = entries.size > maxKept ? entries.keys().next().value : undefined
      if (oldest !== undefined) {
        entries.delete(oldest)
        dropped += 1
      }
      return entry
    },
    get: (id) => entries.get(id),
    remove: (id) => entries.delete(id),
    list: ({ after, limit }) => {
      const behind = [...entries.values()].filter(({ id }) => after === undefined || id > after)
      const page = behind.slice(0, limit)
      const last = page.at(-1)
      return { entries: page, ...(behind.length > limit && last !== undefined ? { next: last.id } : {}) }
    },
    counts: () => ({ kept: entries.size, dropped }),
  }
}

/** Sorts as text in the order of counting. */
export function refusedId(number: number): string {
  return String(number).padStart(12, '0')
}
