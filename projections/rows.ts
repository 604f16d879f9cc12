import type { Table } from './projection.ts'

export interface ScanOptions {
  readonly prefix?: string
  /** Lowest key, inclusive. */
  readonly from?: string
  /** Highest key, exclusive. */
  readonly to?: string
  readonly cursor?: string
  readonly limit: number
  readonly reverse?: boolean
}

export interface StoredRow {
  readonly key: string
  readonly value: object
}

/** What queries read: the rows as they are, or as they were behind a position. A row store is one; see `rowsAsOf`. */
export interface Rows {
  get(table: string, key: string): object | undefined
  /** In the order of keys. `next` goes on, also where a page is empty. */
  scan(table: string, options: ScanOptions): { readonly rows: readonly StoredRow[]; readonly next?: string }
  /** Nothing in the rows was recorded after this `instant`; absent where they are as they are. */
  readonly knownAt?: string
}

/** A typed read. Rows are written by this release's projections alone, so they are not checked again. */
export function rowOf<Row extends object>(rows: Rows, from: Table<Row>, key: string): Row | undefined {
  return rows.get(from.name, key) as Row | undefined
}

/** A row store, which keeps every version. */
export interface VersionedRows {
  get(table: string, key: string, asOf?: string): object | undefined
  scan(
    table: string,
    options: ScanOptions & { readonly asOf?: string },
  ): { readonly rows: readonly StoredRow[]; readonly next?: string }
}

/** The rows as they were behind this position of the log (P1). */
export function rowsAsOf(store: VersionedRows, asOf: string | undefined): Rows {
  if (asOf === undefined) {
    return {
      get: (table, key) => store.get(table, key),
      scan: (table, options) => store.scan(table, options),
    }
  }
  return {
    get: (table, key) => store.get(table, key, asOf),
    scan: (table, options) => store.scan(table, { ...options, asOf }),
  }
}

const rowsPerScan = 500

/** Every row under a prefix, and within a range of keys, read as they are asked for, `limit` at a time. */
export function* eachRow<Row extends object>(
  rows: Rows,
  from: Table<Row>,
  prefix = '',
  range: Pick<ScanOptions, 'from' | 'to'> & { readonly limit?: number } = {},
): Generator<Row> {
  let cursor: string | undefined
  do {
    const page = rows.scan(from.name, {
      limit: rowsPerScan,
      ...range,
      prefix,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { value } of page.rows) yield value as Row
    cursor = page.next
  } while (cursor !== undefined)
}
