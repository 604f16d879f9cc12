import type { ClusterChange } from '../../../src/correlate/clusters/cluster-change.ts'

/** Folds changes as a reader of the log would, and throws where one does not follow from those before it. */
export function createFoldedPartition() {
  const clusterOf = new Map<string, string>()
  const open = new Set<string>()

  function must(holds: boolean, change: ClusterChange): void {
    if (!holds) throw new Error(`does not follow: ${JSON.stringify(change)}`)
  }

  function rename(ids: Iterable<string>, from: string, to: string, change: ClusterChange): void {
    for (const id of ids) {
      must(clusterOf.get(id) === from, change)
      clusterOf.set(id, to)
    }
  }

  function membersOf(clusterId: string): readonly string[] {
    return [...clusterOf].filter(([, cluster]) => cluster === clusterId).map(([id]) => id)
  }

  function apply(change: ClusterChange): void {
    switch (change.kind) {
      case 'merged':
        must(open.has(change.intoId) && open.delete(change.fromId), change)
        rename(membersOf(change.fromId), change.fromId, change.intoId, change)
        return
      case 'split':
        must(open.has(change.fromId) && !open.has(change.clusterId), change)
        open.add(change.clusterId)
        rename(change.memberIds, change.fromId, change.clusterId, change)
        return
      case 'left':
        must(open.has(change.clusterId) && clusterOf.get(change.complaintId) === change.clusterId, change)
        clusterOf.delete(change.complaintId)
        return
      case 'opened':
        must(!open.has(change.clusterId) && change.memberIds.every((id) => !clusterOf.has(id)), change)
        open.add(change.clusterId)
        for (const id of change.memberIds) clusterOf.set(id, change.clusterId)
        return
      case 'joined':
        must(open.has(change.clusterId) && !clusterOf.has(change.complaintId), change)
        clusterOf.set(change.complaintId, change.clusterId)
        return
      case 'closed':
        must(open.delete(change.clusterId), change)
        must((membersOf(change.clusterId).length === 0) === (change.reason === 'dissolved'), change)
        return
      default:
        change satisfies never
    }
  }

  return {
    apply: (changes: readonly ClusterChange[]) => changes.forEach(apply),
    clusterOf: (complaintId: string) => clusterOf.get(complaintId),
    membersOf,
    openIds: () => [...open].sort(),
    /** As `clusterBatch` gives it. */
    clusters(): readonly (readonly string[])[] {
      const members = new Map<string, string[]>()
      for (const [id, cluster] of clusterOf) members.set(cluster, [...(members.get(cluster) ?? []), id])
      return [...members.values()].map((ids) => ids.sort()).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    },
  }
}
