import { z } from 'zod'
import { callbacks } from '../../../projections/callback-queries.ts'
import type { CallbackQuery } from '../../../projections/callback.ts'
import { corrections, correctionsOfOutage, whoHeard } from '../../../projections/correction-queries.ts'
import { outageById, type OutageView } from '../../../projections/outage-queries.ts'
import { silentCustomers } from '../../../projections/silent-queries.ts'
import type { Box } from '../../../projections/quadkey.ts'
import { answerCallback, answerCorrection } from '../../../schemas/answer-callback.ts'
import { answerSilentCustomer } from '../../../schemas/answer-silent.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { identifier } from '../../../schemas/text.ts'
import { defaultRuleset } from '../../domain/default-ruleset.ts'
import { defaultCallbacks } from '../../domain/default-tellings.ts'
import { problems, type Api } from '../api.ts'
import { diallerCsv } from '../dialler-csv.ts'
import { boxText, causeAsked, causeFields } from '../page-query.ts'
import { notFound, ProblemError } from '../problem.ts'
import { addListRoute } from '../read-route.ts'
import { recordAccess, routeOf } from '../record-access.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf, type Sight } from '../sight.ts'

const tag = 'callbacks'

const asked = {
  outageId: identifier.optional().describe('Only those of this outage'),
  box: boxText.optional().describe('Only complaints placed in it; those without a place by their outage'),
}

/** Whom to call back, and who was told what turned out wrong (回访). */
export function callbackRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    {
      path: '/callbacks',
      tag,
      summary: 'Whom to call back: escalated first, then by customer class, then who has waited longest',
      item: answerCallback,
    },
    {
      ...asked,
      state: z
        .enum(['due', 'waiting', 'halted'])
        .default('due')
        .describe('waiting: the outage goes on; halted: somebody who was called back is still out'),
      callable: z.enum(['true']).optional().describe('Only who may be called at this very moment'),
    },
    ({ sight, query: { callable, ...query }, page }) =>
      callbacks(sight.rows, queryOf(services, sight, { ...query, callable: callable === 'true' }), page),
  )
  csvRoute(api, services)
  addListRoute(
    api,
    services,
    {
      path: '/corrections',
      tag,
      summary:
        'Who was told what turned out wrong, and what is true now; with a cause: everyone who heard it',
      item: answerCorrection,
    },
    { outageId: asked.outageId, ...causeFields },
    ({ rows, sight, query, page }) => {
      const cause = causeAsked(query)
      const { outageId } = query
      if (cause !== undefined && outageId !== undefined) {
        throw new ProblemError(400, 'The query is not as it should be.', {
          errors: [{ in: 'query', pointer: '/outageId', detail: 'does not go with a cause' }],
        })
      }
      if (cause !== undefined) return whoHeard(rows, cause, sight.nowMs, page)
      if (outageId === undefined) return corrections(rows, sight.nowMs, page)
      mustBe(sight, outageId)
      return correctionsOfOutage(rows, outageId, sight.nowMs, page)
    },
  )
  addListRoute(
    api,
    services,
    {
      path: '/outages/:outageId/silent',
      tag,
      summary:
        'Customers without traffic (零通话) most of whose silence the outage covers: possible, no more',
      item: answerSilentCustomer,
    },
    {},
    ({ rows, sight, id, page }) => silentCustomers(rows, mustBe(sight, id), sight.nowMs, page),
  )
}

function csvRoute(api: Api, services: Services): void {
  api.get(
    '/callbacks.csv',
    {
      schema: {
        tags: [tag],
        summary:
          'Who may be called at this moment, as CSV for a dialler; numbers and names masked unless the key is entitled to personal data',
        querystring: z.strictObject({
          ...asked,
          language: z.enum(['en', 'zh']).default('en').describe('Of the heading'),
          asOf: asOfField,
        }),
        produces: ['text/csv'],
        response: { 200: z.string().describe('UTF-8, one customer a line'), ...problems },
      },
    },
    async (request, reply) => {
      const { language, asOf, ...query } = request.query
      const sight = await sightAsOf(onBehalfOf(services, request.caller), asOf)
      const limit = services.config.limits.maxDiallerRows
      const page = callbacks(
        sight.rows,
        queryOf(services, sight, { ...query, state: 'due', callable: true }),
        {
          limit,
        },
      )
      const { personal, actor } = request.caller
      if (personal && page.items.length > 0) {
        await recordAccess(services, actor, 'PersonalDataSeen', {
          about: page.items.map(({ complaintId }) => ({ kind: 'complaint', id: complaintId })),
          fields: ['phone', 'name'],
          route: routeOf(request),
        })
      }
      // What is personal stays in no cache on its way.
      reply.header('cache-control', 'no-store').type('text/csv; charset=utf-8')
      return diallerCsv(page.items, { language, personal, vault: services.vault })
    },
  )
}

interface Wish extends Pick<CallbackQuery, 'state' | 'callable'> {
  readonly outageId?: string | undefined
  readonly box?: Box | undefined
}

function queryOf({ config }: Services, sight: Sight, wish: Wish): CallbackQuery {
  if (wish.outageId !== undefined) mustBe(sight, wish.outageId)
  const { nowMs, ruleset: { callbacks: rules = defaultCallbacks, times, timeZone } = defaultRuleset } = sight
  return { ...wish, nowMs, rules, timeZone, days: config.callbackDays, dwellMs: times.dwellMs }
}

function mustBe({ rows }: Sight, outageId: string): OutageView {
  const outage = outageById(rows, outageId)
  if (outage === undefined) throw notFound('outage', outageId, rows.knownAt)
  return outage
}
