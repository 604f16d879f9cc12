import type { Ruleset } from '../../schemas/ruleset.ts'
import {
  type ClusterState,
  createIncrementalClusters,
  type IncrementalClusters,
} from './clusters/incremental-clusters.ts'

/** Rules that were stored must never keep the engine from starting: figures beyond what clustering can do are cut to it. */
export function newClusters({ clusters, times }: Ruleset, state?: ClusterState): IncrementalClusters {
  const params = {
    epsMeters: Math.min(50_000, Math.max(1, clusters.epsMeters)),
    epsMs: Math.max(1_000, clusters.epsMs),
    minCustomers: clusters.minCustomers,
    latenessMs: times.latenessMs,
  }
  return createIncrementalClusters(params, state)
}
