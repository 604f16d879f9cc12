import type { RowStore, RowWrite } from './row-store.ts'

/** Rows written by several events before they are committed together. */
export interface RowBatch {
  /** The newest row, this batch's own writes included. What it returns must not be altered. */
  readonly get: (table: string, key: string) => object | undefined
  /** The rows that the event at this position made. */
  add(position: RowWrite['position'], writes: readonly Omit<RowWrite, 'position'>[]): void
  /** Stores them all with the checkpoint and leaves the batch empty. Where it throws, the batch is of no use any more. */
  commit(checkpoint: RowWrite['position']): void
  /** Lets go of the rows at hand: others have taken their place in the store. Call between two commits. */
  forget(): void
}

/** Rows that are kept at hand from one commit to the next; twice as many where all are in use. */
const maxRowsAtHand = 10_000

/**
 * A batch over a store that nobody else writes to: one commit for many events, while each still reads what those before it
 * wrote. Rows in use stay at hand, since most events are about what others were about a moment before.
 */
export function rowBatch(store: Pick<RowStore, 'get' | 'commit'>): RowBatch {
  let writes: RowWrite[] = []
  /** By name, also of rows that are not there. Those that were not used since `older` was made lie there. */
  let recent = new Map<string, object | undefined>()
  let older = recent
  const nameOf = (table: string, key: string) => `${table}\0${key}`
  return {
    get: (table, key) => {
      const name = nameOf(table, key)
      const known = recent.get(name)
      if (known !== undefined || recent.has(name)) return known
      const value = older.has(name) ? older.get(name) : store.get(table, key)
      recent.set(name, value)
      return value
    },
    add: (position, made) => {
      for (const { table, key, value } of made) {
        writes.push({ table, key, value, position })
        recent.set(nameOf(table, key), value)
      }
    },
    forget: () => {
      recent = new Map()
      older = recent
    },
    commit: (checkpoint) => {
      store.commit(checkpoint, writes)
      writes = []
      if (recent.size < maxRowsAtHand) return
      older = recent
      recent = new Map()
    },
  }
}
