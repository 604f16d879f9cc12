import { allProjections } from './all-projections.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { parkedBy, parkedCountOf, schemaFold, type ParkedRow } from './parked.ts'
import { rowOf, type Rows } from './rows.ts'

const folds: readonly string[] = [schemaFold, ...allProjections.map(({ name }) => name)]

/** What could not be taken, fold by fold, each in the order of the log. */
export function parkedEvents(rows: Rows, { limit, cursor }: PageRequest): Page<ParkedRow> {
  const [startIndex = '0', startWithin] = cursor?.split('.') ?? []
  let within = startWithin
  const items: ParkedRow[] = []
  for (let index = Number(startIndex); ; index += 1) {
    const fold = folds[index]
    if (fold === undefined) return { items }
    if (items.length >= limit) return { items, next: String(index) }
    const page = pageOf(
      rows,
      parkedBy(fold),
      [''],
      { limit: limit - items.length, ...(within === undefined ? {} : { cursor: `0.${within}` }) },
      (row) => row,
    )
    items.push(...page.items)
    within = page.next?.split('.')[1]
    if (within !== undefined) return { items, next: `${index}.${within}` }
  }
}

/** How many, by fold. */
export function parkedCounts(rows: Rows): Readonly<Record<string, number>> {
  return Object.fromEntries(folds.map((fold) => [fold, rowOf(rows, parkedCountOf(fold), 'all')?.count ?? 0]))
}

export function countParked(rows: Rows): number {
  return Object.values(parkedCounts(rows)).reduce((sum, count) => sum + count, 0)
}
