import { z } from 'zod'
import { causeRef } from '../../../schemas/attribution.ts'
import { complaintsOfOutage } from '../../../projections/complaint-queries.ts'
import {
  elementsOfOutage,
  outageById,
  outagesByCause,
  outagesByStatus,
  outagesInBox,
  outageStory,
} from '../../../projections/outage-queries.ts'
import type { Api } from '../api.ts'
import { boxText } from '../page-query.ts'
import { notFound } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import type { Services } from '../services.ts'

const tag = 'outages'

/** Outages: everything explained by one root cause. */
export function outageReadRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    { path: '/outages', tag, summary: 'Outages: open or ended, by area, by cause' },
    {
      status: z.enum(['open', 'ended']).default('open'),
      box: boxText.optional(),
      causeKind: causeRef.shape.kind.optional(),
      causeId: z.string().max(500).optional(),
    },
    ({ rows, query, page }) => {
      const { status, box, causeKind, causeId } = query
      if (causeKind !== undefined && causeId !== undefined) {
        return outagesByCause(rows, { kind: causeKind, id: causeId }, page)
      }
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
    },
    outageById,
  )
  const mustBe = (id: string): void => {
    if (outageById(services.rows, id) === undefined) throw notFound('outage', id)
  }
  addListRoute(
    api,
    services,
    {
      path: '/outages/:outageId/members',
      tag,
      summary: 'Its complaints, newest first, or its alarmed elements',
    },
    { kind: z.enum(['complaints', 'elements']).default('complaints') },
    ({ rows, id, query, page }) => {
      mustBe(id)
      return query.kind === 'elements' ? elementsOfOutage(rows, id, page) : complaintsOfOutage(rows, id, page)
    },
  )
  addListRoute(
    api,
    services,
    { path: '/outages/:outageId/story', tag, summary: 'Everything that happened to it, oldest first' },
    {},
    ({ rows, id, page }) => {
      mustBe(id)
      return outageStory(rows, id, page)
    },
  )
}
