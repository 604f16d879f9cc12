import type { CauseRef } from '../schemas/attribution.ts'
import { clusterById, clusters, type ClusterView } from './cluster.ts'
import { memberCluster, type ComplaintRow } from './complaint-row.ts'
import { key } from './key.ts'
import { pageOfList, type ListEntry } from './listing.ts'
import { headOf, partsOf } from './merged.ts'
import type { Page, PageRequest } from './page.ts'
import { table, type Draft } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** How many complaints of a cluster (`id`) a cause explains, directly or as the root. Key: cause kind, cause id, cluster id. */
interface ClusterOfCause extends ListEntry {
  readonly complaints: number
}

const clustersOfCause = table<ClusterOfCause>('complaint.cluster-of-cause')

/** Counts a complaint out of the causes and the cluster that it had and into those that it has now. */
export function moveCauses(rows: Draft, before: ComplaintRow, after: ComplaintRow): void {
  const [from, to] = [entriesOf(before), entriesOf(after)]
  for (const [at, id] of from) if (!to.has(at)) count(rows, at, id, -1)
  for (const [at, id] of to) if (!from.has(at)) count(rows, at, id, 1)
}

function entriesOf(row: ComplaintRow): ReadonlyMap<string, string> {
  const clusterId = memberCluster(row)
  if (clusterId === undefined) return new Map()
  const causes = [row.attribution?.direct, row.attribution?.root].filter((cause) => cause !== undefined)
  return new Map(causes.map((cause) => [key(cause.kind, cause.id, clusterId), clusterId]))
}

function count(rows: Draft, at: string, id: string, by: 1 | -1): void {
  const complaints = (rows.get(clustersOfCause, at)?.complaints ?? 0) + by
  rows.put(clustersOfCause, at, complaints > 0 ? { id, complaints } : undefined)
}

/** Clusters with complaints that this cause explains now, directly or as the root, in no order that means anything. */
export function clustersByCause(rows: Rows, cause: CauseRef, request: PageRequest): Page<ClusterView> {
  return pageOfList(rows, clustersOfCause, [[cause.kind, cause.id]], request, (id) => {
    const parts = partsOf(rows, clusters, headOf(rows, clusters, id))
    // Of merged ones the first that the cause has complaints in speaks for the whole.
    const first = parts.find((part) => rowOf(rows, clustersOfCause, key(cause.kind, cause.id, part)))
    return first === id ? clusterById(rows, id) : undefined
  })
}
