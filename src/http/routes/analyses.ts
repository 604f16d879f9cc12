import { z } from 'zod'
import { complaintsIn, networkIn } from '../../../projections/area-analysis.ts'
import { causeBatchById, causeBatches, membersOfBatch } from '../../../projections/cause-batch.ts'
import {
  answerAnalysedNetwork,
  answerBatchActed,
  answerCauseBatch,
  answerCauseBatchMember,
} from '../../../schemas/answer-analysis.ts'
import { answerComplaintKept } from '../../../schemas/answer-complaint-kept.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { analysisFields, commandCauseBatch, maxAnalysisDays } from '../../../schemas/command-analysis.ts'
import { toMs } from '../../../schemas/instant.ts'
import { prose } from '../../../schemas/text.ts'
import { pathParams } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { giveCause, undoBatch } from '../cause-batch.ts'
import { pageFields, pageOfItems, pageRequest, sendPage } from '../page-query.ts'
import { notFound, ProblemError } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

const tag = 'analyses'
const tags = [tag]

/** Analysis of many complaints together (归并, 批量): what lies in an area over a period, and one cause for a selection of it. */
export function analysisRoutes(api: Api, services: Services): void {
  analysisRoute(api, services)
  api.post(
    '/cause-batches',
    {
      schema: {
        tags,
        summary: 'Give many complaints one cause, known or typed, in one act',
        body: commandCauseBatch,
        response: { 200: answerBatchActed, ...problems },
      },
    },
    async (request) => giveCause(onBehalfOf(services, request.caller), request.body),
  )
  api.post(
    '/cause-batches/:batchId/undo',
    {
      schema: {
        tags,
        summary: 'Take it back as one',
        params: pathParams(['batchId']),
        body: z.strictObject({ reason: prose.optional() }).prefault({}),
        response: { 200: answerBatchActed, ...problems },
      },
    },
    async (request) => {
      const { reason } = request.body as { readonly reason?: string }
      return undoBatch(onBehalfOf(services, request.caller), String(request.params['batchId']), reason)
    },
  )
  addListRoute(
    api,
    services,
    { path: '/cause-batches', tag, summary: 'Such acts, the newest first', item: answerCauseBatch },
    {},
    ({ rows, page }) => causeBatches(rows, page),
  )
  addThingRoute(
    api,
    services,
    { path: '/cause-batches/:batchId', tag, what: 'batch', summary: 'One of them', item: answerCauseBatch },
    causeBatchById,
  )
  addListRoute(
    api,
    services,
    {
      path: '/cause-batches/:batchId/members',
      tag,
      summary: 'The complaints that it gave the cause',
      item: answerCauseBatchMember,
    },
    {},
    ({ rows, id, page }) => {
      if (causeBatchById(rows, id) === undefined) throw notFound('batch', id, rows.knownAt)
      return membersOfBatch(rows, id, page)
    },
  )
}

const analysis: z.ZodType<object> = pageOfItems(answerComplaintKept).extend({
  network: answerAnalysedNetwork.optional().describe('With the first page'),
})

function analysisRoute(api: Api, services: Services): void {
  api.post(
    '/analyses',
    {
      schema: {
        tags,
        summary: 'All complaints of an area and a period, beside the network there; records nothing',
        body: z.strictObject({
          ...analysisFields,
          ...pageFields,
          limit: z.int().min(1).optional(),
          asOf: asOfField,
        }),
        response: { 200: analysis, ...problems },
      },
    },
    async (request) => {
      const { area: ground, from, to, cursor, limit, asOf } = request.body
      mustBePeriod(from, to)
      const sight = await sightAsOf(onBehalfOf(services, request.caller), asOf)
      const query = { ground, from, to }
      const page = complaintsIn(sight.rows, query, pageRequest(services, { cursor, limit }))
      const network = cursor === undefined ? { network: networkIn(sight.rows, query) } : {}
      return { ...sendPage(sight, page), ...network }
    },
  )
}

function mustBePeriod(from: string, to: string): void {
  const ms = toMs(to) - toMs(from)
  if (ms > 0 && ms <= maxAnalysisDays * 86_400_000) return
  const detail = ms <= 0 ? 'must be later than from' : `must be ${maxAnalysisDays} days after from at most`
  throw new ProblemError(400, 'The body is not as it should be.', {
    errors: [{ in: 'body', pointer: '/to', detail }],
  })
}
