import type { ClusterChange } from './clusters/cluster-change.ts'
import type { PlacedComplaint } from './clusters/cluster-params.ts'
import type { Complaint } from './model.ts'
import { newClusters } from './new-clusters.ts'
import type { Window } from './window.ts'

export function recluster(window: Window, complaint: Complaint): void {
  const placed = placedFor(window, complaint)
  noteClusters(
    window,
    placed === undefined ? window.clusters.withdraw(complaint.id) : window.clusters.amend(placed),
  )
}

export function clusterAfresh(window: Window): void {
  const weighed = [...window.complaints.byId.values()].filter(({ aside }) => !aside)
  const ids = new Set(weighed.flatMap(({ id }) => window.clusters.clusterIdOf(id) ?? []))
  for (const clusterId of [...ids].sort())
    noteClusters(window, [{ kind: 'closed', clusterId, reason: 'dissolved' }])
  window.clusters = newClusters(window.ruleset)
  noteClusters(window, window.clusters.advance(window.nowMs))
  for (const complaint of weighed) {
    const placed = placedFor(window, complaint)
    if (placed !== undefined) noteClusters(window, window.clusters.insert(placed))
  }
}

export function noteClusters(window: Window, changes: readonly ClusterChange[]): void {
  for (const change of changes) window.clusterChanges.push(change)
}

/** A complaint as clustering takes it; vague places open and join no cluster. */
export function placedFor(window: Window, complaint: Complaint): PlacedComplaint | undefined {
  const { point, facts } = complaint
  const vague = complaint.shared || complaint.uncertaintyMeters > window.ruleset.clusters.maxUncertaintyMeters
  if (point === undefined || complaint.aside || vague || window.clusters.isTooLate(complaint.fromMs))
    return undefined
  return {
    id: complaint.id,
    lane: laneOf(complaint),
    lon: point[0],
    lat: point[1],
    timeMs: complaint.fromMs,
    customerRef: complaint.customer,
    dense: facts.customerRef === undefined || complaint.repeatOf === undefined,
  }
}

/** Complaints cluster within one network, service and symptom family. */
export function laneOf({ facts, family }: Complaint): string {
  return JSON.stringify([facts.network ?? '', facts.service ?? '', family ?? ''])
}
