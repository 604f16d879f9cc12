import { z } from 'zod'
import { instant } from './instant.ts'

const message = {
  id: z.string().describe('The event that it tells of, and its idempotency key'),
  orderId: z.string(),
  type: z.string(),
  attempts: z.int(),
  reason: z.string().describe('Why it was not taken the last time'),
}

/** How the exchange with an order system stands. */
export const answerOrderSystem = z
  .strictObject({
    name: z.string(),
    delivered: z.int().describe('Since the server was started'),
    pending: z.strictObject(message).optional().describe('What is being tried again'),
    deadLetters: z.int(),
    polled: z
      .strictObject({ at: instant, items: z.int(), error: z.string().optional() })
      .optional()
      .describe('How the last asking for statuses went'),
  })
  .meta({ id: 'OrderSystem' })

export const answerDeadLetter = z.strictObject({ ...message, body: z.string(), at: instant })

/** What became of sending a dead letter again. Taken: it is none any more. */
export const answerSentAgain = z.strictObject({
  outcome: z.enum(['taken', 'failed', 'refused']),
  reason: z.string().optional(),
})
