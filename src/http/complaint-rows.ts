import { attributions, complaints, type ComplaintRow } from '../../projections/complaint-row.ts'
import { key } from '../../projections/key.ts'
import { rowOf, type Rows } from '../../projections/rows.ts'
import type { CauseAttributed } from '../../schemas/attribution.ts'

/** The attribution in force, with the id that acts on it name. */
export interface Attribution {
  readonly id: string
  readonly data: CauseAttributed
}

export function complaintRow(rows: Rows, complaintId: string): ComplaintRow | undefined {
  return rowOf(rows, complaints, key(complaintId))
}

/** What the complaint says, as last amended. */
export function factsOf(rows: Rows, complaintId: string): ComplaintRow['facts'] | undefined {
  return complaintRow(rows, complaintId)?.facts
}

/** The attribution in force, whole. */
export function attributionOf(rows: Rows, complaintId: string): Attribution | undefined {
  const id = complaintRow(rows, complaintId)?.attribution?.id
  const row = id === undefined ? undefined : rowOf(rows, attributions, key(id))
  return row === undefined ? undefined : { id: row.id, data: row.attribution }
}
