import type { FastifyInstance } from 'fastify'
import { orderStatusMessage } from '../../../schemas/command-order-status.ts'
import { headerNames, signatureFault } from '../../exchange/signature.ts'
import { depthFault, utf8Text } from '../../intake/json-text.ts'
import { statusOf } from '../act-route.ts'
import { faultsOf, ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { takeOrderStatus } from '../take-order-status.ts'

/** What order systems tell. Beside /v1, since a signature over the body takes the place of an API key. */
export function orderHooks(scope: FastifyInstance, services: Services): void {
  const { orderExchange, config } = services
  // The signature is over the bytes as sent.
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  scope.post(
    '/orders/:name',
    {
      schema: {
        tags: ['orders'],
        summary: 'A status of an order, signed by the system that tells it',
      } as object,
    },
    async (request, reply) => {
      const { name = '' } = request.params as { readonly name?: string }
      const system = orderExchange?.system(name)
      if (orderExchange === undefined || system?.statusSecret === undefined) {
        throw new ProblemError(404, 'There is nothing here.')
      }
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const fault = signatureFault(
        {
          timestamp: headerOf(request.headers[headerNames.timestamp]),
          signature: headerOf(request.headers[headerNames.signature]),
          body,
        },
        { secret: system.statusSecret, nowMs: orderExchange.nowMs(), maxSkewMs: system.limits.maxSkewMs },
      )
      if (fault !== undefined) throw new ProblemError(401, `The message ${fault}.`)
      const answer = await takeOrderStatus(services, name, messageIn(body, config.limits.maxDepth))
      return reply.code(statusOf(answer)).send(answer)
    },
  )
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function messageIn(body: Buffer, maxDepth: number) {
  const text = utf8Text(body)
  if (text === undefined) throw new ProblemError(400, 'The body is not UTF-8.')
  const tooDeep = depthFault(text, maxDepth)
  if (tooDeep !== undefined) throw new ProblemError(400, `The body ${tooDeep}.`)
  const parsed = orderStatusMessage.safeParse(jsonIn(text))
  if (parsed.success) return parsed.data
  throw new ProblemError(400, 'The body is not as it should be.', { errors: faultsOf(parsed.error, 'body') })
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError(400, 'The body is no JSON.')
  }
}
