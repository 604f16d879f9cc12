import { z } from 'zod'
import { answerComplaint, answerPending, type AnswerPending } from '../../../schemas/answer-complaint.ts'
import { answerStoryEntry } from '../../../schemas/answer-act.ts'
import { answerComplaintBeside, answerComplaintKept } from '../../../schemas/answer-complaint-kept.ts'
import { complaintThen } from '../../../projections/world-at.ts'
import { answerComplaintThen, atField } from '../../../schemas/answer-at.ts'
import { asOfField, asOfMark } from '../../../schemas/as-of.ts'
import { toInstant } from '../../../schemas/instant.ts'
import {
  complaintById,
  type ComplaintView,
  complaintsOfCustomer,
  complaintsOfDay,
  complaintsToDispatch,
  complaintStory,
} from '../../../projections/complaint-queries.ts'
import { complaintFacts } from '../../domain/complaint-history.ts'
import { maskFields } from '../../vault/mask.ts'
import { pathParams } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { complaintAnswer, pendingAnswer } from '../complaint-answer.ts'
import { pageFields, pageOfItems, pageRequest, sendPage } from '../page-query.ts'
import { notFound, ProblemError } from '../problem.ts'
import { addListRoute } from '../read-route.ts'
import { recordAccess, routeOf } from '../record-access.ts'
import { historyOf, readModelsFollow } from '../record.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { OnBehalf, Services } from '../services.ts'
import { sightAsOf, sightNow, worldMoment, type Sight } from '../sight.ts'

const tag = 'complaints'
const tags = [tag]
/** The complaint itself stands beside its answer; where the read models do not show it yet, it is left out. */
const beside = {
  complaint: answerComplaintBeside.optional(),
  at: answerComplaintThen.optional(),
  ...asOfMark,
}
const answerKept = z.union([answerComplaint.extend(beside), answerPending.extend(beside)])
const params = pathParams(['complaintId'])
const unstated = { kind: 'unstated' } as const

/** Complaints as they stand: the answer of now, the story, what is sealed, and lists of them. */
export function complaintReadRoutes(api: Api, services: Services): void {
  answerRoute(api, services)
  personalRoute(api, services)
  listRoutes(api, services)
  customerRoutes(api, services)
}

function answerRoute(api: Api, services: Services): void {
  api.get(
    '/complaints/:complaintId',
    {
      schema: {
        tags,
        summary: 'A complaint with the answer of now, or what an agent was told of it at an earlier moment',
        params,
        querystring: z.strictObject({ asOf: asOfField, at: atField }),
        response: { 200: answerKept as z.ZodType<object>, ...problems },
      },
    },
    async (request) => {
      const complaintId = String(request.params['complaintId'])
      const own = onBehalfOf(services, request.caller)
      const sight = await sightAsOf(own, request.query.asOf)
      const at = worldMoment(sight, request.query.at)
      const view = await viewIn(sight, own, complaintId)
      const mark = sight.asOf && { asOf: sight.asOf }
      if (view === undefined) {
        if (mark !== undefined) throw notFound('complaint', complaintId, mark.asOf.at)
        return pendingOr404(own, complaintId)
      }
      const { current, ...kept } = view
      const answer =
        current === undefined
          ? pendingAnswer(complaintId, unstated)
          : complaintAnswer(sight, {
              complaintId,
              attribution: { id: current.id, data: current.attribution },
              facts: view.facts,
              place: unstated,
            })
      const then = at === undefined ? {} : { at: complaintThen(sight.rows, view, at) }
      return { ...answer, complaint: kept, ...then, ...mark }
    },
  )
}

