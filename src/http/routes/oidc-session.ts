import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { oidcPendingMs } from '../../access/oidc.ts'
import { problems, type Api } from '../api.ts'
import { ProblemError } from '../problem.ts'
import { noteAccess } from '../record-access.ts'
import { ownPath } from '../same-origin.ts'
import type { Services } from '../services.ts'
import { readCookie, writeCookie } from '../session-cookie.ts'
import type { OidcProblem } from '../sign-in-page.ts'
import { startSession } from '../start-session.ts'

const tags = ['session']
/** Where people go on who did not say where. */
const home = '/docs'
/** A provider's answer holds a code and a state. */
const maxQueryChars = 8_000

/** Signing in with a provider of OpenID Connect. */
export function oidcSessionRoutes(api: Api, services: Services): void {
  const { access, config } = services
  const provider = () => {
    if (access.oidc !== undefined) return access.oidc
    throw new ProblemError(404, 'No provider is configured (oidc): sign in with a password.')
  }

  api.get(
    '/session/oidc',
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'Send a browser to the provider to sign in',
        querystring: z.strictObject({
          next: z.string().max(2_000).optional().describe('A path of this server to go on at'),
        }),
        response: { 302: z.undefined(), ...problems },
      },
    },
    async (request, reply) => {
      const begun = await provider().begin(ownPath(request.query.next, home))
      if (begun.kind === 'unavailable') return sendBack(request, reply, begun.kind, unavailable(begun.why))
      const text = begun.state
      writeCookie({ request, where: config, kind: 'oidc' }, reply, { text, maxAgeMs: oidcPendingMs })
      return reply.header('cache-control', 'no-store').redirect(begun.url)
    },
  )

  api.get(
    '/session/oidc/callback',
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'Where the provider sends the browser back to',
        response: { 302: z.undefined(), ...problems },
      },
    },
    async (request, reply) => {
      const query = request.url.slice(request.routeOptions.url?.length ?? 0)
      if (query.length > maxQueryChars) throw new ProblemError(414, 'This is no answer of a provider.')
      const state = readCookie(request, config, 'oidc')
      const outcome = await provider().finish(query, state)
      if (outcome.kind === 'unavailable') {
        return sendBack(request, reply, outcome.kind, unavailable(outcome.why))
      }
      if (outcome.kind !== 'person') {
        const reason = outcome.kind === 'refused' ? 'oidc' : 'not-entitled'
        const actor = outcome.kind === 'refused' ? 'unverified' : outcome.actor
        await noteAccess(services, actor, 'SignInRefused', { reason, address: request.ip })
        const status = reason === 'oidc' ? 401 : 403
        const detail = `The sign-in was refused: ${outcome.why}.`
        return sendBack(request, reply, outcome.kind, new ProblemError(status, detail))
      }
      const { actor, name, grant } = outcome
      startSession(services, request, reply, { actor, name, by: 'oidc', grant })
      await noteAccess(services, actor, 'SignedIn', { user: actor, method: 'oidc', address: request.ip })
      return reply.header('cache-control', 'no-store').redirect(outcome.next)
    },
  )
}

/** People are told on the page to sign in, in their language; programs get the problem. */
function sendBack(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: OidcProblem,
  problem: ProblemError,
): FastifyReply {
  if (!/\btext\/html\b/.test(request.headers.accept ?? '')) throw problem
  return reply.header('cache-control', 'no-store').redirect(`/sign-in?problem=${kind}`)
}

function unavailable(why: string): ProblemError {
  return new ProblemError(
    503,
    `The provider of OpenID Connect cannot be used now (${why}); passwords and keys go on working.`,
    { headers: { 'retry-after': '10' } },
  )
}
