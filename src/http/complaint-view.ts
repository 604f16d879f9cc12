import type { Rows } from '../../projections/rows.ts'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { complaintRow } from './complaint-rows.ts'

/** What the read models tell beside an attribution: its outage, its cluster, how many others have the same trouble. */
export function complaintView(
  rows: Rows,
  complaintId: string,
  outageId: string | undefined,
  clusterId: string | undefined,
): Pick<AnswerComplaint, 'outage' | 'cluster' | 'similar'> {
  const row = complaintRow(rows, complaintId)
  const cluster = clusterId ?? row?.splitInto?.clusterId ?? row?.clusterId
  return {
    ...(outageId === undefined ? {} : { outage: { outageId } }),
    ...(cluster === undefined ? {} : { cluster: { clusterId: cluster } }),
    similar: 0,
  }
}
