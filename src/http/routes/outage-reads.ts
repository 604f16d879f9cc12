import { z } from 'zod'
import { answerStoryEntry } from '../../../schemas/answer-act.ts'
import { answerComplaintKept } from '../../../schemas/answer-complaint-kept.ts'
import { answerAffectedElement, answerOutage } from '../../../schemas/answer-outage.ts'
import { complaintsOfOutage } from '../../../projections/complaint-queries.ts'
import {
  elementsOfOutage,
  outageById,
  outagesByCause,
  outagesByStatus,
  outagesInBox,
  outageStory,
  type OutageView,
} from '../../../projections/outage-queries.ts'
import type { OutageStatus } from '../../../projections/outage.ts'
import type { Rows } from '../../../projections/rows.ts'
import { outagesAt, outageThen } from '../../../projections/world-at.ts'
import { atField } from '../../../schemas/answer-at.ts'
import { boxOfPoint, meet, type Box } from '../../../projections/quadkey.ts'
import type { Api } from '../api.ts'
import { boxText, causeAsked, causeFields, mustBeAlone, onlyWanted, openAtWords } from '../page-query.ts'
import { notFound } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import type { Services } from '../services.ts'
import { worldMoment } from '../sight.ts'

const tag = 'outages'

/** Outages: everything explained by one root cause. */
export function outageReadRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    { path: '/outages', tag, summary: 'Outages: open or ended, by area, by cause', item: answerOutage },
    {
      status: z
        .enum(['open', 'ended'])
        .optional()
        .describe('Left out: those open; with a cause: all of which it is or was the root'),
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
        return onlyWanted(outagesAt(rows, at, page), isIn({ box }))
      }
      if (cause !== undefined) return onlyWanted(outagesByCause(rows, cause, page), isIn(query))
      return box === undefined ? outagesByStatus(rows, status, page) : outagesInBox(rows, status, box, page)
    },
  )
  addThingRoute(
    api,
    services,
    {
      path: '/outages/:outageId',
      tag,
      what: 'outage',
      summary: 'One outage; merged ones lead to what they are part of',
      item: answerOutage,
      fields: { at: atField },
    },
    (rows, id, { at }) => {
      const outage = outageById(rows, id)
      return outage && { ...outage, at: at === undefined ? undefined : outageThen(rows, outage, at) }
    },
  )
  const mustBe = (rows: Rows, id: string): void => {
    if (outageById(rows, id) === undefined) throw notFound('outage', id, rows.knownAt)
  }
  addListRoute(
    api,
    services,
    {
      path: '/outages/:outageId/members',
      tag,
      summary: 'Its complaints, newest first, or its alarmed elements',
      item: z.union([answerComplaintKept, answerAffectedElement]),
    },
    { kind: z.enum(['complaints', 'elements']).default('complaints') },
    ({ rows, id, query, page }) => {
      mustBe(rows, id)
      return query.kind === 'elements' ? elementsOfOutage(rows, id, page) : complaintsOfOutage(rows, id, page)
    },
  )
  addListRoute(
    api,
    services,
    {
      path: '/outages/:outageId/story',
      tag,
      summary: 'Everything that happened to it, oldest first',
      item: answerStoryEntry,
    },
    {},
    ({ rows, id, page }) => {
      mustBe(rows, id)
      return outageStory(rows, id, page)
    },
  )
}

function isIn({ status, box }: { status?: OutageStatus | undefined; box?: Box | undefined }) {
  return ({ status: is, box: serves, point }: OutageView): boolean => {
    const ground = serves ?? (point && boxOfPoint(point))
    return (
      (status === undefined || is === status) &&
      (box === undefined || (ground !== undefined && meet(ground, box)))
    )
  }
}
