import { clusterById } from '../../projections/cluster.ts'
import { outageById } from '../../projections/outage-queries.ts'
import type { Rows } from '../../projections/rows.ts'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { complaintRow } from './complaint-rows.ts'

/** What the read models tell beside an attribution: its outage, its cluster, how many others have the same trouble. */
export function complaintView(
  rows: Rows,
  complaintId: string,
  outageId: string | undefined,
  decidedCluster: string | undefined,
): Pick<AnswerComplaint, 'outage' | 'cluster' | 'similar'> {
  const row = complaintRow(rows, complaintId)
  const clusterId = decidedCluster ?? row?.splitInto?.clusterId ?? row?.clusterId
  const outage = outageId === undefined ? undefined : outageById(rows, outageId)
  const cluster = clusterId === undefined ? undefined : clusterById(rows, clusterId)
  const together = outage?.complaints ?? cluster?.complaints ?? 0
  // Counts may already hold this complaint, or not yet.
  const own = row?.attribution?.outageId === outageId && outageId !== undefined ? 1 : 0
  return {
    ...(outageId === undefined ? {} : { outage: { outageId, ...outage } }),
    ...(clusterId === undefined ? {} : { cluster: { clusterId, ...cluster } }),
    similar: Math.max(0, together - (outage === undefined ? Number(row?.clusterId !== undefined) : own)),
  }
}
