import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import { hostileValues, seededChoices, valueFor, type Schema } from './schema-values.ts'
import { addUser, signIn } from './signed-in.ts'

/* H1 where there are people: whatever is sent to come in or to change users, and by whatever cookie, nothing is a 500. */

let started: StartedApp
const limits = { maxSignInsPerAccount: 1_000_000, maxSignInsPerAddress: 1_000_000, maxUsers: 20 }

beforeAll(async () => {
  started = await startApp({
    config: configSchema.parse({
      limits,
      publicUrl: 'http://localhost',
      regions: ['E-1', 'C-1', 'CO-1', 'A-1', 'nms'].map((id) => ({
        id,
        name: id,
        area: { kind: 'circle', center: [113.3, 23], radiusMeters: 9_000 },
      })),
      // Nobody listens there.
      oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', roles: { a: ['agent'] }, timeoutMs: 500 },
    }),
  })
  await addUser(started, 'root', { roles: ['administrator'] })
  for (const user of ['ana', 'c-1', 'e-1']) await addUser(started, user)
})
afterAll(() => started.stop())

async function expectSound(request: InjectOptions, allowed: readonly number[] = []) {
  const answer = await started.app.inject(request)
  const said = `${JSON.stringify(request).slice(0, 400)} → ${answer.statusCode} ${answer.body.slice(0, 300)}`
  if (!allowed.includes(answer.statusCode)) expect(answer.statusCode, said).toBeLessThan(500)
  if (answer.statusCode >= 400) expect(answer.json(), said).toMatchObject({ status: answer.statusCode })
  expect(answer.body, said).not.toMatch(/\$argon2/)
  return answer.statusCode
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

test('H1: bodies to sign in, change passwords and keep users', async () => {
  const choices = seededChoices(20_261_124)
  const { body } = await started.send<{ paths: Record<string, Record<string, Operation>> }>(
    'GET',
    '/openapi.json',
  )
  const routes = Object.entries(body.paths)
    .filter(([path]) => /^\/v1\/(users|session)(\/|$)/.test(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
  expect(routes.length).toBeGreaterThan(8)
  const taken = new Set<string>()
  let browser = await signIn(started, 'root')
  for (const { path, method, operation } of routes) {
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
    for (let round = 0; round < 20; round += 1) {
      const share = [0, 0.05, 0.2, 0.5][round % 4] ?? 0
      const sent = schema === undefined ? undefined : valueFor(schema, choices, share)
      // A password that is long enough lets the request through to what lies behind.
      const payload =
        typeof sent === 'object' && sent !== null && 'password' in sent && choices.chance(0.5)
          ? { ...sent, password: 'correct horse battery' }
          : sent
      const name = choices.pick([
        'ana',
        'c-1',
        'e-1',
        '%00',
        '%F0%9F%92%A9',
        '__proto__',
        'a'.repeat(3_000),
        '%zz',
      ])
      const status = await expectSound(
        {
          method: method.toUpperCase() as 'GET',
          url: path.replace('{user}', name ?? 'ana'),
          headers: { ...browser.headers, 'content-type': 'application/json' },
          ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
        },
        // The provider is away, and says so.
        path.endsWith('/oidc') ? [503] : [],
      )
      if (status < 300) taken.add(`${method} ${path}`)
      const stands = await started.send('GET', '/v1/session', undefined, { cookie: browser.cookie })
      if (stands.status !== 200) browser = await signIn(started, 'root')
    }
  }
  // Some of it makes sense, or nothing would get past the first look.
  for (const route of ['post /v1/users/{user}/change', 'delete /v1/users/{user}']) {
    expect(taken).toContain(route)
  }
  await signIn(started, 'root')
})

test('H1: cookies, tokens, keys and origins that make no sense', async () => {
  const { cookie } = await signIn(started, 'root')
  const odd = hostileValues
    .filter((value) => typeof value === 'string')
    .map((value) => value.replace(/[^ -~]/g, ''))
  const cookies = [
    ...odd.flatMap((text) => [text, `causeway-session=${text}`, `${cookie}${text}`, `causeway-oidc=${text}`]),
    'causeway-session',
    'causeway-session=%',
    'causeway-session=a.b; causeway-session=c',
    '__proto__=x; constructor=y',
    ';;;=;=',
  ]
  for (const header of cookies) {
    await expectSound({ url: '/v1/session', headers: { cookie: header } })
    await expectSound({ url: '/v1/session/oidc/callback?code=x&state=y', headers: { cookie: header } })
    await expectSound({
      method: 'DELETE',
      url: '/v1/session',
      headers: { cookie: header, 'x-csrf-token': header },
    })
  }
  for (const text of odd) {
    await expectSound({ url: '/v1/session', headers: { authorization: text, 'x-api-key': text } })
    await expectSound({
      method: 'POST',
      url: '/v1/session',
      headers: { origin: text, 'sec-fetch-site': text },
      payload: { user: 'root', password: 'wrong' },
    })
    await expectSound({
      url: '/sign-in',
      query: { language: text, next: text },
      headers: { 'accept-language': text },
    })
  }
})
