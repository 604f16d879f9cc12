import { decisionUndone } from '../../../schemas/act.ts'
import { answerRecorded } from '../../../schemas/answer-recorded.ts'
import { silentCustomers } from '../../../schemas/command-silent-customers.ts'
import { actById } from '../../../projections/act.ts'
import { addActRoute, statusOf } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { notFound, ProblemError } from '../problem.ts'
import { eventOf, record } from '../record.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

/** Taking back what a person did, and the CRM's list of customers without traffic. */
export function actRoutes(api: Api, services: Services): void {
  addActRoute(api, services, {
    path: '/acts/:eventId/undo',
    tag: 'acts',
    type: 'DecisionUndone',
    summary: 'Take back what a person did; it stays in the story',
    fields: without(decisionUndone.shape, 'eventId'),
    check: (event, _params, caller) => {
      if (event.type !== 'DecisionUndone') return
      const done = actById(services.rows, event.data.eventId)
      if (done === undefined) throw notFound('act of a person', event.data.eventId)
      if (done.act.actor !== caller.actor && !caller.roles.has('operations')) {
        throw new ProblemError(
          403,
          `This was done by ${done.act.actor}: they or operations may take it back.`,
        )
      }
    },
    judge: (history, event) => ({ kind: 'accepted', facts: history.length > 0 ? [] : [event] }),
  })

  api.post(
    '/silent-customers',
    {
      schema: {
        tags: ['acts'],
        summary: 'Customers without traffic (零通话): weak evidence, many are merely away',
        body: silentCustomers,
        response: { 200: answerRecorded, 201: answerRecorded, ...problems },
      },
    },
    async (request, reply) => {
      const { source, occurredAt, notificationId, reportId, customers } = request.body
      const data = {
        reportId,
        customers: customers.map(({ phone, account, customerRef, ...rest }, at) => {
          const raw = phone ?? account
          const ref = raw === undefined ? customerRef : services.vault.customerRef(raw)
          if (ref === undefined) {
            throw new ProblemError(400, 'The body is not as it should be.', {
              errors: [
                { in: 'body', pointer: `/customers/${at}`, detail: 'needs phone, account or customerRef' },
              ],
            })
          }
          return { ...rest, customerRef: ref }
        }),
      }
      const own = onBehalfOf(services, request.caller)
      const event = eventOf(own, 'CustomersSilentReported', data, {
        stamp: { source, occurredAt, notificationId: notificationId ?? reportId },
        subject: reportId,
      })
      const answer = await record(own, event)
      return reply.code(statusOf(answer)).send(answer)
    },
  )
}
