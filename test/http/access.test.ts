import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roles, type Role } from '../../schemas/role.ts'
import { configSchema } from '../../src/config/config.ts'
import { openRoutes, rights } from '../../src/http/access-table.ts'
import { requireRights } from '../../src/http/require-rights.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import { whoMayWhat } from './who-may-what.ts'

const keyOf = (role: Role) => `key-of-${role}-0123456789`
const { apiKeys } = configSchema.parse({
  apiKeys: roles.map((role) => ({ name: role, key: keyOf(role), roles: [role] })),
})

let started: StartedApp
let served: readonly string[]

beforeAll(async () => {
  started = await startApp({ at: '2026-03-01T08:00:00.000Z', config: { apiKeys } })
  const { body } = await started.send<{ paths: Record<string, object> }>('GET', '/openapi.json')
  served = Object.entries(body.paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.slice('/v1'.length).replace(/\{(\w+)\}/g, ':$1')}`,
      ),
    )
})
afterAll(() => started.stop())

const listed = rights.flatMap((right) => right.routes.map((route) => ({ route, right })))

/** Calls a route with ids of nothing and an empty body: whoever may call it gets past the question of rights. */
async function call(route: string, headers: Record<string, string>) {
  const [method, path = ''] = route.split(' ')
  return started.app.inject({
    method: method === 'DELETE' || method === 'POST' || method === 'PUT' ? method : 'GET',
    url: `/v1${path.replace(/:\w+/g, 'X-1')}`,
    headers,
    // The live feed has no end.
    payloadAsStream: true,
  })
}

describe('who may do what', () => {
  test('every route is in exactly one right, and every right names routes that are served', () => {
    const names = [...openRoutes, ...listed.map(({ route }) => route)]
    expect([...names].sort()).toEqual([...served].sort())
    expect(new Set(names).size).toBe(names.length)
  })

  test.each(roles)(
    '%s may call what the table says, and is refused everything else by name',
    async (role) => {
      for (const { route, right } of listed) {
        const answer = await call(route, { 'x-api-key': keyOf(role) })
        if (right.roles.includes(role)) {
          expect([401, 403], `${role} ${route}`).not.toContain(answer.statusCode)
        } else {
          expect(answer.statusCode, `${role} ${route}`).toBe(403)
          expect(answer.headers['content-type']).toContain('application/problem+json')
        }
        answer.stream().destroy()
      }
    },
  )

  test('nobody may call any of it without a key', async () => {
    for (const { route } of listed) {
      const answer = await call(route, {})
      expect(answer.statusCode, route).toBe(401)
    }
  })

  test('only what people come in by is open to all', async () => {
    for (const route of openRoutes)
      expect([401, 403], route).not.toContain((await call(route, {})).statusCode)
  })

  test('a refusal names the roles that may', async () => {
    const { status, body } = await started.send('POST', '/v1/rulesets', {}, { 'x-api-key': keyOf('agent') })
    expect(status).toBe(403)
    expect(body).toMatchObject({ roles: ['administrator'], detail: expect.stringContaining('administrator') })
  })

  test('the documentation names the roles of every route', async () => {
    const { body } = await started.send<{ paths: Record<string, { post?: { 'x-roles'?: string[] } }> }>(
      'GET',
      '/openapi.json',
    )
    expect(body.paths['/v1/rulesets']?.post?.['x-roles']).toEqual(['administrator'])
  })

  test('the table in writing is current (renew it: npx vitest run test/http/access.test.ts -u)', async () => {
    await expect(whoMayWhat(rights, openRoutes)).toMatchFileSnapshot('who-may-what.md')
  })

  test('a route that is in no right keeps the server from starting', async () => {
    const app = Fastify()
    requireRights(app, started.services)
    expect(() => app.get('/surprise', async () => 'x')).toThrow('GET /surprise is in no right')
    await app.close()
  })
})

describe('what was done is taken back', () => {
  test('by whoever did it or by operations, and by nobody else', async () => {
    const as = (role: Role) => ({ 'x-api-key': keyOf(role) })
    const draft = { id: 'C-1', text: 'no signal', place: { point: [113.3, 23.1] } }
    expect((await started.send('POST', '/v1/complaints', draft, as('agent'))).status).toBe(201)
    const note = async (role: Role, text: string) => {
      const done = await started.send('POST', '/v1/complaints/C-1/note', { text }, as(role))
      expect(done.status, JSON.stringify(done.body)).toBe(201)
      await started.settle()
      return String(done.body['eventId'])
    }
    const undo = async (id: string, role: Role) =>
      (await started.send('POST', `/v1/acts/${id}/undo`, {}, as(role))).status
    const byOperations = await note('operations', 'one')
    expect(await undo(byOperations, 'agent')).toBe(403)
    expect(await undo(await note('agent', 'two'), 'agent')).toBe(201)
    expect(await undo(await note('agent', 'three'), 'operations')).toBe(201)
  })
})
