import { attributions, complaints, type ComplaintRow } from '../../projections/complaint-row.ts'
import { key } from '../../projections/key.ts'
import type { Table } from '../../projections/projection.ts'
import type { Rows } from '../../projections/rows.ts'
import type { CauseAttributed } from '../../schemas/attribution.ts'

/** The attribution in force, with the id that acts on it name. */
export interface Attribution {
  readonly id: string
  readonly data: CauseAttributed
}

export function rowOf<Row extends object>(rows: Rows, from: Table<Row>, ...parts: string[]): Row | undefined {
  return rows.get(from.name, key(...parts)) as Row | undefined
}

export function complaintRow(rows: Rows, complaintId: string): ComplaintRow | undefined {
  return rowOf(rows, complaints, complaintId)
}

/** What the complaint says, as last amended. */
export function factsOf(rows: Rows, complaintId: string): ComplaintRow['facts'] | undefined {
  return complaintRow(rows, complaintId)?.facts
}

/** The attribution in force, whole. */
export function attributionOf(rows: Rows, complaintId: string): Attribution | undefined {
  const id = complaintRow(rows, complaintId)?.attribution?.id
  const row = id === undefined ? undefined : rowOf(rows, attributions, id)
  return row === undefined ? undefined : { id: row.id, data: row.attribution }
}
