import { z } from 'zod'
import { answerDeadLetter, answerOrderSystem, answerSentAgain } from '../../../schemas/answer-order-system.ts'
import { pathParams } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { notFound } from '../problem.ts'
import type { Services } from '../services.ts'

const tags = ['orders']

/** How the exchange with other products that work on orders goes, and what they did not take. */
export function orderSystemRoutes(api: Api, { orderExchange, metrics }: Services): void {
  const states = () => orderExchange?.states() ?? []
  metrics.follow('order_dead_letters', 'Messages that an order system did not take', () =>
    Object.fromEntries(states().map(({ name, deadLetters }) => [name, deadLetters])),
  )
  api.get(
    '/order-systems',
    {
      schema: {
        tags,
        summary: 'The products that orders are exchanged with, and how that goes',
        response: { 200: z.strictObject({ items: z.array(answerOrderSystem) }), ...problems },
      },
    },
    async () => ({ items: [...states()] }),
  )
  api.get(
    '/order-systems/:name/dead-letters',
    {
      schema: {
        tags,
        summary: 'What it did not take',
        params: pathParams(['name']),
        response: { 200: z.strictObject({ items: z.array(answerDeadLetter) }), ...problems },
      },
    },
    async (request) => {
      const name = String(request.params['name'])
      const letters = orderExchange?.deadLetters(name)
      if (letters === undefined) throw notFound('order system', name)
      return { items: [...letters] }
    },
  )
  api.post(
    '/order-systems/:name/dead-letters/:letterId/send',
    {
      schema: {
        tags,
        summary: 'Send it again, once',
        params: pathParams(['name', 'letterId']),
        response: { 200: answerSentAgain, ...problems },
      },
    },
    async (request) => {
      const letterId = String(request.params['letterId'])
      const sent = await orderExchange?.sendAgain(String(request.params['name']), letterId)
      if (sent === undefined) throw notFound('dead letter', letterId)
      return sent.kind === 'taken'
        ? { outcome: 'taken' as const }
        : { outcome: sent.kind, reason: sent.reason }
    },
  )
}
