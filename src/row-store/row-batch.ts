import type { Position } from '../event-log/event-log.ts'
import type { RowStore, RowWrite } from './row-store.ts'

/** Rows written by several events before they are committed together. */
export interface RowBatch {
  /** The newest row, this batch's own writes included. What it returns must not be altered. */
  readonly get: (table: string, key: string) => object | undefined
  /** The rows that the event at this position made. */
  add(position: Position, writes: readonly Omit<RowWrite, 'position'>[]): void
  /** Stores them all with the checkpoint and leaves the batch empty. */
  commit(checkpoint: Position): void
}

/** A batch over a store: one commit for many events, while each still reads what those before it wrote. */
export function rowBatch(store: RowStore): RowBatch {
  let writes: RowWrite[] = []
  const newest = new Map<string, object | undefined>()
  const nameOf = (table: string, key: string) => `${table}\0${key}`
  return {
    get: (table, key) => {
      const name = nameOf(table, key)
      return newest.has(name) ? newest.get(name) : store.get(table, key)
    },
    add: (position, made) => {
      for (const { table, key, value } of made) {
        writes.push({ table, key, value, position })
        newest.set(nameOf(table, key), value)
      }
    },
    commit: (checkpoint) => {
      store.commit(checkpoint, writes)
      writes = []
      newest.clear()
    },
  }
}
