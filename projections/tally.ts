import type { Day } from './local-day.ts'
import { key } from './key.ts'
import type { Draft, Table } from './projection.ts'

/** How often things of each name were counted. What is left out is zero. */
export type Counts = Readonly<Record<string, number>>

/** What a day's figures are told by; `kind` is all of a `Kind` at once, `ground` the fine grid of planners. */
export type Dimension = 'all' | 'area' | 'cause' | 'service' | 'network' | 'kind' | 'ground'

/** What figures of complaints are told by beside place, in one value: so a complaint counts in one row for all of them. */
export interface Kind {
  readonly cause: string
  readonly symptom: string
  readonly service: string
  readonly network: string
}

const between = '\u001e'

export function kindValue({ cause, symptom, service, network }: Kind): string {
  return [cause, symptom, service, network].join(between)
}

export function kindOf(value: string): Kind {
  const [cause = '', symptom = '', service = '', network = ''] = value.split(between)
  return { cause, symptom, service, network }
}

/** All that was counted on a day under one value of a dimension. Key: dimension, day, value. */
export interface TallyRow {
  readonly day: Day
  readonly value: string
  readonly counts: Counts
}

/** What one thing adds to a day's figures: the same counts under each of these values. */
export interface Share {
  readonly day: Day
  readonly under: readonly (readonly [dimension: Dimension, value: string])[]
  readonly counts: Counts
}

/**
 * Takes out what a thing added before, and adds what it adds now. Only sums are kept, so they come out the same in whatever
 * order things changed; a row whose every count is back at zero goes.
 */
export function moveShares(
  rows: Draft,
  tallies: Table<TallyRow>,
  before: readonly Share[],
  after: readonly Share[],
): void {
  const changes = new Map<string, { readonly day: Day; readonly value: string; counts: Counts }>()
  const count = (shares: readonly Share[], by: 1 | -1): void => {
    for (const { day, under, counts } of shares) {
      for (const [dimension, value] of under) {
        const at = key(dimension, day, value)
        const change = changes.get(at) ?? { day, value, counts: {} }
        changes.set(at, { ...change, counts: sumOf(change.counts, counts, by) })
      }
    }
  }
  count(before, -1)
  count(after, 1)
  for (const [at, { day, value, counts }] of changes) {
    if (isEmpty(counts)) continue
    const sum = sumOf(rows.get(tallies, at)?.counts ?? {}, counts)
    rows.put(tallies, at, isEmpty(sum) ? undefined : { day, value, counts: sum })
  }
}

/** The sum of both by name, the second as often as `by` says. Names that come to zero are left out. */
export function sumOf(one: Counts, other: Counts, by: 1 | -1 = 1): Counts {
  const sum: Record<string, number> = { ...one }
  for (const [name, count] of Object.entries(other)) {
    const total = (sum[name] ?? 0) + by * count
    if (total === 0) delete sum[name]
    else sum[name] = total
  }
  return sum
}

function isEmpty(counts: Counts): boolean {
  return Object.keys(counts).length === 0
}
