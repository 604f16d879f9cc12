import { z } from 'zod'
import { callbackAsked, told } from './act.ts'
import { sourceName } from './envelope.ts'
import { accountState, confirmation, deviceState, setting, stillOut, trouble } from './complaint.ts'
import { crs, lonLat } from './geo.ts'
import { instantInput } from './instant.ts'
import { service, symptom } from './service.ts'
import { identifier, label, prose } from './text.ts'

/** Where the trouble was, as the agent enters it: a point, a place chosen before, a name to look up, or a point with a name. */
export const placeDraft = z
  .strictObject({
    point: lonLat.optional(),
    crs: crs.optional(),
    placeId: identifier.optional().describe('Of a place that a search or "which one?" gave'),
    name: label.optional().describe('Looked up where no point is given'),
    uncertaintyMeters: z.number().min(0).max(100_000).optional(),
    source: z.enum(['words', 'map', 'home', 'network']).optional(),
  })
  .refine(({ point, placeId, name }) => point !== undefined || placeId !== undefined || name !== undefined, {
    message: 'needs a point, a placeId or a name',
    path: ['point'],
  })
export type PlaceDraft = z.infer<typeof placeDraft>

/** Personal; sealed before anything is stored. The number, else the account, tells customers apart. */
const customerDraft = z.strictObject({
  phone: label.max(40).optional(),
  account: label.max(100).optional(),
  name: label.max(100).optional(),
})

/** What the customer was told in the same call. */
const replyDraft = z.strictObject({
  words: prose,
  language: z.string().min(2).max(20).default('zh'),
  statedEnd: instantInput.optional(),
  told: told.optional(),
  callback: callbackAsked.optional(),
})

/**
 * A complaint as an agent enters it. Everything may be unknown, and unknown is neutral. What `text` says of symptom,
 * service, setting, beginning and course fills in what the fields leave open; fields go before text.
 */
export const complaintDraft = z.strictObject({
  id: identifier
    .optional()
    .describe(
      "The sender's id for it; left out: one is made, from what it says where that includes reportedAt",
    ),
  source: sourceName.optional(),
  reportedAt: instantInput.optional().describe('When the customer called; left out: now'),
  customer: customerDraft.optional(),
  text: prose.optional().describe("The customer's words; sealed, only what they mean is stored"),
  symptom: symptom.optional(),
  service: service.optional(),
  network: identifier.optional(),
  trouble: trouble.optional(),
  place: placeDraft.optional(),
  setting: setting.optional(),
  stillOut: stillOut.optional(),
  servedBy: identifier.optional(),
  customerClass: label.optional(),
  escalated: z.boolean().optional().describe('Called back first; never part of the evidence'),
  channel: label.optional(),
  accountState: accountState.optional(),
  deviceState: deviceState.optional(),
  confirmations: z.array(confirmation).max(20).optional(),
  reply: replyDraft.optional(),
})
export type ComplaintDraft = z.infer<typeof complaintDraft>

/** What an agent corrects or adds later; what is left out stays. */
export const complaintAmendment = complaintDraft
  .omit({ id: true, source: true, reportedAt: true, customer: true, reply: true })
  .extend({
    unset: z
      .array(
        z.enum([
          'service',
          'network',
          'symptom',
          'place',
          'setting',
          'servedBy',
          'customerClass',
          'channel',
          'accountState',
          'deviceState',
          'confirmations',
        ]),
      )
      .optional(),
  })
export type ComplaintAmendment = z.infer<typeof complaintAmendment>
