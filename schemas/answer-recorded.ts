import { z } from 'zod'

/**
 * What became of a post. `duplicate`: known already, nothing changed. `differs`: its id is known with other content;
 * what was stored stays, and what was sent is kept with the refused. `nothing-to-do`: it is so already.
 */
export const answerRecorded = z
  .strictObject({
    eventId: z.uuid(),
    type: z.string(),
    outcome: z.enum(['stored', 'duplicate', 'differs', 'nothing-to-do']),
    occurredAt: z.string(),
    /** Where it is kept, when it differs. */
    refusedId: z.string().optional(),
  })
  .meta({ id: 'Recorded' })
export type AnswerRecorded = z.infer<typeof answerRecorded>
