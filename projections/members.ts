import { key } from './key.ts'
import type { Draft, Table } from './projection.ts'

/** How much an outage or a cluster holds. Key: its id. Apart from its row, which is larger and changes less often. */
export interface Counts {
  readonly complaints: number
  /** Distinct; each complaint of an unknown customer counts as one more. */
  readonly customers: number
}

/** How many complaints one customer has there. Key: the group's id, customerRef. */
export interface CustomerRow {
  readonly complaints: number
}

export interface MemberTables {
  readonly counts: Table<Counts>
  readonly customers: Table<CustomerRow>
}

/** Counts one complaint out of the group that it was in and into the one that it is in now. */
export function moveMember(
  rows: Draft,
  tables: MemberTables,
  customerRef: string | undefined,
  from: string | undefined,
  to: string | undefined,
): void {
  if (from === to) return
  if (from !== undefined) countMember(rows, tables, from, customerRef, -1)
  if (to !== undefined) countMember(rows, tables, to, customerRef, 1)
}

function countMember(
  rows: Draft,
  { counts, customers }: MemberTables,
  group: string,
  customerRef: string | undefined,
  by: 1 | -1,
): void {
  let known = 0
  if (customerRef !== undefined) {
    const at = key(group, customerRef)
    const before = rows.get(customers, at)?.complaints ?? 0
    const after = before + by
    rows.put(customers, at, after > 0 ? { complaints: after } : undefined)
    known = Math.sign(after) - Math.sign(before)
  }
  const held = rows.get(counts, key(group))
  rows.put(counts, key(group), {
    complaints: (held?.complaints ?? 0) + by,
    customers: (held?.customers ?? 0) + (customerRef === undefined ? by : known),
  })
}
