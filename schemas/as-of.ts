import { z } from 'zod'
import { instant, instantInput } from './instant.ts'

/** What every read may be asked with. */
export const asOfField = instantInput
  .optional()
  .describe('What was known at this moment of recording; left out: what is known now')

/** Marks an answer as that of an earlier moment. */
export const answerAsOf = z
  .strictObject({
    at: instant.describe('The moment that was asked for'),
    recordedAt: instant.describe('When the newest event that was known then was recorded'),
    backfilled: z
      .literal(true)
      .optional()
      .describe('That event was loaded from history: what was known then is what the files say'),
  })
  .meta({ id: 'AsOf' })
export type AnswerAsOf = z.infer<typeof answerAsOf>

/** Beside an answer; absent from what is known now. */
export const asOfMark = { asOf: answerAsOf.optional() }
