import { z } from 'zod'

/** RFC 9457. `errors` names each field at fault by JSON pointer. */
export const answerProblem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z.strictObject({
          in: z.enum(['body', 'query', 'path', 'headers']).optional(),
          pointer: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'What went wrong, and at which field' })
