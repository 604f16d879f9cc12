import { key } from './key.ts'
import type { Counts } from './members.ts'
import type { Draft, Table } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** The most merged parts that one answer looks into; what lies beyond is left out of its counts and lists. */
export const maxParts = 500

/** One that became part of another. By hand it may be taken back, so nothing is moved: queries gather the parts. */
export interface Merge {
  readonly id: string
  readonly at: string
  readonly eventId: string
  readonly byHand?: true | undefined
}

export interface Mergeable {
  readonly mergedInto?: Merge | undefined
  /** The newest `maxParts`. */
  readonly absorbed?: readonly Merge[] | undefined
}

/** What this one has become part of; itself where it stands alone. */
export function headOf<Row extends Mergeable>(rows: Rows, groups: Table<Row>, id: string): string {
  let head = id
  for (let steps = 0; steps < maxParts; steps += 1) {
    const row = rowOf(rows, groups, key(head))
    if (row?.mergedInto === undefined) break
    head = row.mergedInto.id
  }
  return head
}

/** The id itself and all that it took up, directly or through others. */
export function partsOf<Row extends Mergeable>(
  rows: Rows,
  groups: Table<Row>,
  id: string,
): readonly string[] {
  const parts = [id]
  const seen = new Set(parts)
  for (let at = 0; at < parts.length; at += 1) {
    const row = rowOf(rows, groups, key(parts[at] ?? id))
    for (const { id: part } of row?.absorbed ?? []) {
      if (seen.has(part) || parts.length >= maxParts) continue
      seen.add(part)
      parts.push(part)
    }
  }
  return parts
}

/** Summed over the parts: a customer of two parts counts in both. */
export function countsOf(rows: Rows, counts: Table<Counts>, parts: readonly string[]): Counts {
  const sum = { complaints: 0, customers: 0 }
  for (const part of parts) {
    const held = rowOf(rows, counts, key(part))
    sum.complaints += held?.complaints ?? 0
    sum.customers += held?.customers ?? 0
  }
  return sum
}

export function absorb(kept: readonly Merge[] | undefined, merge: Merge): readonly Merge[] {
  return [...(kept ?? []).filter(({ id }) => id !== merge.id), merge].slice(-maxParts)
}

/** Whether following merges from one leads to the other; a chain too long to follow counts as leading there. */
export function leadsTo<Row extends Mergeable>(
  rows: Draft,
  groups: Table<Row>,
  from: string,
  to: string,
): boolean {
  let at: string | undefined = from
  for (let steps = 0; at !== undefined && steps < maxParts; steps += 1) {
    if (at === to) return true
    at = rows.get(groups, key(at))?.mergedInto?.id
  }
  return at !== undefined
}
