import { z } from 'zod'
import { answerAct, answerMerge, estimateAct } from './answer-act.ts'
import { answerThen } from './answer-at.ts'
import { causeRef } from './attribution.ts'
import { answerOrderInShort } from './answer-order.ts'
import { instant } from './instant.ts'
import { outageEnded, outageOpened } from './outage.ts'

/** An outage as it stands, with all that was merged into it. */
export const answerOutage = outageOpened
  .extend({
    status: z.enum(['open', 'ended']),
    openedAt: instant,
    backfilled: z.literal(true).optional(),
    ended: z.strictObject({ at: instant, reason: outageEnded.shape.reason }).optional(),
    roots: z
      .array(z.strictObject({ root: causeRef, at: instant }))
      .describe('Every root that it has had, the present one last'),
    acknowledged: z.array(answerAct).optional(),
    assigned: z.array(answerAct.extend({ assignee: z.string() })).optional(),
    estimates: z.array(estimateAct).optional(),
    mergedInto: answerMerge.optional(),
    absorbed: z.array(answerMerge).optional(),
    complaints: z.int(),
    customers: z.int(),
    order: answerOrderInShort.optional(),
    elements: z.int().describe('Elements whose alarms hang on it'),
    alarms: z.int(),
    parts: z.array(z.string()).describe('The ids under which its members are listed'),
    at: answerThen.optional().describe('How it stood at the moment of the world that was asked for'),
  })
  .meta({ id: 'Outage' })

/** An element that an outage takes with it. */
export const answerAffectedElement = z.strictObject({
  elementId: z.string(),
  alarmCount: z.int(),
  alarms: z.array(causeRef).describe('The first of them'),
})
