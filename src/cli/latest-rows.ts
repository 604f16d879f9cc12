import type { ProjectedEvent, Projection, Table } from '../../projections/projection.ts'

interface LatestRows {
  fold(event: ProjectedEvent): void
  get<Row extends object>(from: Table<Row>, key: string): Row | undefined
  each<Row extends object>(from: Table<Row>): Iterable<readonly [key: string, row: Row]>
}

/** Folds a log into the newest rows of some tables; what is written to others is let go. Memory grows with the rows kept. */
export function latestRows(projections: readonly Projection[], keep: readonly Table<object>[]): LatestRows {
  const kept = new Map(keep.map(({ name }) => [name, new Map<string, object>()]))
  const get = (table: string, key: string): object | undefined => kept.get(table)?.get(key)
  return {
    fold: (event) => {
      // All read the rows as they were before the event.
      const writes = projections.flatMap((projection) => projection.evolve(event, get))
      for (const { table, key, value } of writes) {
        if (value === undefined) kept.get(table)?.delete(key)
        else kept.get(table)?.set(key, value)
      }
    },
    get: (from, key) => get(from.name, key) as never,
    each: (from) => (kept.get(from.name) ?? new Map()) as never,
  }
}
