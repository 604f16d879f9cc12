import { z } from 'zod'
import { eventTypes, type EventType } from './event.ts'
import { instant } from './instant.ts'

/** Who did something, and when the log took it. `eventId` takes it back (POST /v1/acts/{eventId}/undo). */
export const answerAct = z.strictObject({
  eventId: z.string(),
  at: instant,
  actor: z.string(),
  position: z.string(),
})

export const estimateAct = answerAct.extend({ expectedEnd: instant })

/** Something that became part of another; `byHand` may be taken back. */
export const answerMerge = z.strictObject({
  id: z.string(),
  at: instant,
  eventId: z.string(),
  byHand: z.literal(true).optional(),
})

/** One event of a story. What `data` holds follows from `type`. */
export const answerStoryEntry = z
  .strictObject({
    position: z.string(),
    eventId: z.string(),
    type: z.enum(eventTypes as [EventType, ...EventType[]]),
    occurredAt: instant,
    recordedAt: instant,
    actor: z.string(),
    source: z.string(),
    backfilled: z.literal(true).optional().describe('Loaded from history'),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'StoryEntry' })
