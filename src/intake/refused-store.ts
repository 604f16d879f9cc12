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
  /** Oldest first, behind `after`; those not wanted are left out. */
  list(options: {
    readonly after?: string | undefined
    readonly source?: string | undefined
    readonly limit: number
    readonly isWanted?: (entry: RefusedEntry) => boolean
  }): RefusedPage
  counts(): { readonly kept: number; readonly dropped: number }
  /** How many are kept of a source. */
  keptOf(source: string): number
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
  /** Sizes and sources of the entries, oldest first. */
  const held = new Map<string, { readonly size: number; readonly source: string | undefined }>()
  const bySource = new Map<string, number>()
  let bytes = 0
  let dropped = 0
  let last = 0
  for (const { id, json } of table.scan('')) {
    hold(id, json, (JSON.parse(json) as RefusedEntry).source)
    last = Number(id)
  }

  function hold(id: string, json: string, source: string | undefined): void {
    held.set(id, { size: json.length, source })
    bytes += json.length
    if (source !== undefined) bySource.set(source, (bySource.get(source) ?? 0) + 1)
  }

  const forget = (id: string): boolean => {
    const entry = held.get(id)
    if (entry === undefined) return false
    held.delete(id)
    bytes -= entry.size
    const left = (bySource.get(entry.source ?? '') ?? 1) - 1
    if (left > 0) bySource.set(entry.source ?? '', left)
    else bySource.delete(entry.source ?? '')
    table.delete(id)
    return true
  }

  return {
    keep: (fields) => {
      last += 1
      const entry = { id: idOf(last), ...fields }
      const json = JSON.stringify(entry)
      table.put(entry.id, json)
      hold(entry.id, json, entry.source)
      while (held.size > limits.maxRefusedLines || (bytes > limits.maxRefusedBytes && held.size > 1)) {
        const [oldest] = held.keys()
        if (oldest === undefined) break
        forget(oldest)
        dropped += 1
      }
      return entry
    },
    get: (id) => {
      const json = held.has(id) ? table.get(id) : undefined
      return json === undefined ? undefined : (JSON.parse(json) as RefusedEntry)
    },
    remove: forget,
    list: ({ after = '', source, limit, isWanted = () => true }) => {
      const entries: RefusedEntry[] = []
      for (const { id, json } of table.scan(after)) {
        const final = entries.at(-1)
        if (source !== undefined && held.get(id)?.source !== source) continue
        const entry = JSON.parse(json) as RefusedEntry
        if (!isWanted(entry)) continue
        if (entries.length === limit && final !== undefined) return { entries, next: final.id }
        entries.push(entry)
      }
      return { entries }
    },
    counts: () => ({ kept: held.size, dropped }),
    keptOf: (source) => bySource.get(source) ?? 0,
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
