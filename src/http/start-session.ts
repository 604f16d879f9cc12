import type { FastifyReply, FastifyRequest } from 'fastify'
import { toInstant } from '../../schemas/instant.ts'
import type { AnswerSession } from '../../schemas/user.ts'
import type { Session } from '../access/sessions.ts'
import type { Caller } from './caller.ts'
import type { Services } from './services.ts'
import { readCookie, writeCookie } from './session-cookie.ts'

/** Signs somebody in: the browser gets the token, and what it had before ends. */
export function startSession(
  { access, config }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  begun: Pick<Session, 'actor' | 'name' | 'by' | 'grant'>,
): Session {
  const before = readCookie(request, config, 'session')
  if (before !== undefined) access.sessions.end(before)
  const { token, session } = access.sessions.start(begun)
  const maxAgeMs = config.limits.sessionMs
  writeCookie({ request, where: config, kind: 'session' }, reply, { text: token, maxAgeMs })
  return session
}

/** Who calls, as they are told. */
export function sessionAnswer(
  { access }: Services,
  { actor, name, roles, regions, personal }: Caller,
  session: Session | undefined,
  otherwise: 'key' | 'nothing',
): AnswerSession {
  return {
    actor,
    ...(name === undefined ? {} : { name }),
    by: session?.by ?? otherwise,
    roles: [...roles],
    ...(regions === undefined ? {} : { regions: [...regions] }),
    personalData: personal,
    ...(session === undefined
      ? {}
      : { csrfToken: session.csrfToken, expiresAt: toInstant(access.sessions.endsMs(session)) }),
  }
}
