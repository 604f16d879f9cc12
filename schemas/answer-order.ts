import { z } from 'zod'
import { answerAct } from './answer-act.ts'
import { answerRecorded } from './answer-recorded.ts'
import { instant } from './instant.ts'
import {
  orderAbout,
  orderOpened,
  orderReopened,
  orderResolved,
  orderReturned,
  orderUpdated,
} from './order.ts'

/** `returned`: it was given back, and its members wait for network operations again. */
export const orderStatus = z.enum(['open', 'accepted', 'in-progress', 'resolved', 'returned'])

/** The order that an outage, a cluster or a complaint is part of. */
export const answerOrderInShort = z
  .strictObject({
    orderId: z.string(),
    status: orderStatus,
    externalId: z.string().optional().describe('Its number in the order system'),
    assignee: z.string().optional(),
    expectedEnd: instant.optional(),
    resolved: answerAct
      .extend(orderResolved.omit({ orderId: true }).shape)
      .optional()
      .describe('What it was, and the words: they hold for every member'),
  })
  .meta({ id: 'OrderInShort' })

/** A work order as it stands. What it was opened with stays as it was; `complaints` and `customers` are those of now. */
export const answerOrder = answerOrderInShort
  .extend({
    ...orderOpened.omit({ orderId: true, about: true, note: true }).shape,
    about: z.array(orderAbout).describe('What it was opened for, and what joined it'),
    grown: orderUpdated.shape.grown.describe(
      'Its size as whoever works on it was told last, where it has grown',
    ),
    openedAt: instant,
    actor: z.string(),
    round: z.int().describe('1, and one more each time that it was opened again'),
    returned: answerAct.extend(orderReturned.omit({ orderId: true }).shape).optional(),
    reopened: answerAct.extend(orderReopened.omit({ orderId: true }).shape).optional(),
    complaints: z.int(),
    customers: z.int(),
  })
  .meta({ id: 'Order' })

/** What became of asking for an order; `joined`: there was one already. */
export const answerOrderRecorded = answerRecorded.extend({ orderId: z.string(), joined: z.boolean() })
export type AnswerOrderRecorded = z.infer<typeof answerOrderRecorded>
