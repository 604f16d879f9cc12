import { acts, actProjection } from '../../projections/act.ts'
import { complaintProjection } from '../../projections/complaint.ts'
import { complaints, outageMembers } from '../../projections/complaint-row.ts'
import { outageProjection } from '../../projections/outage-projection.ts'
import { outages } from '../../projections/outage.ts'
import { readable } from '../../schemas/read-stored.ts'
import type { RecordedEvent } from '../event-log/event-log.ts'
import { attributionColumns } from '../export/attribution-table.ts'
import type { Column, Line } from '../export/column.ts'
import { complaintColumns, complaintLine } from '../export/complaint-table.ts'
import { outageColumns, outageLine } from '../export/outage-table.ts'
import { latestAttributions } from './latest-attributions.ts'
import { latestRows } from './latest-rows.ts'

export const tableNames = ['complaints', 'attributions', 'unexplained', 'outages'] as const
export type TableName = (typeof tableNames)[number]

export const columnsOf: Readonly<Record<TableName, readonly Column[]>> = {
  complaints: complaintColumns,
  attributions: attributionColumns,
  unexplained: attributionColumns,
  outages: outageColumns,
}

type Batches = AsyncIterable<readonly RecordedEvent[]>

/** The lines of a table, as the whole log leaves them. */
export async function linesOf(table: TableName, batches: Batches): Promise<readonly Line[]> {
  switch (table) {
    case 'attributions':
      return attributionLines(batches)
    case 'unexplained':
      return (await attributionLines(batches)).filter(({ verdict }) => verdict === 'unexplained')
    case 'complaints': {
      const rows = latestRows([actProjection, complaintProjection], [acts, complaints])
      await foldAll(batches, rows)
      return Array.from(rows.each(complaints), ([, row]) => complaintLine(row))
    }
    case 'outages': {
      const { counts, customers } = outageMembers
      const rows = latestRows(
        [actProjection, complaintProjection, outageProjection],
        [acts, complaints, counts, customers, outages],
      )
      await foldAll(batches, rows)
      return Array.from(rows.each(outages), ([at, row]) => outageLine(row, rows.get(counts, at)))
    }
  }
}

async function attributionLines(batches: Batches): Promise<readonly Line[]> {
  const fold = latestAttributions()
  for await (const batch of batches) for (const event of readable(batch)) fold.fold(event)
  return Array.from(fold.rows(), (row): Line => ({ ...row }))
}

async function foldAll(batches: Batches, rows: Pick<ReturnType<typeof latestRows>, 'fold'>): Promise<void> {
  for await (const batch of batches) for (const event of readable(batch)) rows.fold(event)
}