function personalRoute(api: Api, services: Services): void {
  api.get(
    '/complaints/:complaintId/personal',
    {
      schema: {
        tags,
        summary: 'What is sealed of it; masked unless the key is entitled to personal data',
        params,
        response: {
          200: z.strictObject({
            masked: z.boolean(),
            erased: z.boolean(),
            fields: z.record(z.string(), z.string()),
          }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const complaintId = String(request.params['complaintId'])
      await onBehalfOf(services, request.caller).mustSee({ kind: 'complaint', id: complaintId })
      const unsealed = await services.vault.unseal(complaintId)
      // What is personal stays in no cache on its way.
      reply.header('cache-control', 'no-store')
      switch (unsealed.kind) {
        case 'unknown':
          if ((await historyOf(services.log, `complaint-${complaintId}`)).length === 0) {
            throw notFound('complaint', complaintId)
          }
          return { masked: false, erased: false, fields: {} }
        case 'erased':
          return { masked: false, erased: true, fields: {} }
        case 'fields': {
          const { personal, actor } = request.caller
          const fields = personal ? unsealed.fields : maskFields(unsealed.fields)
          if (personal) {
            await recordAccess(services, actor, 'PersonalDataSeen', {
              about: [{ kind: 'complaint', id: complaintId }],
              fields: Object.keys(fields),
              route: routeOf(request),
            })
          }
          return { masked: !personal, erased: false, fields: { ...fields } }
        }
      }
    },
  )
}

function listRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    {
      path: '/complaints/:complaintId/story',
      tag,
      summary: 'Everything that happened to it, oldest first',
      item: answerStoryEntry,
    },
    {},
    ({ rows, id, page }) => {
      const story = complaintStory(rows, id, page)
      if (story.items.length === 0 && complaintById(rows, id) === undefined) {
        throw notFound('complaint', id, rows.knownAt)
      }
      return story
    },
  )
  addListRoute(
    api,
    services,
    {
      path: '/complaints',
      tag,
      summary: 'Complaints of a UTC day, or those that wait for network operations',
      item: answerComplaintKept,
    },
    { day: z.iso.date().optional(), toDispatch: z.enum(['true']).optional() },
    ({ rows, sight, query: { day, toDispatch }, page }) =>
      toDispatch === 'true'
        ? complaintsToDispatch(rows, page)
        : complaintsOfDay(rows, day ?? toInstant(sight.nowMs).slice(0, 10), page),
  )
}

const complaintsFound: z.ZodType<object> = pageOfItems(answerComplaintKept).extend({
  customerRef: z.string(),
})

function customerRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    {
      path: '/customers/:customerRef/complaints',
      tag,
      summary: "A customer's complaints, newest first",
      item: answerComplaintKept,
    },
    {},
    ({ rows, id, page }) => complaintsOfCustomer(rows, id, page),
  )
  api.post(
    '/customers/find',
    {
      schema: {
        tags,
        summary: "A customer's complaints by number or account, which so stand in no address and no log",
        body: z.strictObject({
          phone: z.string().min(1).max(40).optional(),
          account: z.string().min(1).max(100).optional(),
          ...pageFields,
        }),
        response: { 200: complaintsFound, ...problems },
      },
    },
    async (request) => {
      const { phone, account } = request.body
      const raw = phone ?? account
      if (raw === undefined) {
        throw new ProblemError(400, 'The body is not as it should be.', {
          errors: [{ in: 'body', pointer: '/phone', detail: 'needs phone or account' }],
        })
      }
      const customerRef = services.vault.customerRef(raw)
      const sight = sightNow(onBehalfOf(services, request.caller))
      const page = complaintsOfCustomer(sight.rows, customerRef, pageRequest(services, request.body))
      return { ...sendPage(sight, page), customerRef }
    },
  )
}

/** Whoever has just been answered may ask before the read models hold the answer. */
async function viewIn(
  { rows, asOf }: Sight,
  services: Services,
  complaintId: string,
): Promise<ComplaintView | undefined> {
  const view = complaintById(rows, complaintId)
  if (view?.current !== undefined || asOf !== undefined) return view
  await readModelsFollow(services)
  return complaintById(rows, complaintId)
}

/** The log may hold what the read models do not show yet. */
async function pendingOr404(services: OnBehalf, complaintId: string): Promise<AnswerPending> {
  await services.mustSee({ kind: 'complaint', id: complaintId })
  const facts = complaintFacts(await historyOf(services.log, `complaint-${complaintId}`))
  if (facts === undefined) throw notFound('complaint', complaintId)
  return pendingAnswer(complaintId, unstated)
}
