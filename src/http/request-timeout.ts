import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './problem.ts'

/** Reading these takes as long as their sender does; a stalled one is seen by its socket's silence. */
const streamed: ReadonlySet<string> = new Set(['/v1/events'])

/** Refuses a body that has not come whole in time: who sends a byte now and then must not hold a connection for ever. */
export function refuseSlowBodies(scope: FastifyInstance, timeoutMs: number): void {
  scope.addHook('preParsing', (request, reply, payload, done) => {
    if (isAwaited(request)) {
      const late = setTimeout(() => {
        // The rest of the body must not be taken for a next request.
        reply.header('connection', 'close')
        const detail = `The body did not come whole within ${timeoutMs} ms (requestTimeoutMs).`
        payload.emit('error', new ProblemError(408, detail))
      }, timeoutMs)
      for (const end of ['end', 'close']) payload.once(end, () => clearTimeout(late))
    }
    done(null, payload)
  })
}

function isAwaited({ headers, routeOptions }: FastifyRequest): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
  return hasBody && !streamed.has(routeOptions.url ?? '')
}
