import { actRef, addAct, withoutAct, type ActRef } from './act.ts'
import { key } from './key.ts'
import type { ProjectedEvent, Table } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** Who has seen an outage or a cluster, and whose it is; the last act of each is the one in force. */
export interface Care {
  readonly acknowledged?: readonly ActRef[] | undefined
  readonly assigned?: readonly (ActRef & { readonly assignee: string })[] | undefined
}

/** With one more who has seen it. */
export function acknowledgedBy<Row extends Care>(row: Row, event: ProjectedEvent): Row {
  return { ...row, acknowledged: addAct(row.acknowledged, actRef(event)) }
}

/** With one more to whom it was given. */
export function assignedBy<Row extends Care>(row: Row, event: ProjectedEvent, assignee: string): Row {
  return { ...row, assigned: addAct(row.assigned, { ...actRef(event), assignee }) }
}

/** Without the act of this event. */
export function withoutCare<Row extends Care>(row: Row, eventId: string): Row {
  return {
    ...row,
    acknowledged: withoutAct(row.acknowledged, eventId),
    assigned: withoutAct(row.assigned, eventId),
  }
}

/**
 * The care of a group with all that became part of it (`parts`, itself first): its own, else the newest of a part, so that
 * nobody loses what was theirs when two turn out to be one. Nothing is moved: parted again, each has its own.
 */
export function careOf<Row extends Care>(rows: Rows, groups: Table<Row>, parts: readonly string[]): Care {
  const [own, ...others] = parts.map((part) => rowOf(rows, groups, key(part)))
  return {
    acknowledged: own?.acknowledged ?? newest(others.map((row) => row?.acknowledged)),
    assigned: own?.assigned ?? newest(others.map((row) => row?.assigned)),
  }
}

function newest<Act extends ActRef>(
  lists: readonly (readonly Act[] | undefined)[],
): readonly Act[] | undefined {
  let best: readonly Act[] | undefined
  for (const list of lists) {
    if ((list?.at(-1)?.position ?? '') > (best?.at(-1)?.position ?? '')) best = list
  }
  return best
}
