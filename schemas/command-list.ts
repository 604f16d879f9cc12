import { z } from 'zod'
import { cutoverFinished, cutoverPlanned } from './cutover.ts'
import { elementLink, elementRegistered } from './element.ts'
import { sourceName } from './envelope.ts'
import { instantInput } from './instant.ts'

/** The most elements, links or works of one list. */
export const maxListed = 200_000

const list = { source: sourceName, takenAt: instantInput }

/** A source's inventory as it is: what is new is registered, what is otherwise is changed. */
export const elementList = z.strictObject({
  ...list,
  elements: z.array(elementRegistered).max(maxListed).default([]),
  links: z.array(elementLink).max(maxListed).default([]),
  retireMissing: z
    .boolean()
    .default(false)
    .describe('Elements of this source that are not in the list are retired; without it they stay'),
})
export type ElementList = z.infer<typeof elementList>

/** A source's works as they stand: new ones are planned, moved ones rescheduled, and what was done with them is noted. */
export const cutoverList = z.strictObject({
  ...list,
  cutovers: z
    .array(
      z.strictObject({
        plan: cutoverPlanned,
        plannedAt: instantInput.optional().describe('Left out: when the list was taken'),
        startedAt: instantInput.optional(),
        finishedAt: instantInput.optional(),
        outcome: cutoverFinished.shape.outcome.optional(),
        cancelledAt: instantInput.optional(),
      }),
    )
    .max(maxListed),
})
export type CutoverList = z.infer<typeof cutoverList>

/** What a list came to. */
export const answerList = z.strictObject({
  items: z.int(),
  added: z.int(),
  changed: z.int(),
  ended: z.int().describe('Retired; finished or cancelled'),
  unchanged: z.int(),
})
export type AnswerList = z.infer<typeof answerList>
