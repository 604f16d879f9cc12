import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  answerUser,
  commandUserAdd,
  commandUserChange,
  commandUserPassword,
  userName,
  type AnswerUser,
} from '../../../schemas/user.ts'
import { changeOf, rightsOf } from '../../access/user-journal.ts'
import type { User } from '../../access/user-record.ts'
import type { UserOutcome } from '../../access/users.ts'
import { problems, type Api } from '../api.ts'
import { notFound, ProblemError } from '../problem.ts'
import { noteAccess } from '../record-access.ts'
import type { Services } from '../services.ts'

const tags = ['users']
const params = z.strictObject({ user: userName })

/** People whose passwords are kept here. */
export function userRoutes(api: Api, services: Services): void {
  const { access, config } = services
  const { users, sessions } = access

  api.get(
    '/users',
    {
      schema: {
        tags,
        summary: 'People who sign in with a password, by name',
        response: { 200: z.strictObject({ items: z.array(answerUser) }), ...problems },
      },
    },
    async () => {
      const counts = sessions.counts()
      return { items: users.list().map((user) => answerOf(user, counts.get(user.user) ?? 0)) }
    },
  )

  api.post(
    '/users',
    {
      schema: {
        tags,
        summary: 'Let somebody sign in; the first one must be an administrator',
        body: commandUserAdd,
        response: { 201: answerUser, ...problems },
      },
    },
    async (request, reply) => {
      requireKnownRegions(services, request.body.regions)
      const { user: name } = request.body
      if (config.apiKeys.some((key) => key.name.toLowerCase() === name)) {
        throw new ProblemError(409, `An API key is called ${name}: give the user another name.`)
      }
      const user = done(await users.add(request.body), name)
      await noteAccess(services, request.caller.actor, 'UserAdded', rightsOf(user))
      return reply.code(201).send(answerOf(user, 0))
    },
  )

  api.post(
    '/users/:user/change',
    {
      schema: {
        tags,
        summary: 'Change what somebody may do, or keep them out; their sessions end',
        params,
        body: commandUserChange,
        response: { 200: answerUser, ...problems },
      },
    },
    async (request) => {
      const { user: name } = request.params
      requireAnother(request, name, 'rights')
      requireKnownRegions(services, request.body.regions ?? undefined)
      const user = done(users.change(name, request.body), name)
      await noteAccess(services, request.caller.actor, 'UserChanged', changeOf(user))
      return answerOf(user, 0)
    },
  )

  api.post(
    '/users/:user/password',
    {
      schema: {
        tags,
        summary: 'Give somebody a new password; their sessions end',
        params,
        body: commandUserPassword,
        response: { 200: answerUser, ...problems },
      },
    },
    async (request) => {
      const { user: name } = request.params
      if (request.signedIn?.session.actor === name) {
        throw new ProblemError(409, "One's own password is changed at /v1/session/password.")
      }
      const user = done(await users.setPassword(name, request.body.password), name)
      await noteAccess(services, request.caller.actor, 'UserChanged', changeOf(user, 'passwordSet'))
      return answerOf(user, 0)
    },
  )

  api.delete(
    '/users/:user',
    {
      schema: {
        tags,
        summary: 'Remove somebody; what they have done stays theirs',
        params,
        response: { 204: z.undefined(), ...problems },
      },
    },
    async (request, reply) => {
      const { user: name } = request.params
      requireAnother(request, name, 'account')
      done(users.remove(name), name)
      await noteAccess(services, request.caller.actor, 'UserRemoved', { user: name })
      return reply.code(204).send()
    },
  )
}

/** Nobody gives themselves more, and nobody locks themselves out. */
function requireAnother({ caller }: FastifyRequest, name: string, what: string): void {
  if (caller.actor !== name) return
  throw new ProblemError(409, `Nobody changes their own ${what}: another administrator can.`)
}

function requireKnownRegions({ config }: Services, asked: readonly string[] | undefined): void {
  const known = new Set(config.regions.map(({ id }) => id))
  const unknown = asked?.findIndex((id) => !known.has(id)) ?? -1
  if (unknown < 0) return
  throw new ProblemError(400, 'The body is not as it should be.', {
    errors: [{ in: 'body', pointer: `/regions/${unknown}`, detail: 'is no region of the configuration' }],
  })
}

function done(outcome: UserOutcome, name: string): User {
  switch (outcome.kind) {
    case 'done':
      return outcome.user
    case 'unknown':
      throw notFound('user', name)
    case 'exists':
      throw new ProblemError(409, `There is a user ${name} already.`)
    case 'full':
      throw new ProblemError(409, 'There are as many users as there may be (maxUsers).')
    case 'no-administrator':
      throw new ProblemError(
        409,
        'An administrator must remain who is not disabled, or users could not be changed.',
      )
  }
}

function answerOf(user: User, sessions: number): AnswerUser {
  const { name, disabled, addedAt, changedAt } = user
  return {
    ...rightsOf(user),
    ...(name === undefined ? {} : { name }),
    disabled,
    addedAt,
    changedAt,
    sessions,
  }
}
