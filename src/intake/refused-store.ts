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

/** Keeps what was refused, newest last, within named limits; the oldest are dropped and counted. */
export interface RefusedStore {
  keep(entry: Omit<RefusedEntry, 'id'>): RefusedEntry
  get(id: string): RefusedEntry | undefined
  remove(id: string): boolean
  /** Oldest first, behind `after`. */
  list(options: { readonly after?: string | undefined; readonly limit: number }): RefusedPage
  counts(): { readonly kept: number; readonly dropped: number }
  close(): Promise<void>
}

/** Where entries lie, as JSON by id, in the order of ids. */
export interface RefusedTable {
  put(id: string, json: string): void
  get(id: string): string | undefined
  delete(id: string): void
  /** In order, from `after` (exclusive) on. */
  scan(after: string): Iterable<{ readonly id: string; readonly json: string }>
  close(): Promise<void>
}

export interface RefusedLimits {
  readonly maxRefusedLines: number
  /** Of all entries together, as JSON. */
  readonly maxRefusedBytes: number
}

/** Ids count up, and sort as text. What the table held before counts. */
export function createRefusedStore(table: RefusedTable, limits: RefusedLimits): RefusedStore {
  /** Sizes of the entries, oldest first. */
  const sizes = new Map<string, number>()
  let bytes = 0
  let dropped = 0
  let last = 0
  for (const { id, json } of table.scan('')) {
    sizes.set(id, json.length)
    bytes += json.length
    last = Number(id)
  }

  const forget = (id: string): boolean => {
    const size = sizes.get(id)
    if (size === undefined) return false
    sizes.delete(id)
    bytes -= size
    table.delete(id)
    return true
  }

  return {
    keep: (fields) => {
      last += 1
      const entry = { id: idOf(last), ...fields }
      const json = JSON.stringify(entry)
      table.put(entry.id, json)
      sizes.set(entry.id, json.length)
      bytes += json.length
      while (sizes.size > limits.maxRefusedLines || (bytes > limits.maxRefusedBytes && sizes.size > 1)) {
        const [oldest] = sizes.keys()
        if (oldest === undefined) break
        forget(oldest)
        dropped += 1
      }
      return entry
    },
    get: (id) => {
      const json = sizes.has(id) ? table.get(id) : undefined
      return json === undefined ? undefined : (JSON.parse(json) as RefusedEntry)
    },
    remove: forget,
    list: ({ after = '', limit }) => {
      const entries: RefusedEntry[] = []
      for (const { json } of table.scan(after)) {
        const final = entries.at(-1)
        if (entries.length === limit && final !== undefined) return { entries, next: final.id }
        entries.push(JSON.parse(json) as RefusedEntry)
      }
      return { entries }
    },
    counts: () => ({ kept: sizes.size, dropped }),
    close: () => table.close(),
  }
}

/** A store that lives as long as its process. */
export function createMemoryRefusedStore(limits: RefusedLimits): RefusedStore {
  const entries = new Map<string, string>()
  return createRefusedStore(
    {
      put: (id, json) => void entries.set(id, json),
      get: (id) => entries.get(id),
      delete: (id) => void entries.delete(id),
      *scan(after) {
        for (const [id, json] of entries) if (id > after) yield { id, json }
      },
      close: async () => {},
    },
    limits,
  )
}

function idOf(number: number): string {
  return String(number).padStart(12, '0')
}
