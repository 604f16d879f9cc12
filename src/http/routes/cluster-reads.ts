import { z } from 'zod'
import { answerStoryEntry } from '../../../schemas/answer-act.ts'
import { answerCluster } from '../../../schemas/answer-cluster.ts'
import { answerComplaintKept } from '../../../schemas/answer-complaint-kept.ts'
import {
  clusterById,
  clustersByStatus,
  clustersInBox,
  clusterStory,
  type ClusterStatus,
  type ClusterView,
} from '../../../projections/cluster.ts'
import { clustersByCause } from '../../../projections/cluster-cause.ts'
import { complaintsOfCluster } from '../../../projections/complaint-queries.ts'
import type { Rows } from '../../../projections/rows.ts'
import { clustersAt, clusterThen } from '../../../projections/world-at.ts'
import { atField } from '../../../schemas/answer-at.ts'
import { boxOfPoint, meet, type Box } from '../../../projections/quadkey.ts'
import type { Api } from '../api.ts'
import { boxText, causeAsked, causeFields, mustBeAlone, onlyWanted, openAtWords } from '../page-query.ts'
import { notFound } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import type { Services } from '../services.ts'
import { worldMoment } from '../sight.ts'

const tag = 'clusters'

/** Clusters of complaints (投诉簇). */
export function clusterReadRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    { path: '/clusters', tag, summary: 'Clusters: open or closed, by area, by cause', item: answerCluster },
    {
      status: z
        .enum(['open', 'closed'])
        .optional()
        .describe('Left out: those open; with a cause: all that it explains complaints of'),
      box: boxText.optional(),
      ...causeFields,
      at: atField.describe(openAtWords),
    },
    ({ rows, sight, query, page }) => {
      const { status = 'open', box } = query
      const at = worldMoment(sight, query.at)
      const cause = causeAsked(query)
      if (at !== undefined) {
        mustBeAlone(query)
        return onlyWanted(clustersAt(rows, at, page), isIn({ box }))
      }
      if (cause !== undefined) return onlyWanted(clustersByCause(rows, cause, page), isIn(query))
      return box === undefined ? clustersByStatus(rows, status, page) : clustersInBox(rows, status, box, page)
    },
  )
  addThingRoute(
    api,
    services,
    {
      path: '/clusters/:clusterId',
      tag,
      what: 'cluster',
      summary: 'One cluster; merged ones lead to what they are part of',
      item: answerCluster,
      fields: { at: atField },
    },
    (rows, id, { at }) => {
      const cluster = clusterById(rows, id)
      return cluster && { ...cluster, at: at === undefined ? undefined : clusterThen(cluster, at) }
    },
  )
  const mustBe = (rows: Rows, id: string): void => {
    if (clusterById(rows, id) === undefined) throw notFound('cluster', id, rows.knownAt)
  }
  addListRoute(
    api,
    services,
    {
      path: '/clusters/:clusterId/members',
      tag,
      summary: 'Its complaints, newest first, each with its cause',
      item: answerComplaintKept,
    },
    {},
    ({ rows, id, page }) => {
      mustBe(rows, id)
      return complaintsOfCluster(rows, id, page)
    },
  )
  addListRoute(
    api,
    services,
    {
      path: '/clusters/:clusterId/story',
      tag,
      summary: 'Everything that happened to it, oldest first',
      item: answerStoryEntry,
    },
    {},
    ({ rows, id, page }) => {
      mustBe(rows, id)
      return clusterStory(rows, id, page)
    },
  )
}

function isIn({ status, box }: { status?: ClusterStatus | undefined; box?: Box | undefined }) {
  return (cluster: ClusterView): boolean =>
    (status === undefined || cluster.status === status) &&
    (box === undefined || meet(boxOfPoint(cluster.center), box))
}
