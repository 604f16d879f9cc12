import { z } from 'zod'
import { answerCluster } from './answer-cluster.ts'
import { answerOutage } from './answer-outage.ts'
import { answerOrderInShort } from './answer-order.ts'
import { answerRecorded } from './answer-recorded.ts'
import { assessment } from './attribution.ts'
import { complaintReceived } from './complaint.ts'
import { lonLat } from './geo.ts'
import type { Kept } from './kept.ts'
import { bilingual } from './text.ts'

/** How current the picture is on which an answer rests. */
export const dataAsOf = z
  .record(z.string(), z.string())
  .describe('By source: the newest moment that it has told of')

/** A place that may be meant. */
export const placeCandidate = z.strictObject({
  placeId: z.string(),
  name: z.string(),
  kind: z.string(),
  point: lonLat,
})

/** "Which one?": the places that the stated name may mean. Amend the complaint with one of these ids. */
const whichPlace = z.strictObject({ name: z.string(), words: bilingual, places: z.array(placeCandidate) })

/** What the complaint was understood to say. */
const understood = complaintReceived
  .pick({
    service: true,
    symptom: true,
    scope: true,
    scopeReason: true,
    setting: true,
    stillOut: true,
    trouble: true,
    wordFeatures: true,
  })
  .partial()

/** What the agent gets while the customer is on the line. */
export const answerAssist = assessment
  .extend({
    understood,
    place: z
      .strictObject({ name: z.string().optional(), placeId: z.string().optional(), point: lonLat })
      .optional(),
    which: whichPlace.optional(),
    /** A place was named and nothing of that name is known. */
    placeNotFound: z.string().optional(),
    dataAsOf,
    /** Sources whose picture cannot be trusted now: the words neither blame nor clear the network. */
    staleFeeds: z.array(z.string()),
  })
  .meta({ id: 'AssistAnswer' })
export type AnswerAssist = z.infer<typeof answerAssist>

export const answerComplaint = answerAssist
  .extend({
    complaintId: z.string(),
    /** The event id of the attribution; sent back with acts on this answer, so that they never meet another. */
    attributionId: z.string(),
    /** `same`: it was known already. `differs`: its id was known with other content, which is kept with the refused. */
    duplicate: z.enum(['same', 'differs']).optional(),
    refusedId: z.string().optional(),
    /** The id alone where the read models do not show it yet. */
    outage: answerOutage.partial().required({ outageId: true }).optional(),
    cluster: answerCluster.partial().required({ clusterId: true }).optional(),
    /** Where it was resolved with words, they are what is said. */
    order: answerOrderInShort.optional(),
    /** Other complaints of the same trouble: of the same outage, else of the same cluster. */
    similar: z.int(),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ComplaintAnswer' })
type ReadParts = 'outage' | 'cluster' | 'order'
export type AnswerComplaint = Omit<z.infer<typeof answerComplaint>, ReadParts> &
  Kept<Pick<z.infer<typeof answerComplaint>, ReadParts>>

/** It takes longer than `answerWaitMs`; the link tells when asked again. */
export const answerPending = z
  .strictObject({
    complaintId: z.string(),
    pending: z.literal(true),
    which: whichPlace.optional(),
    placeNotFound: z.string().optional(),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'PendingAnswer' })
export type AnswerPending = z.infer<typeof answerPending>

/** An amendment recorded, and what is said of the complaint now. */
export const answerAmended = answerRecorded.extend({ answer: z.union([answerComplaint, answerPending]) })
export type AnswerAmended = Omit<z.infer<typeof answerAmended>, 'answer'> & {
  answer: AnswerComplaint | AnswerPending
}
