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

/** What the customer was told, word for word. */
export const replyGiven = z.strictObject({
  complaintId: identifier,
  words: prose,
  language: z.string().min(2).max(20),
  statedEnd: instantInput.optional(),
  attributionId: z.string().max(100).optional(),
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
