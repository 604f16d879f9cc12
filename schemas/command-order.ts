import { z } from 'zod'
import { stampFields } from './command-stamp.ts'
import { orderAbout, orderOpened } from './order.ts'

/** Asks for an order; where, when and the evidence are filled in from what is known. */
export const commandOrder = z.strictObject({
  about: orderAbout,
  to: orderOpened.shape.to,
  note: orderOpened.shape.note,
  ...stampFields,
})
export type CommandOrder = z.infer<typeof commandOrder>
