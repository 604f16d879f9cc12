import { regionTables } from './region-tables.ts'
import { regionView, type Looking, type RegionScope, type RegionView } from './region-view.ts'
import { rowsAsOf, type Rows, type VersionedRows } from './rows.ts'

/** Rows as the callers of some regions see them, and how things lie to those by the rows of now. */
export interface RowsInRegions extends VersionedRows {
  readonly view: RegionView
}

/**
 * A row store as if nothing were in it but what is seen by a scope: whatever is read of it, by whatever query, is of the
 * regions. A page of a list may come out short and goes on, as ever. What was found is remembered, so it is for one request.
 */
export function rowsInRegions(store: VersionedRows, scope: RegionScope): RowsInRegions {
  const moments = new Map<string | undefined, Looking>()
  const lookingAt = (asOf: string | undefined): Looking => {
    const known = moments.get(asOf)
    if (known !== undefined) return known
    const looking = lookingThrough(rowsAsOf(store, asOf), scope)
    moments.set(asOf, looking)
    return looking
  }
  return {
    view: lookingAt(undefined).view,
    get: (table, key, asOf) => {
      const show = regionTables[table]
      const looking = lookingAt(asOf)
      const row = show && looking.rows.get(table, key)
      return row && show?.(row, key, looking)
    },
    scan: (table, { asOf, ...options }) => {
      const show = regionTables[table]
      if (show === undefined) return { rows: [] }
      const looking = lookingAt(asOf)
      const page = looking.rows.scan(table, options)
      return {
        ...page,
        rows: page.rows.flatMap(({ key, value }) => {
          const shown = show(value, key, looking)
          return shown === undefined ? [] : [{ key, value: shown }]
        }),
      }
    },
  }
}

function lookingThrough(rows: Rows, scope: RegionScope): Looking {
  const view = regionView(rows, scope)
  return { rows, scope, view, sees: (kind, id) => view.standing({ kind, id }) !== 'outside' }
}
