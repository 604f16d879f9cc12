import type { DataOf } from '../../schemas/event.ts'
import { laneOf } from './clustering.ts'
import type { ClusterChange } from './clusters/cluster-change.ts'
import type { Desk } from './desk.ts'
import type { Window } from './window.ts'

/** Logs what clustering did. */
export function decideClusters(window: Window, desk: Desk): void {
  for (const change of window.clusterChanges.splice(0)) decideCluster(change, window, desk)
}

function decideCluster(change: ClusterChange, window: Window, desk: Desk): void {
  switch (change.kind) {
    case 'opened':
    case 'split':
      desk.log('ClusterOpened', change.clusterId, {
        clusterId: change.clusterId,
        ...describeCluster(change.memberIds, window),
      })
      return
    case 'joined':
      desk.log('ComplaintClustered', change.complaintId, {
        complaintId: change.complaintId,
        clusterId: change.clusterId,
      })
      return
    case 'left':
      desk.log('ComplaintClustered', change.complaintId, { complaintId: change.complaintId })
      return
    case 'merged':
      desk.log('ClustersMerged', change.intoId, { intoId: change.intoId, fromId: change.fromId })
      return
    case 'closed':
      desk.log('ClusterClosed', change.clusterId, {
        clusterId: change.clusterId,
        reason: change.reason === 'dissolved' ? 'dissolved' : 'quiet',
      })
      return
  }
}

function describeCluster(
  memberIds: readonly string[],
  window: Window,
): Omit<DataOf<'ClusterOpened'>, 'clusterId'> {
  const members = memberIds.flatMap((id) => window.complaints.byId.get(id) ?? [])
  const points = members.flatMap(({ point }) => (point === undefined ? [] : [point]))
  const mean = (axis: 0 | 1): number =>
    Math.round((points.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, points.length)) * 1e6) / 1e6
  const [first] = members
  const [network, , family] = (first === undefined ? ['', '', ''] : JSON.parse(laneOf(first))) as string[]
  return {
    family: family || 'other',
    ...(network !== '' && network !== undefined && { network }),
    ...(first?.facts.service !== undefined && { service: first.facts.service }),
    complaintIds: [...memberIds],
    center: [mean(0), mean(1)],
  }
}
