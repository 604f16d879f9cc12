import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { faultsOf, ProblemError, type Fault } from './problem.ts'

const partOf: Record<string, Fault['in']> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
}

/** Has zod judge each part of a request; what is wrong is named by part and pointer. */
export const validateByZod: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (sent: unknown) => {
    // A request without a body has the body null.
    const result = schema.safeParse(sent ?? undefined)
    if (result.success) return { value: result.data }
    const part = partOf[httpPart ?? '']
    return {
      error: new ProblemError(400, `The ${part ?? 'request'} is not as it should be.`, {
        errors: faultsOf(result.error, part),
      }),
    }
  }
