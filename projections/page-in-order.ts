import { maxPageLimit, type Page, type PageRequest } from './page.ts'

/**
 * A page of what is put in order only as it is asked for. Looks at everything and holds no more than two pages of it, so that
 * memory does not grow with the list; the cost does. Order keys are unique, and what changes between two pages moves none.
 */
export function pageInOrder<Item>(
  all: Iterable<readonly [order: string, item: Item]>,
  { limit: wanted, cursor }: PageRequest,
): Page<Item> {
  const limit = Math.max(1, Math.min(wanted, maxPageLimit))
  const after = cursor === undefined ? '' : textOf(cursor)
  let first: (readonly [string, Item])[] = []
  let isMore = false
  const cut = (): void => {
    first.sort(([a], [b]) => (a < b ? -1 : 1))
    isMore ||= first.length > limit
    first = first.slice(0, limit)
  }
  for (const entry of all) {
    if (entry[0] <= after) continue
    first.push(entry)
    if (first.length >= 2 * limit) cut()
  }
  cut()
  const last = first.at(-1)?.[0]
  return {
    items: first.map(([, item]) => item),
    ...(isMore && last !== undefined ? { next: cursorOf(last) } : {}),
  }
}

function cursorOf(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const code = btoa(String.fromCharCode(...bytes))
  return `0.${code.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

/** `pageCursor` has checked it; a cursor of another list is no order key of this one, and only goes on elsewhere. */
function textOf(cursor: string): string {
  const [, code = ''] = cursor.split('.')
  const bytes = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (unit) =>
    unit.charCodeAt(0),
  )
  return new TextDecoder().decode(bytes)
}
