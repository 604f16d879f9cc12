import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { DataOf } from '../../schemas/event.ts'
import type { Session } from '../access/sessions.ts'
import { isLoopback } from '../config/loopback.ts'
import { accessTo } from './access-table.ts'
import type { Caller } from './caller.ts'
import { anyone, keyHolders, nobody, sessionHolder } from './callers.ts'
import type { LiveTickets } from './live-tickets.ts'
import { ProblemError } from './problem.ts'
import { noteAccess, routeOf } from './record-access.ts'
import { isSafe, isSameOrigin } from './same-origin.ts'
import type { Services } from './services.ts'
import { readCookie } from './session-cookie.ts'

/** A session that a request came with. */
export interface SignedIn {
  readonly token: string
  readonly session: Session
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where a cookie says who calls. */
    signedIn: SignedIn | undefined
  }
}

type Found =
  | { readonly kind: 'caller'; readonly caller: Caller; readonly signedIn?: SignedIn }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
type RefusalReason = Extract<
  DataOf<'AccessRefused'>['reason'],
  'no-key' | 'unknown-key' | 'session-ended' | 'csrf'
>

const details: Readonly<Record<RefusalReason, string>> = {
  'no-key':
    'This needs an API key (Authorization: Bearer KEY, or X-API-Key: KEY), or signing in at /sign-in.',
  'unknown-key': 'This API key is not known here.',
  'session-ended': 'The session has ended: sign in again at /sign-in.',
  csrf: 'A session changes things only from the pages of this server, with the csrfToken of GET /v1/session as x-csrf-token. Behind a proxy, set publicUrl.',
}

/**
 * Has every request in a scope tell who calls, before anything of it is read: by a key, a ticket, or the cookie of a session.
 * Where there are neither keys nor users nor a provider, everyone on loopback is "unverified" and entitled.
 */
export function authenticateCallers(scope: FastifyInstance, services: Services, tickets: LiveTickets): void {
  const find = callerFinder(services, tickets)
  scope.decorateRequest('caller')
  scope.decorateRequest('signedIn')
  scope.addHook('onRequest', async (request) => {
    const found = find(request)
    if (found.kind === 'caller') {
      request.caller = found.caller
      request.signedIn = found.signedIn
      return
    }
    const path = (request.routeOptions.url ?? '').slice(scope.prefix.length)
    if (accessTo(request.method, path)?.kind === 'open') {
      request.caller = nobody
      return
    }
    // Asking whether one is signed in is no attempt at anything: the page to sign in does.
    if (!(path === '/session' && isSafe(request))) {
      await noteAccess(services, nobody.actor, 'AccessRefused', {
        method: request.method,
        route: routeOf(request),
        reason: found.reason,
      })
    }
    throw refusal(found.reason)
  })
}

function callerFinder(
  { config, access }: Services,
  tickets: LiveTickets,
): (request: FastifyRequest) => Found {
  const holderOf = keyHolders(config.apiKeys)
  const isOpen = () =>
    config.apiKeys.length === 0 && access.oidc === undefined && isLoopback(config.host) && !access.users.any()
  return (request) => {
    const key = presentedKey(request)
    if (key !== undefined && key !== '') {
      const caller = isOpen() ? anyone : holderOf(key)
      return caller === undefined ? { kind: 'refused', reason: 'unknown-key' } : { kind: 'caller', caller }
    }
    const redeemed = redeem(request, tickets)
    if (redeemed !== undefined) return { kind: 'caller', caller: redeemed }
    const token = readCookie(request, config, 'session')
    const session = token === undefined ? undefined : access.sessions.use(token)
    if (token !== undefined && session !== undefined) {
      const caller = sessionHolder(access, session)
      if (caller === undefined) return { kind: 'refused', reason: 'session-ended' }
      if (!isSafe(request) && !isProven(request, session, config)) return { kind: 'refused', reason: 'csrf' }
      return { kind: 'caller', caller, signedIn: { token, session } }
    }
    if (isOpen()) return { kind: 'caller', caller: anyone }
    return { kind: 'refused', reason: token === undefined ? 'no-key' : 'session-ended' }
  }
}

/** The key as sent: `Authorization: Bearer …` or `X-API-Key: …`. */
function presentedKey(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const header = request.headers['x-api-key']
  return bearer ?? (typeof header === 'string' ? header : undefined)
}

/** Only the live feed takes tickets: one that nobody asks for stays good. */
const livePath = '/v1/live'

function redeem({ query, routeOptions }: FastifyRequest, tickets: LiveTickets): Caller | undefined {
  if (routeOptions.url !== livePath) return undefined
  if (typeof query !== 'object' || query === null || !('ticket' in query)) return undefined
  return typeof query.ticket === 'string' ? tickets.redeem(query.ticket) : undefined
}

/** Browsers send cookies whatever page asks: that it was ours is shown by a token that only ours can read. */
function isProven(request: FastifyRequest, { csrfToken }: Session, config: Services['config']): boolean {
  const header = request.headers['x-csrf-token']
  const [sent, kept] = [Buffer.from(typeof header === 'string' ? header : ''), Buffer.from(csrfToken)]
  return isSameOrigin(request, config) && sent.length === kept.length && timingSafeEqual(sent, kept)
}

function refusal(reason: RefusalReason): ProblemError {
  if (reason === 'csrf') return new ProblemError(403, details[reason])
  return new ProblemError(401, details[reason], { headers: { 'www-authenticate': 'Bearer' } })
}
