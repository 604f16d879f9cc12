import { z } from 'zod'
import { causeRef } from './attribution.ts'
import { answerComplaintKept } from './answer-complaint-kept.ts'
import { instant, instantInput } from './instant.ts'

/** What reads of complaints, outages and clusters may be asked with beside `asOf`. */
export const atField = instantInput
  .optional()
  .describe(
    'Also tells how it stood in the world at this moment, by what is known now, or by what was known as of `asOf`',
  )

/** `not-begun` before its beginning; `over` from its end on. */
const statusThen = z.enum(['not-begun', 'open', 'over'])
const spell = { from: instant.optional(), to: instant.optional().describe('Absent while no end is known') }

/** How an outage or a cluster stood in the world at a moment. */
export const answerThen = z.strictObject({ time: instant, status: statusThen, ...spell }).meta({ id: 'Then' })

/** How the trouble of a complaint stood in the world at a moment. What explains it is the newest word on it. */
export const answerComplaintThen = z
  .strictObject({
    time: instant,
    trouble: z.enum([...statusThen.options, 'unknown']).describe('By what the customer said'),
    status: z
      .enum([...answerComplaintKept.shape.status.options, 'not-reported'])
      .describe('What had been done about it by then'),
    causes: z
      .array(
        z.strictObject({
          cause: causeRef,
          title: z.string(),
          elementId: z.string().optional(),
          status: statusThen,
          ...spell,
        }),
      )
      .describe('From what explains the complaint to the root'),
    outage: answerThen.extend({ outageId: z.string() }).optional(),
    cluster: answerThen.extend({ clusterId: z.string() }).optional(),
  })
  .meta({ id: 'ComplaintThen' })
