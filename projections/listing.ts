import { key, newestFirst, prefix } from './key.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import type { Draft, Table } from './projection.ts'
import { cellsOf, cellsToSearch, meet, type Box } from './quadkey.ts'
import type { Rows } from './rows.ts'

/** An entry of a list: the key puts it in order, the row says whom it is about. */
export interface ListEntry {
  readonly id: string
}

/** An entry of a map: what it is about, its box, and the cells under which it is filed; each has a row of its own. */
export interface MapEntry {
  readonly id: string
  readonly box: Box
  readonly cell: string
  /** Left out where `cell` is the only one. */
  readonly cells?: readonly string[] | undefined
}

/** Where something stands in lists and on a map, for one state of it. */
export interface Places {
  readonly lists: readonly (readonly [list: Table<ListEntry>, key: string])[]
  readonly map?: { readonly table: Table<MapEntry>; readonly under: string; readonly box: Box } | undefined
}

export const nowhere: Places = { lists: [] }

/** Takes the entries of `id` out of where it no longer stands and enters it where it now does. */
export function moveEntries(rows: Draft, id: string, before: Places, after: Places): void {
  for (const [list, at] of before.lists) {
    if (!after.lists.some(([other, key]) => other === list && key === at)) rows.put(list, at, undefined)
  }
  for (const [list, at] of after.lists) {
    if (!before.lists.some(([other, key]) => other === list && key === at)) rows.put(list, at, { id })
  }
  moveOnMap(rows, id, before.map, after.map)
}

function moveOnMap(rows: Draft, id: string, before: Places['map'], after: Places['map']): void {
  if (
    before !== undefined &&
    before.under === after?.under &&
    before.box.every((side, at) => side === after.box[at])
  ) {
    return
  }
  const cells = after === undefined ? [] : cellsOf(after.box)
  if (before !== undefined) {
    for (const cell of cellsOf(before.box)) {
      if (after?.under !== before.under || !cells.includes(cell)) {
        rows.put(before.table, key(before.under, cell, id), undefined)
      }
    }
  }
  if (after === undefined) return
  for (const cell of cells) {
    rows.put(after.table, key(after.under, cell, id), {
      id,
      box: after.box,
      cell,
      ...(cells.length === 1 ? {} : { cells }),
    })
  }
}

/** A page of a list's ids as the things they name, under each of several lists of key parts in turn. */
export function pageOfList<Item>(
  rows: Rows,
  list: Table<ListEntry>,
  under: readonly (readonly string[])[],
  request: PageRequest,
  load: (id: string) => Item | undefined,
  from?: string,
): Page<Item> {
  const prefixes = under.map((parts) => prefix(...parts))
  return pageOf(rows, list, prefixes, request, ({ id }) => load(id), from === undefined ? {} : { from })
}

/**
 * Where to begin in a list whose keys are some parts and the inverted time of recording: whatever was recorded since the
 * moment of the rows lies before that, and need not be looked at.
 */
export function fromKnown({ knownAt }: Rows, ...parts: readonly string[]): string | undefined {
  return knownAt === undefined ? undefined : key(...parts, newestFirst(knownAt))
}

/** A page of what is filed on a map under a name, or under each of several in turn, and meets a box, each once. */
export function pageOfBox<Item>(
  rows: Rows,
  map: Table<MapEntry>,
  under: string | readonly string[],
  box: Box,
  request: PageRequest,
  load: (id: string) => Item | undefined,
): Page<Item> {
  const { within, around } = cellsToSearch(box)
  const prefixes = [under]
    .flat()
    .flatMap((name) => [
      ...within.map((cell) => key(name, cell)),
      ...around.map((cell) => prefix(name, cell)),
    ])
  const rangeOf = (cell: string): number => {
    const inside = within.findIndex((name) => cell.startsWith(name))
    if (inside !== -1) return inside
    const holding = around.indexOf(cell)
    return holding === -1 ? within.length + around.length : within.length + holding
  }
  return pageOf(rows, map, prefixes, request, (entry) => {
    const { id, cell, cells = [cell] } = entry
    if (!meet(entry.box, box)) return undefined
    // Of the rows of one thing only the first that this query comes to speaks for it.
    const first = cells.reduce((best, name) => (rangeOf(name) < rangeOf(best) ? name : best))
    return first === cell ? load(id) : undefined
  })
}
