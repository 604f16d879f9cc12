import { z } from 'zod'

/** How the last rebuild of a read model since the server started goes or went. */
export const answerRebuild = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('running'), events: z.int().describe('Read so far') }),
  z.strictObject({ kind: z.literal('done'), events: z.int() }),
  z.strictObject({ kind: z.literal('failed'), error: z.string() }),
])
export type AnswerRebuild = z.infer<typeof answerRebuild>

/** A read model. */
export const answerProjection = z
  .strictObject({
    name: z.string(),
    version: z.int().describe('Of the shape of its rows'),
    parked: z.int().describe('Events that it could not take'),
    rebuild: answerRebuild.optional(),
  })
  .meta({ id: 'Projection' })
export type AnswerProjection = z.infer<typeof answerProjection>
