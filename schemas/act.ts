import { z } from 'zod'
import { causeRef } from './attribution.ts'
import { instantInput } from './instant.ts'
import { identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** A person's word on a complaint's cause. `attributionId` is the answer that was on the screen. */
export const causeVerdict = z.strictObject({
  complaintId: identifier,
  cause: causeRef,
  attributionId: z.string().max(100).optional(),
  /** Confirmed together with others, by one act. */
  batchId: identifier.optional(),
  note: prose.optional(),
})
export type CauseVerdict = z.infer<typeof causeVerdict>

/** What a customer was led to expect. */
export const told = z.enum(['ongoing', 'passed-on', 'restored', 'other'])
export type Told = z.infer<typeof told>

/** That the customer asked to be called back, and how. */
export const callbackAsked = z.strictObject({ channel: label.optional() })

/** What the customer was told, word for word. */
export const replyGiven = z.strictObject({
  complaintId: identifier,
  words: prose,
  language: z.string().min(2).max(20),
  statedEnd: instantInput.optional(),
  attributionId: z.string().max(100).optional(),
  /** Left out: what the answer that was given leads to expect. */
  told: told.optional(),
  callback: callbackAsked.optional(),
})
export type ReplyGiven = z.infer<typeof replyGiven>

export const complaintDispatched = z.strictObject({
  complaintId: identifier,
  orderId: identifier.optional(),
  to: label.optional(),
  note: prose.optional(),
})
export type ComplaintDispatched = z.infer<typeof complaintDispatched>

export const complaintResolved = z.strictObject({
  complaintId: identifier,
  resolution: z.enum(['restored', 'explained', 'not-network', 'customer-side', 'no-fault-found', 'other']),
  note: prose.optional(),
})
export type ComplaintResolved = z.infer<typeof complaintResolved>

export const callbackMade = z.strictObject({
  complaintId: identifier,
  outcome: z.enum(['fine', 'still-out', 'no-answer', 'declined']),
  channel: label.optional(),
  note: prose.optional(),
  /** The outage that it was about; left out: the one that explains the complaint then. */
  outageId: identifier.optional(),
  /** Not to be called again before this moment, at the customer's wish. */
  againAt: instantInput.optional(),
})
export type CallbackMade = z.infer<typeof callbackMade>

export const noteAdded = z.strictObject({
  about: z.strictObject({
    kind: z.enum(['complaint', 'outage', 'cluster', 'element', 'cutover', 'gap', 'advisory']),
    id: identifier,
  }),
  text: prose,
})
export type NoteAdded = z.infer<typeof noteAdded>

/** Takes back a person's earlier act, named by its event id. */
export const decisionUndone = z.strictObject({ eventId: z.uuid(), reason: prose.optional() })
export type DecisionUndone = z.infer<typeof decisionUndone>
