import { z } from 'zod'
import { storedPoint } from './answer-geo.ts'
import { instant } from './instant.ts'

/** A customer without traffic whose silence an outage may explain. Weak evidence: many are merely away. */
export const answerSilentCustomer = z
  .strictObject({
    customerRef: z.string(),
    silentSince: instant,
    until: instant.describe('When the newest report of it was made'),
    reportId: z.string(),
    location: storedPoint.optional(),
    servedBy: z.string().optional(),
    likelihood: z.literal('possible'),
    share: z.number().describe('Of the silence, the part during the outage, 0 to 1; listed above a half'),
    why: z.strictObject({
      by: z
        .enum(['served-by', 'place'])
        .describe('An element of the outage served the customer last, or the place lies where it is felt'),
      elementId: z.string().optional(),
      coveredMs: z.int(),
      silentMs: z.int(),
      outage: z.strictObject({ from: instant, to: instant.optional() }),
    }),
  })
  .meta({ id: 'SilentCustomer' })
