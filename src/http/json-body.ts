import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem.ts'
import { depthFault, utf8Text } from '../intake/json-text.ts'

/**
 * JSON must be UTF-8 (RFC 8259). Broken bytes are refused, not replaced: a replaced name would be stored for ever. An
 * empty body is no body, since acts need none.
 */
export function readJsonBodies(app: FastifyInstance, maxDepth: number): void {
  // Only routes that read text say so: elsewhere another type is 415, which tells more than a body that does not fit.
  app.removeContentTypeParser('text/plain')
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const text = utf8Text(body)
    if (text === undefined) {
      done(new ProblemError(400, 'The body is not UTF-8.'))
      return
    }
    const fault = depthFault(text, maxDepth)
    if (fault !== undefined) {
      done(new ProblemError(400, `The body ${fault}.`))
      return
    }
    if (text.trim() === '') done(null, undefined)
    else void parse(request, text, done)
  })
}
