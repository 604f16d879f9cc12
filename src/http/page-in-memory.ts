import type { Page, PageRequest } from '../../projections/page.ts'

/** A page of a list that is made anew for every page. The cursor counts items. */
export function pageInMemory<Item>(all: readonly Item[], { limit, cursor = '0' }: PageRequest): Page<Item> {
  const from = Number.parseInt(cursor, 10)
  const next = from + limit
  return { items: all.slice(from, next), ...(next < all.length ? { next: String(next) } : {}) }
}
