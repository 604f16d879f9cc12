import { z } from 'zod'
import { callbackMade, replyGiven } from './act.ts'
import { assessment, causeRef } from './attribution.ts'
import { instant } from './instant.ts'
import { bilingual } from './text.ts'

/** A customer to be called back about an outage. */
export const answerCallback = z
  .strictObject({
    complaintId: z
      .string()
      .describe('Where the call is recorded: POST /v1/complaints/{complaintId}/callback'),
    customerRef: z.string().optional(),
    outageId: z.string().optional().describe('Left out where nothing explained it: it was passed on'),
    outageTitle: z.string().optional().describe('For the agent; may hold element names'),
    orderId: z.string().optional(),
    state: z.enum(['due', 'waiting', 'halted']),
    reason: z.enum(['asked', 'told-ongoing', 'told-passed-on']),
    told: z.strictObject({
      ...replyGiven.pick({ words: true, language: true }).shape,
      statedEnd: instant.optional(),
      at: instant,
    }),
    channel: z.string().optional(),
    customerClass: z.string().optional(),
    escalated: z.literal(true).optional(),
    waitingSince: instant,
    dueSince: instant.optional(),
    callFrom: instant.optional().describe('Permitted from then on; in the past or now: at once'),
    attempts: z.int(),
    attemptsLeft: z.int(),
    lastOutcome: callbackMade.shape.outcome.optional(),
  })
  .meta({ id: 'Callback' })

/** What a customer was told last, what of it is wrong, and what is true now. */
export const answerCorrection = z
  .strictObject({
    complaintId: z.string(),
    customerRef: z.string().optional(),
    outageId: z.string().optional(),
    told: z.strictObject({
      eventId: z.string(),
      at: instant,
      actor: z.string(),
      words: z.string(),
      language: z.string(),
      statedEnd: instant.optional(),
      cause: causeRef.optional(),
      outageId: z.string().optional(),
    }),
    wrong: z
      .array(z.enum(['cause-rejected', 'cause-changed', 'end-passed', 'not-restored']))
      .describe('Empty where it still holds'),
    rejected: z.strictObject({ at: instant, actor: z.string(), cause: causeRef }).optional(),
    now: z
      .strictObject({
        ...assessment.pick({ verdict: true, root: true, state: true, expectedEnd: true }).shape,
        at: instant,
        words: bilingual.optional(),
        outageReopened: z.literal(true).optional(),
      })
      .optional(),
  })
  .meta({ id: 'Correction' })
