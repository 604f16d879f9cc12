import { z } from 'zod'

/** What a list of active alarms came to. */
export const answerSnapshot = z.strictObject({
  alarms: z.int(),
  raised: z.int(),
  changed: z.int(),
  /** Still there, and said so again so that they do not grow stale. */
  confirmed: z.int(),
  unchanged: z.int(),
  cleared: z.int(),
})
export type AnswerSnapshot = z.infer<typeof answerSnapshot>
