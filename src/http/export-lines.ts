import { setImmediate as nextTurn } from 'node:timers/promises'
import { byDay, complaints, attributions, outageMembers } from '../../projections/complaint-row.ts'
import { key, prefix } from '../../projections/key.ts'
import { addDays, type Day } from '../../projections/local-day.ts'
import { outages } from '../../projections/outage.ts'
import { eachRow, rowOf, type Rows } from '../../projections/rows.ts'
import { attributionColumns, attributionLine } from '../export/attribution-table.ts'
import type { Column, Line } from '../export/column.ts'
import { complaintColumns, complaintLine } from '../export/complaint-table.ts'
import { outageColumns, outageLine } from '../export/outage-table.ts'

export const exportTables = ['complaints', 'attributions', 'outages'] as const
export type ExportTable = (typeof exportTables)[number]

export const exportColumns: Readonly<Record<ExportTable, readonly Column[]>> = {
  complaints: complaintColumns,
  attributions: attributionColumns,
  outages: outageColumns,
}

interface Days {
  readonly from: Day
  readonly to: Day
}

/** Lines that are read before others get their turn. */
const linesAtOnce = 500

/** A table's lines of some days of UTC: complaints by their report, outages by when they began. */
export async function* exportLines(
  rows: Rows,
  table: ExportTable,
  days: Days,
): AsyncGenerator<readonly Line[]> {
  let held: Line[] = []
  for (const line of table === 'outages' ? outageLines(rows, days) : complaintLines(rows, table, days)) {
    held.push(line)
    if (held.length < linesAtOnce) continue
    yield held
    held = []
    await nextTurn()
  }
  yield held
}

function* complaintLines(
  rows: Rows,
  table: 'complaints' | 'attributions',
  { from, to }: Days,
): Generator<Line> {
  for (const { id } of eachRow(rows, byDay, '', { from: key(from), to: key(addDays(to, 1)) })) {
    const complaint = rowOf(rows, complaints, key(id))
    if (complaint === undefined) continue
    if (table === 'complaints') {
      yield complaintLine(complaint)
      continue
    }
    const { attribution, status } = complaint
    const whole = attribution && rowOf(rows, attributions, key(attribution.id))
    if (whole !== undefined && status !== 'withdrawn') yield attributionLine(complaint, whole)
  }
}

/** Looks at every outage there was: few, beside complaints. */
function* outageLines(rows: Rows, { from, to }: Days): Generator<Line> {
  for (const row of eachRow(rows, outages, prefix())) {
    const day = row.since.slice(0, 10)
    if (day < from || day > to) continue
    yield outageLine(row, rowOf(rows, outageMembers.counts, key(row.outageId)))
  }
}
