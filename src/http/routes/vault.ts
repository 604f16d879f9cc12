import type { FastifyInstance } from 'fastify'
import { maxRequestBytes } from '../../vault/vault-call.ts'
import type { VaultHost } from '../../vault/vault-host.ts'
import { ProblemError } from '../problem.ts'

/** For the processes that share the log alone: whoever holds the master key is let in, and nobody else. */
export function vaultRoute(app: FastifyInstance, host: VaultHost): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    scope.post('/vault', { bodyLimit: maxRequestBytes, schema: { hide: true } }, async (request, reply) => {
      if (!Buffer.isBuffer(request.body)) throw new ProblemError(400, 'There is no body.')
      const answers = await host.answer(request.body)
      if (answers === undefined) {
        throw new ProblemError(403, 'This was not made with the master key of this vault, or not now.')
      }
      return reply.type('application/octet-stream').header('cache-control', 'no-store').send(answers)
    })
  })
}
