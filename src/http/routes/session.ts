import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { answerSession, commandOwnPassword, commandSignIn } from '../../../schemas/user.ts'
import type { PasswordOutcome } from '../../access/sign-in.ts'
import { changeOf } from '../../access/user-journal.ts'
import type { User } from '../../access/user-record.ts'
import { problems, type Api } from '../api.ts'
import { anyone, sessionHolder } from '../callers.ts'
import { ProblemError } from '../problem.ts'
import { noteAccess } from '../record-access.ts'
import { isSameOrigin } from '../same-origin.ts'
import type { Services } from '../services.ts'
import { writeCookie } from '../session-cookie.ts'
import { sessionAnswer, startSession } from '../start-session.ts'

const tags = ['session']

/** Signing in and out, and who one is. */
export function sessionRoutes(api: Api, services: Services): void {
  const { access, config } = services

  api.post(
    '/session',
    {
      schema: {
        tags,
        summary: 'Sign in with a password; the session is in a cookie that no script can read',
        body: commandSignIn,
        response: { 201: answerSession, ...problems },
      },
    },
    async (request, reply) => {
      if (!isSameOrigin(request, config)) {
        throw new ProblemError(403, 'Sign in from the pages of this server. Behind a proxy, set publicUrl.')
      }
      const user = await checked(services, request, request.body.user, request.body.password)
      const answer = begin(services, request, reply, user)
      await noteAccess(services, user.user, 'SignedIn', {
        user: user.user,
        method: 'password',
        address: request.ip,
      })
      return reply.code(201).send(answer)
    },
  )

  api.get(
    '/session',
    {
      schema: {
        tags,
        summary: 'Who calls, and what they may do',
        response: { 200: answerSession, ...problems },
      },
    },
    async ({ caller, signedIn }, reply) => {
      reply.header('cache-control', 'no-store')
      return sessionAnswer(services, caller, signedIn?.session, caller === anyone ? 'nothing' : 'key')
    },
  )

  api.delete(
    '/session',
    { schema: { tags, summary: 'Sign out', response: { 204: z.undefined(), ...problems } } },
    async (request, reply) => {
      const { signedIn, caller } = request
      writeCookie({ request, where: config, kind: 'session' }, reply, undefined)
      if (signedIn !== undefined) {
        access.sessions.end(signedIn.token)
        await noteAccess(services, caller.actor, 'SignedOut', { user: caller.actor })
      }
      return reply.code(204).send()
    },
  )

  api.post(
    '/session/password',
    {
      schema: {
        tags,
        summary: "Change one's own password; all sessions but this one end",
        body: commandOwnPassword,
        response: { 201: answerSession, ...problems },
      },
    },
    async (request, reply) => {
      const { caller, signedIn, body } = request
      if (signedIn?.session.by !== 'password') {
        throw new ProblemError(409, `${caller.actor} has not signed in with a password that is kept here.`)
      }
      await checked(services, request, caller.actor, body.current)
      const outcome = await access.users.setPassword(caller.actor, body.password)
      if (outcome.kind !== 'done') throw new ProblemError(409, 'This user is not there any more.')
      const { user } = outcome
      const answer = begin(services, request, reply, user)
      await noteAccess(services, caller.actor, 'UserChanged', changeOf(user, 'passwordSet'))
      return reply.code(201).send(answer)
    },
  )
}

function begin(services: Services, request: FastifyRequest, reply: FastifyReply, user: User) {
  const session = startSession(services, request, reply, {
    actor: user.user,
    name: user.name,
    by: 'password',
  })
  const caller = sessionHolder(services.access, session)
  if (caller === undefined) throw new ProblemError(401, 'This user is not there any more.')
  return sessionAnswer(services, caller, session, 'nothing')
}

/** The user whose name and password these are; else a problem that does not tell which of both is wrong. */
async function checked(
  services: Services,
  { ip }: FastifyRequest,
  typed: string,
  password: string,
): Promise<User> {
  const outcome = await services.access.checkPassword(typed, password, ip)
  if (outcome.kind === 'fits') return outcome.user
  const reason = outcome.kind === 'refused' ? outcome.reason : 'too-many-attempts'
  await noteAccess(services, outcome.user ?? 'unverified', 'SignInRefused', {
    ...(outcome.user === undefined ? {} : { user: outcome.user }),
    reason,
    address: ip,
  })
  throw problemOf(outcome)
}

function problemOf(outcome: Exclude<PasswordOutcome, { kind: 'fits' }>): ProblemError {
  switch (outcome.kind) {
    case 'refused':
      return new ProblemError(401, 'The name or the password is wrong.')
    case 'wait':
    case 'busy': {
      const seconds = String(Math.ceil(outcome.ms / 1_000))
      return new ProblemError(429, `Too many attempts: try again in ${seconds} s.`, {
        headers: { 'retry-after': seconds },
      })
    }
  }
}
