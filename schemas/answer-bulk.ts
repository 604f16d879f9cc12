import { z } from 'zod'

/** One line of bulk input that was not taken. */
const refusedLine = z.strictObject({
  line: z.int().describe('Counted from 1'),
  reason: z.string(),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })),
  refusedId: z.string().describe('Under which it is kept'),
})

/** What became of bulk input. `received` counts lines that are not empty; the other four add up to it. */
export const answerBulk = z
  .strictObject({
    received: z.int(),
    stored: z.int(),
    /** Known already, with the same content. */
    duplicates: z.int(),
    /** Known with other content; kept with the refused. */
    differing: z.int(),
    refused: z.int(),
    /** The first of those refused and differing; all are under /v1/refused. */
    refusedLines: z.array(refusedLine),
  })
  .meta({ id: 'BulkAnswer' })
export type AnswerBulk = z.infer<typeof answerBulk>
