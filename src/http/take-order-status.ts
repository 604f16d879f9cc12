import { orderByExternalId } from '../../projections/order.ts'
import { sourceOfSystem } from '../exchange/deliver-orders.ts'
import type { StatusTaker } from '../exchange/order-exchange.ts'
import type { AnswerRecorded } from '../../schemas/answer-recorded.ts'
import type { OrderStatusMessage } from '../../schemas/command-order-status.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import { judgeOrder } from '../domain/order.ts'
import { maskNumbers } from '../intake/redact.ts'
import { confirmByOrder } from './confirm-by-order.ts'
import { notFound, ProblemError } from './problem.ts'
import { eventOf, recordJudged } from './record.ts'
import { onBehalfOf } from './on-behalf.ts'
import type { Services } from './services.ts'

/** Records what an order system tells of an order. Told again under the same id it changes nothing; throws what it cannot be. */
export async function takeOrderStatus(
  services: Services,
  system: string,
  { id, occurredAt, ...told }: OrderStatusMessage,
): Promise<AnswerRecorded> {
  const { externalId } = told
  const orderId =
    told.orderId ??
    (externalId === undefined ? undefined : orderByExternalId(services.rows, externalId)?.orderId)
  if (orderId === undefined) throw notFound('order with the number', externalId ?? '')
  const record = async (type: StatusEventType, data: object, notificationId: string) => {
    const source = sourceOfSystem(system)
    const own = onBehalfOf(services, { actor: source, personal: false, roles: new Set() })
    const stamp = { source, occurredAt, notificationId }
    const event = eventOf(own, type, { orderId, ...data }, { stamp, subject: orderId })
    const judge = (history: readonly Event[]) => judgeOrder(history, event as Event)
    const answer = await recordJudged(own, event as Event, judge, occurredAt !== undefined)
    await confirmByOrder(own, event as Event, answer)
    return answer
  }
  switch (told.status) {
    case 'received':
    case 'accepted':
    case 'in-progress': {
      const { assignee, expectedEnd, note, status } = told
      const progress = status === 'received' ? undefined : status
      return record('OrderUpdated', { externalId, progress, assignee, expectedEnd, note }, id)
    }
    case 'resolved': {
      const { resolution, cause, root, words, note } = told
      if (externalId !== undefined) await record('OrderUpdated', { externalId }, `number of ${id}`)
      return record('OrderResolved', { resolution, cause, root, words, note }, id)
    }
    case 'returned': {
      const { reason, note } = told
      if (externalId !== undefined) await record('OrderUpdated', { externalId }, `number of ${id}`)
      return record('OrderReturned', { reason, note }, id)
    }
  }
}

type StatusEventType = 'OrderUpdated' | 'OrderResolved' | 'OrderReturned'

/** The same for what is polled: what can never be taken is kept with the refused. */
export function orderStatusTaker(services: Services): StatusTaker {
  return {
    async take(system, message) {
      try {
        await takeOrderStatus(services, system, message)
        return undefined
      } catch (error) {
        if (error instanceof ProblemError && error.status < 500) return error.message
        throw error
      }
    },
    refuse(system, text, reason) {
      const source = sourceOfSystem(system)
      const masked = maskNumbers(text).slice(0, maxKeptChars)
      const refusedAt = toInstant(services.clock())
      services.refused.keep({
        refusedAt,
        actor: source,
        source,
        reason,
        text: masked,
        masked: masked !== text,
      })
    },
  }
}

const maxKeptChars = 4_000
