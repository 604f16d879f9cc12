import { z } from 'zod'
import { area, lonLat } from './geo.ts'
import { service } from './service.ts'
import { identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** Complaints dense in space and time (投诉簇), of one symptom family and network. */
export const clusterOpened = z.strictObject({
  clusterId: identifier,
  family: label,
  network: z.string().optional(),
  service: service.optional(),
  complaintIds: z.array(identifier).min(1).max(10_000),
  center: lonLat,
})
export type ClusterOpened = z.infer<typeof clusterOpened>

/** A complaint joins a cluster; without `clusterId` it has left the one that it was in. */
export const complaintClustered = z.strictObject({
  complaintId: identifier,
  clusterId: identifier.optional(),
})
export type ComplaintClustered = z.infer<typeof complaintClustered>

/** The older cluster keeps its id; the younger one's members are its members from here on. */
export const clustersMerged = z.strictObject({ intoId: identifier, fromId: identifier })
export type ClustersMerged = z.infer<typeof clustersMerged>

export const clusterClosed = z.strictObject({
  clusterId: identifier,
  reason: z.enum(['quiet', 'dissolved', 'merged']).default('quiet'),
})
export type ClusterClosed = z.infer<typeof clusterClosed>

export const clusterMergedByHand = z.strictObject({
  intoId: identifier,
  fromId: identifier,
  reason: prose.optional(),
})
export type ClusterMergedByHand = z.infer<typeof clusterMergedByHand>

export const clusterSplitByHand = z.strictObject({
  clusterId: identifier,
  newClusterId: identifier,
  complaintIds: z.array(identifier).min(1).max(10_000),
  reason: prose.optional(),
})
export type ClusterSplitByHand = z.infer<typeof clusterSplitByHand>

export const clusterAcknowledged = z.strictObject({ clusterId: identifier, note: prose.optional() })
export type ClusterAcknowledged = z.infer<typeof clusterAcknowledged>

export const clusterAssigned = z.strictObject({
  clusterId: identifier,
  assignee: label,
  note: prose.optional(),
})
export type ClusterAssigned = z.infer<typeof clusterAssigned>

/** A place where unexplained complaints keep coming back. */
export const gapCandidateFound = z.strictObject({
  candidateId: identifier,
  area,
  complaintIds: z.array(identifier).max(1000),
})
export type GapCandidateFound = z.infer<typeof gapCandidateFound>
