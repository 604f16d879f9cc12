import { clusterById } from '../../projections/cluster.ts'
import { outageById } from '../../projections/outage-queries.ts'
import { orderOfMember, resolutionReaches } from '../../projections/order-of-complaint.ts'
import { orderInShort } from '../../projections/order.ts'
import type { Rows } from '../../projections/rows.ts'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import { complaintRow } from './complaint-rows.ts'

/** What the read models tell beside an attribution: its outage, its cluster, its order, how many others have the same trouble. */
export function complaintView(
  rows: Rows,
  complaintId: string,
  outageId: string | undefined,
  decidedCluster: string | undefined,
): Pick<AnswerComplaint, 'outage' | 'cluster' | 'order' | 'similar'> {
  const row = complaintRow(rows, complaintId)
  const clusterId = decidedCluster ?? row?.splitInto?.clusterId ?? row?.clusterId
  const outage = outageId === undefined ? undefined : outageById(rows, outageId)
  const cluster = clusterId === undefined ? undefined : clusterById(rows, clusterId)
  const order = orderInShort(orderOfMember(rows, { outageId, clusterId }))
  const together = outage?.complaints ?? cluster?.complaints ?? 0
  // Counts may already hold this complaint, or not yet.
  const own = row?.attribution?.outageId === outageId && outageId !== undefined ? 1 : 0
  return {
    ...(outageId === undefined ? {} : { outage: { outageId, ...outage } }),
    ...(clusterId === undefined ? {} : { cluster: { clusterId, ...cluster } }),
    ...(order === undefined ? {} : { order }),
    similar: Math.max(0, together - (outage === undefined ? Number(row?.clusterId !== undefined) : own)),
  }
}

/** What people found out, said instead of what the engine says: for whom the order was resolved that the complaint has joined. */
export function saidByOrder(
  { order }: Pick<AnswerComplaint, 'order'>,
  facts: Pick<ComplaintReceived, 'stillOut' | 'reportedAt'>,
): Partial<Pick<AnswerComplaint, 'words' | 'band'>> {
  const words = order?.resolved?.words
  if (order === undefined || words === undefined) return {}
  return resolutionReaches(order, facts) ? { words, band: 'say' } : {}
}
