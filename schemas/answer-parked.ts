import { z } from 'zod'

/** An event that a fold could not take: what it makes lacks the event, and nothing else. */
export const answerParked = z
  .strictObject({
    fold: z.string().describe('A read model, `engine`, or `schema`: an event that nobody can read'),
    position: z.string(),
    eventId: z.string(),
    type: z.string().optional(),
    deadline: z.string().optional().describe('What fell due at the event and failed; the event counts'),
    error: z.string(),
  })
  .meta({ id: 'Parked' })
export type AnswerParked = z.infer<typeof answerParked>
