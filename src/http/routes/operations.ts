import {
  clusterAcknowledged,
  clusterAssigned,
  clusterMergedByHand,
  clusterSplitByHand,
} from '../../../schemas/cluster.ts'
import { gapCandidateAct } from '../../../schemas/coverage-gap.ts'
import { prose } from '../../../schemas/text.ts'
import { clusterById } from '../../../projections/cluster.ts'
import { candidateById } from '../../../projections/gap.ts'
import { addActRoute, type ActRoute } from '../act-route.ts'
import type { Api } from '../api.ts'
import { notFound, ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

/** What network operations do with clusters and candidates for gaps; with outages: `outage-acts.ts`. */
export function operationRoutes(api: Api, services: Services): void {
  const add = (route: ActRoute) => addActRoute(api, services, route)
  const { rows } = services
  const clusterMustBe = (id: string): void => {
    if (clusterById(rows, id) === undefined) throw notFound('cluster', id)
  }
  const mustBeOpen = (id: string): void => {
    const whole = clusterById(rows, id)
    if (whole === undefined) return
    const { clusterId, status } = whole
    const more = { clusterId, status }
    if (clusterId !== id)
      throw new ProblemError(409, `Cluster ${id} has become part of ${clusterId}; act on that.`, { more })
    if (status === 'closed') throw new ProblemError(409, `Cluster ${id} is closed.`, { more })
  }
  clusterActs((route) =>
    add({
      ...route,
      tag: 'clusters',
      check: ({ type, data }, { clusterId, intoId }) => {
        clusterMustBe(String(clusterId ?? intoId))
        if (type === 'ClusterAcknowledged' || type === 'ClusterAssigned') mustBeOpen(data.clusterId)
        if ('fromId' in data) clusterMustBe(data.fromId)
      },
    }),
  )
  for (const [verb, type, summary] of candidateVerbs) {
    add({
      path: `/gap-candidates/:candidateId/${verb}`,
      tag: 'gaps',
      type,
      summary,
      fields: without(gapCandidateAct.shape, 'candidateId'),
      check: (_event, { candidateId }) => {
        if (candidateById(rows, String(candidateId)) === undefined) {
          throw notFound('gap candidate', String(candidateId))
        }
      },
    })
  }
}

type Add = (route: Omit<ActRoute, 'tag' | 'check'>) => void

const candidateVerbs = [
  ['accept', 'GapCandidateAccepted', 'Coverage is missing there indeed'],
  ['dismiss', 'GapCandidateDismissed', 'It is no gap'],
] as const

function clusterActs(add: Add): void {
  add({
    path: '/clusters/:intoId/merge',
    type: 'ClusterMergedByHand',
    summary: 'Take another cluster into this one (归并)',
    fields: without(clusterMergedByHand.shape, 'intoId'),
  })
  add({
    path: '/clusters/:clusterId/split',
    type: 'ClusterSplitByHand',
    summary: 'Take complaints out into a cluster of their own',
    fields: without(clusterSplitByHand.shape, 'clusterId'),
  })
  add({
    path: '/clusters/:clusterId/acknowledge',
    type: 'ClusterAcknowledged',
    summary: 'Somebody has seen it',
    fields: without(clusterAcknowledged.shape, 'clusterId'),
  })
  add({
    path: '/clusters/:clusterId/assign',
    type: 'ClusterAssigned',
    summary: 'Give it to somebody; whose it was it stays when it becomes part of another that nobody has',
    fields: without(clusterAssigned.shape, 'clusterId'),
  })
  add({
    path: '/clusters/:clusterId/note',
    type: 'NoteAdded',
    summary: 'Leave a note',
    fields: { text: prose },
    data: ({ clusterId }, fields) => ({ about: { kind: 'cluster', id: clusterId }, ...fields }),
  })
}
