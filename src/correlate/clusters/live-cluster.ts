/** A cluster that can still change. Merged ones point to what became of them, as in union-find. */
export class LiveCluster {
  /** Empty until the operation that opens it is over. */
  id = ''
  /** Counts openings: of two clusters that merge the lower survives. */
  order = Number.POSITIVE_INFINITY
  /** Members that are still in the index. */
  live = 0
  mergedInto: LiveCluster | undefined = undefined
}

/** What became of a cluster: itself, or what it was merged into in the end. */
export function currentOf(cluster: LiveCluster): LiveCluster {
  let root = cluster
  while (root.mergedInto !== undefined) root = root.mergedInto
  let step = cluster
  while (step.mergedInto !== undefined) {
    const next = step.mergedInto
    step.mergedInto = root
    step = next
  }
  return root
}
