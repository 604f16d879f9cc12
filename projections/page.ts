import { z } from 'zod'
import type { Table } from './projection.ts'
import type { Rows, ScanOptions } from './rows.ts'

/** The most entries of one page, whatever is asked for. */
export const maxPageLimit = 1_000
/** How often one page goes back to the store for more; a sparse list then ends its page early, with a `next`. */
const maxScansPerPage = 8
/** No key is as long as this makes it. */
const maxCursorLength = 2_000

/** What to list: at most `limit` entries behind `cursor`, the `next` of the page before. */
export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

/** A page may be shorter than asked for and still have a `next`. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** Opaque. Absent on the last page. */
  readonly next?: string
}

/** A `next` as it comes back from a client: checked here, so that no query has to. */
export const pageCursor = z
  .string()
  .max(maxCursorLength)
  .regex(/^\d{1,4}(\.[A-Za-z0-9_-]+)?$/, 'is no cursor that a page gave out')
  .refine(isKey, 'is no cursor that a page gave out')

/** Whether it holds a key that a row store takes: well-formed UTF-8 without NUL. Its length keeps it short enough. */
function isKey(cursor: string): boolean {
  const [, within = ''] = cursor.split('.')
  try {
    const bytes = Uint8Array.from(atob(within.replaceAll('-', '+').replaceAll('_', '/')), (unit) =>
      unit.charCodeAt(0),
    )
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0')
  } catch {
    return false
  }
}

/**
 * One page over the rows under several prefixes, one prefix after the other. `pick` turns a row into what is listed, or
 * into `undefined` where it is left out; it is told which prefix the row was found under. Keys outside `range` are passed
 * over unseen.
 */
export function pageOf<Row extends object, Item>(
  rows: Rows,
  from: Table<Row>,
  prefixes: readonly string[],
  request: PageRequest,
  pick: (row: Row, prefixIndex: number) => Item | undefined,
  range: Pick<ScanOptions, 'from' | 'to'> = {},
): Page<Item> {
  const limit = Math.max(1, Math.min(request.limit, maxPageLimit))
  const [startIndex = '0', startWithin] = request.cursor?.split('.') ?? []
  let index = Number(startIndex)
  let within = startWithin
  const items: Item[] = []
  for (let scans = 0; ; scans += 1) {
    const prefix = prefixes[index]
    if (prefix === undefined) return { items }
    if (items.length >= limit || scans >= maxScansPerPage + prefixes.length) {
      return { items, next: within === undefined ? String(index) : `${index}.${within}` }
    }
    const page = rows.scan(from.name, {
      prefix,
      limit: limit - items.length,
      ...(within === undefined ? {} : { cursor: within }),
      ...range,
    })
    for (const { value } of page.rows) {
      const item = pick(value as Row, index)
      if (item !== undefined) items.push(item)
    }
    within = page.next
    if (within === undefined) index += 1
  }
}

/** What a list holds, page by page, until there are `max` of them, or one that is the last to be wanted. */
export function allOf<Item>(
  max: number,
  list: (request: PageRequest) => Page<Item>,
  isBeyond: (item: Item) => boolean = () => false,
): { readonly items: readonly Item[]; readonly complete: boolean } {
  const items: Item[] = []
  let cursor: string | undefined
  do {
    const page = list({ limit: Math.min(maxPageLimit, max - items.length), cursor })
    for (const item of page.items) {
      if (isBeyond(item)) return { items, complete: true }
      items.push(item)
    }
    cursor = page.next
  } while (cursor !== undefined && items.length < max)
  return { items, complete: cursor === undefined }
}
