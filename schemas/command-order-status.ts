import { z } from 'zod'
import { instantInput } from './instant.ts'
import { orderResolved, orderReturned, orderUpdated } from './order.ts'
import { identifier } from './text.ts'

const about = {
  /** The other product's own id for this message: told again, it is the same. */
  id: identifier,
  orderId: identifier.optional().describe('Left out: the order that bears externalId'),
  externalId: identifier.optional().describe('The number in the order system'),
  occurredAt: instantInput.optional(),
}
const { assignee, expectedEnd, note } = orderUpdated.shape

/** What an order system tells of an order, by signed webhook or when it is polled. */
export const orderStatusMessage = z
  .discriminatedUnion('status', [
    z.strictObject({
      ...about,
      status: z.enum(['received', 'accepted', 'in-progress']),
      assignee,
      expectedEnd,
      note,
    }),
    z.strictObject({
      ...about,
      status: z.literal('resolved'),
      ...orderResolved.omit({ orderId: true }).shape,
    }),
    z.strictObject({
      ...about,
      status: z.literal('returned'),
      ...orderReturned.omit({ orderId: true }).shape,
    }),
  ])
  .refine(({ orderId, externalId }) => orderId !== undefined || externalId !== undefined, {
    message: 'needs orderId or externalId',
    path: ['orderId'],
  })
export type OrderStatusMessage = z.infer<typeof orderStatusMessage>
