import { z } from 'zod'
import { callbackAsked, callbackMade, complaintResolved, told } from './act.ts'
import { answerAct } from './answer-act.ts'
import { answerOrderInShort } from './answer-order.ts'
import { assessment, causeRef } from './attribution.ts'
import { complaintPlace, complaintReceived, trouble } from './complaint.ts'
import { storedPoint } from './answer-geo.ts'
import { instant } from './instant.ts'

/** The attribution in force, in short. */
const attributionInShort = assessment
  .pick({
    verdict: true,
    direct: true,
    root: true,
    probability: true,
    state: true,
    band: true,
    expectedEnd: true,
    outageId: true,
    repeatOf: true,
    confirmed: true,
    disputed: true,
    tooLate: true,
  })
  .extend({ id: z.string().describe('Its event id'), at: instant })

/** What of an answer the customer heard. */
const heard = attributionInShort.pick({
  id: true,
  verdict: true,
  band: true,
  root: true,
  state: true,
  outageId: true,
})

/** An attempt to call a customer back. */
const answerCallbackMade = answerAct.extend({
  ...callbackMade.pick({ outcome: true, channel: true, outageId: true }).shape,
  againAt: instant.optional(),
})

/** What was recorded of a complaint, as last amended. Nothing personal: that lies sealed. */
const facts = complaintReceived.extend({
  reportedAt: instant,
  trouble: z.strictObject({ ...trouble.shape, from: instant.optional(), to: instant.optional() }),
  place: complaintPlace.extend({ location: storedPoint }).optional(),
})

/** A complaint as it stands: what was recorded, what explains it in short, and what people did. The last act of each kind is the one in force. */
export const answerComplaintKept = z
  .strictObject({
    complaintId: z.string(),
    status: z.enum(['open', 'answered', 'dispatched', 'resolved', 'withdrawn']),
    facts,
    source: z.string(),
    actor: z.string(),
    recordedAt: instant,
    backfilled: z.literal(true).optional(),
    attribution: attributionInShort.optional(),
    attributions: z.int().describe('How many it has had'),
    clusterId: z.string().optional(),
    splitInto: z.strictObject({ clusterId: z.string(), eventId: z.string() }).optional(),
    notes: z.int(),
    order: answerOrderInShort.optional().describe('The order that it has joined'),
    replies: z
      .array(
        answerAct.extend({
          words: z.string(),
          language: z.string(),
          statedEnd: instant.optional(),
          attributionId: z.string().optional(),
          told: told.optional(),
          callback: callbackAsked.optional(),
          heard: heard.optional(),
        }),
      )
      .optional(),
    callbacks: z.array(answerCallbackMade).optional(),
    verdicts: z
      .array(answerAct.extend({ verdict: z.enum(['confirmed', 'rejected']), cause: causeRef }))
      .optional(),
    dispatches: z.array(answerAct.extend({ orderId: z.string().optional() })).optional(),
    resolutions: z.array(answerAct.extend({ resolution: complaintResolved.shape.resolution })).optional(),
    withdrawals: z.array(answerAct).optional(),
  })
  .meta({ id: 'ComplaintKept' })

/** The same beside its answer, with what its cluster and outage have become part of. */
export const answerComplaintBeside = answerComplaintKept.extend({
  outageId: z.string().optional(),
  repeatOf: z.string().optional(),
})
