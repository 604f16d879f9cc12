import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { roles } from '../../schemas/role.ts'
import type { ApiKey } from '../config/config.ts'
import type { Caller } from './caller.ts'
import type { LiveTickets } from './live-tickets.ts'
import { ProblemError } from './problem.ts'

const anyone: Caller = { actor: 'unverified', personal: true, roles: new Set(roles) }

/**
 * Says who holds a key. Without any keys configured everyone is "unverified" and entitled: the shell allows that on
 * loopback only. Every key is compared, each in constant time, so that the time taken tells nothing.
 */
export function createAuthenticator(keys: readonly ApiKey[]): (presented: string | undefined) => Caller {
  const known = keys.map(({ name, key, personalData, roles: held, regions }) => ({
    caller: { actor: name, personal: personalData, roles: new Set(held ?? roles), regions } satisfies Caller,
    digest: digestOf(key),
  }))
  return (presented) => {
    if (known.length === 0) return anyone
    if (presented === undefined || presented === '') {
      throw unauthorized('This needs an API key: Authorization: Bearer KEY, or X-API-Key: KEY.')
    }
    const digest = digestOf(presented)
    const holder = known.filter((key) => timingSafeEqual(key.digest, digest))[0]
    if (holder === undefined) throw unauthorized('This API key is not known here.')
    return holder.caller
  }
}

/** The key as sent: `Authorization: Bearer …` or `X-API-Key: …`. */
export function presentedKey(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const header = request.headers['x-api-key']
  return bearer ?? (typeof header === 'string' ? header : undefined)
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function unauthorized(detail: string): ProblemError {
  return new ProblemError(401, detail, { headers: { 'www-authenticate': 'Bearer' } })
}

/** Only the live feed takes tickets. */
const livePath = '/v1/live'

function ticketOf({ query }: FastifyRequest): string | undefined {
  if (typeof query !== 'object' || query === null || !('ticket' in query)) return undefined
  return typeof query.ticket === 'string' ? query.ticket : undefined
}

/** Has every request in a scope tell who calls, before anything of it is read. */
export function authenticateCallers(
  scope: FastifyInstance,
  keys: readonly ApiKey[],
  tickets: LiveTickets,
): void {
  const authenticate = createAuthenticator(keys)
  scope.decorateRequest('caller')
  scope.addHook('onRequest', async (request) => {
    const ticket = keys.length > 0 && request.routeOptions.url === livePath ? ticketOf(request) : undefined
    request.caller =
      (ticket === undefined ? undefined : tickets.redeem(ticket)) ?? authenticate(presentedKey(request))
  })
}
