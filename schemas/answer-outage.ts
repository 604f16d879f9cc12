import { z } from 'zod'
import { answerAct, answerMerge, estimateAct } from './answer-act.ts'
import { answerThen } from './answer-at.ts'
import { causeRef } from './attribution.ts'
import { answerOrderInShort } from './answer-order.ts'
import { instant } from './instant.ts'
import { outageEnded, outageOpened, outageVerdict, outageWorded } from './outage.ts'

/** An outage as it stands, with all that was merged into it. */
export const answerOutage = outageOpened
  .omit({ splitFrom: true })
  .extend({
    stage: z
      .enum(['open', 'watched', 'restored', 'ended'])
      .describe('watched: repaired, and the clear has not held yet'),
    repairedAt: instant.optional(),
    verdicts: z
      .array(
        answerAct.extend({
          verdict: z.enum(['confirmed', 'rejected']),
          cause: causeRef,
          note: outageVerdict.shape.note,
        }),
      )
      .optional(),
    worded: z
      .array(answerAct.extend({ words: outageWorded.shape.words, until: instant.optional() }))
      .optional(),
    lineage: z
      .array(
        z.strictObject({
          at: instant,
          eventId: z.string(),
          step: z.enum(['absorbed', 'merged', 'split-off', 'split-from']),
          outageId: z.string(),
        }),
      )
      .optional()
      .describe('Merges and splits, the newest last'),
    status: z.enum(['open', 'ended']),
    openedAt: instant,
    backfilled: z.literal(true).optional(),
    ended: z.strictObject({ at: instant, reason: outageEnded.shape.reason }).optional(),
    restoredAt: instant.optional().describe('When the clear had held for the dwell'),
    stillOut: answerAct
      .extend({ complaintId: z.string().optional(), complaints: z.int() })
      .optional()
      .describe('Customers who were called back are still out: it is open again until that is settled'),
    settledAt: instant.optional().describe('When the last of those was settled'),
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
