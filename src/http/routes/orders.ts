import { z } from 'zod'
import { answerStoryEntry } from '../../../schemas/answer-act.ts'
import { answerComplaintKept } from '../../../schemas/answer-complaint-kept.ts'
import { answerOrder, answerOrderRecorded, orderStatus } from '../../../schemas/answer-order.ts'
import { commandOrder } from '../../../schemas/command-order.ts'
import type { Event } from '../../../schemas/event.ts'
import { orderReopened, orderResolved, orderReturned, orderUpdated } from '../../../schemas/order.ts'
import {
  membersOfOrder,
  orderById,
  ordersByStatus,
  orderStory,
  unresolvedOrders,
} from '../../../projections/order-queries.ts'
import type { Rows } from '../../../projections/rows.ts'
import { orderByExternalId } from '../../../projections/order.ts'
import { judgeOrder } from '../../domain/order.ts'
import { addActRoute, statusOf, type ActRoute } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { confirmByOrder } from '../confirm-by-order.ts'
import { openOrder } from '../open-order.ts'
import { notFound } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

const tag = 'orders'

/** Work orders (派单): one an outage or unexplained cluster. */
export function orderRoutes(api: Api, services: Services): void {
  api.post(
    '/orders',
    {
      schema: {
        tags: [tag],
        summary:
          'Pass an outage or unexplained cluster on to network operations; a second order joins the first',
        body: commandOrder,
        response: { 200: answerOrderRecorded, 201: answerOrderRecorded, ...problems },
      },
    },
    async (request, reply) => {
      const answer = await openOrder(onBehalfOf(services, request.caller), request.body)
      return reply.code(statusOf(answer)).send(answer)
    },
  )
  for (const [verb, type, summary, fields] of verbs) {
    addActRoute(api, services, {
      path: `/orders/:orderId/${verb}`,
      tag,
      type,
      summary,
      fields: without(fields, 'orderId'),
      judge: (history: readonly Event[], event: Event) => judgeOrder(history, event),
      follow: confirmByOrder,
    })
  }
  readRoutes(api, services)
}

const verbs: readonly (readonly [string, ActRoute['type'], string, z.core.$ZodLooseShape])[] = [
  [
    'update',
    'OrderUpdated',
    'Its number in the order system, how far it is, who has it',
    without(orderUpdated.shape, 'grown'),
  ],
  ['resolve', 'OrderResolved', 'What it was, and the words for every member', orderResolved.shape],
  ['return', 'OrderReturned', 'Give it back: its members wait again', orderReturned.shape],
  ['reopen', 'OrderReopened', 'It was found wanting, and goes out once more', orderReopened.shape],
]

function readRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    { path: '/orders', tag, summary: 'Orders, the newest of each status first', item: answerOrder },
    {
      status: orderStatus.optional().describe('Left out: all but those resolved, the ones given back first'),
      externalId: z.string().min(1).max(200).optional().describe('Its number in the order system'),
    },
    ({ rows, query: { status, externalId }, page }) => {
      if (externalId === undefined) {
        return ordersByStatus(rows, status === undefined ? unresolvedOrders : [status], page)
      }
      const row = orderByExternalId(rows, externalId)
      const order = row && orderById(rows, row.orderId)
      const isWanted = order !== undefined && (status === undefined || order.status === status)
      return { items: isWanted ? [order] : [] }
    },
  )
  addThingRoute(
    api,
    services,
    { path: '/orders/:orderId', tag, what: 'order', summary: 'One order', item: answerOrder },
    orderById,
  )
  const mustBe = (rows: Rows, id: string) => {
    const order = orderById(rows, id)
    if (order === undefined) throw notFound('order', id, rows.knownAt)
    return order
  }
  addListRoute(
    api,
    services,
    {
      path: '/orders/:orderId/members',
      tag,
      summary: 'The complaints that have joined it',
      item: answerComplaintKept,
    },
    {},
    ({ rows, id, page }) => membersOfOrder(rows, mustBe(rows, id), page),
  )
  addListRoute(
    api,
    services,
    {
      path: '/orders/:orderId/story',
      tag,
      summary: 'Everything that happened to it, oldest first',
      item: answerStoryEntry,
    },
    {},
    ({ rows, id, page }) => {
      mustBe(rows, id)
      return orderStory(rows, id, page)
    },
  )
}
