import { clusterBatch } from '../../src/correlate/clusters/cluster-batch.ts'
import type { ClusterChange } from '../../src/correlate/clusters/cluster-change.ts'
import type { ClusterParams } from '../../src/correlate/clusters/cluster-params.ts'
import { createIncrementalClusters } from '../../src/correlate/clusters/incremental-clusters.ts'
import type { Arrival } from './workload.ts'

/** Clusters as sorted ids, in order of their first: what `clusterBatch` answers. */
export type Partition = readonly (readonly string[])[]

/**
 * Keeps clusters current over the arrivals, the watermark following them. To be timed whole: it holds the partition
 * at every moment, and all changes that the engine would act on.
 */
export function runIncremental(
  arrivals: readonly Arrival[],
  params: ClusterParams,
): readonly ClusterChange[] {
  const clusters = createIncrementalClusters(params)
  const told: ClusterChange[] = []
  for (const { complaint, arrivedAtMs } of arrivals) {
    told.push(...clusters.advance(arrivedAtMs))
    told.push(...clusters.insert(complaint))
  }
  return told
}

/** All at once, after the last arrival. */
export function runBatch(arrivals: readonly Arrival[], params: ClusterParams): Partition {
  return clusterBatch(
    arrivals.map(({ complaint }) => complaint),
    params,
  )
}

/** What the changes add up to, for comparing answers. Not to be timed. */
export function partitionOf(changes: readonly ClusterChange[]): Partition {
  const members = new Map<string, Set<string>>()
  const take = (clusterId: string) => {
    const ids = members.get(clusterId) ?? new Set()
    members.set(clusterId, ids)
    return ids
  }
  for (const change of changes) {
    switch (change.kind) {
      case 'opened':
        members.set(change.clusterId, new Set(change.memberIds))
        break
      case 'joined':
        take(change.clusterId).add(change.complaintId)
        break
      case 'left':
        take(change.clusterId).delete(change.complaintId)
        break
      case 'merged':
        for (const id of take(change.fromId)) take(change.intoId).add(id)
        members.delete(change.fromId)
        break
      case 'split':
        for (const id of change.memberIds) take(change.fromId).delete(id)
        members.set(change.clusterId, new Set(change.memberIds))
        break
      case 'closed':
        if (change.reason === 'dissolved') members.delete(change.clusterId)
        break
      default:
        change satisfies never
    }
  }
  return [...members.values()].map((ids) => [...ids].sort()).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

/**
 * What every DBSCAN must agree on whatever it does with border points: how many clusters there are, and who is in any.
 */
export function agreement(partition: Partition): {
  readonly clusters: number
  readonly clustered: readonly string[]
} {
  return { clusters: partition.length, clustered: partition.flat().sort() }
}
