import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { configSchema, loadConfig } from '../../src/config/config.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import { client, providerHere, signInAtProvider, type ProviderHere } from './oidc-provider-here.ts'
import { addUser, cookieIn, signIn } from './signed-in.ts'

const publicUrl = 'http://127.0.0.1:8620'
const callback = `${publicUrl}/v1/session/oidc/callback`
const people = {
  chen: { name: '陈静', preferred_username: 'chen', roles: ['noc-staff', 'other'], area: 'gz' },
  boss: { preferred_username: 'boss', roles: ['noc-staff', 'privacy'], area: 'all' },
  guest: { preferred_username: 'guest', roles: ['visitors'], area: 'gz' },
  lost: { preferred_username: 'lost', roles: ['noc-staff'], area: 'elsewhere' },
  root: { preferred_username: 'root', roles: ['noc-staff'], area: 'all' },
}

let provider: ProviderHere
let started: StartedApp
beforeEach(async () => {
  provider = await providerHere(people, callback)
  started = await startWith(provider.issuer)
})
afterEach(async () => {
  await started.stop()
  await provider.close()
})

function startWith(issuer: string) {
  const config = configSchema.parse({
    publicUrl,
    regions: [
      { id: 'south', name: 'South', area: { kind: 'circle', center: [113.3, 23], radiusMeters: 9_000 } },
    ],
    oidc: {
      issuer,
      clientId: client.id,
      clientSecret: client.secret,
      roles: { 'noc-staff': ['operations', 'agent'], privacy: ['agent'] },
      regionsClaim: 'area',
      regions: { gz: 'south', all: '*' },
      personalData: ['privacy'],
      timeoutMs: 2_000,
    },
  })
  return startApp({ config, at: new Date().toISOString() })
}

const begin = async (next = '/docs') => {
  const answer = await started.app.inject({ url: '/v1/session/oidc', query: { next } })
  return { answer, cookie: cookieIn(answer.headers['set-cookie']), to: String(answer.headers.location) }
}
/** All the way, in one browser. */
async function comeIn(person: string, next?: string) {
  const { cookie, to } = await begin(next)
  const back = await signInAtProvider(to, person, callback)
  return started.app.inject({ url: back.slice(publicUrl.length), headers: { cookie } })
}
const who = (cookie: string) => started.send('GET', '/v1/session', undefined, { cookie })

test('a person comes in by the provider, with the roles, regions and rights that their claims give', async () => {
  const answer = await comeIn('chen', '/docs?filter=outages')
  expect(answer.statusCode, answer.body).toBe(302)
  expect(answer.headers.location).toBe('/docs?filter=outages')
  const { body } = await who(cookieIn(answer.headers['set-cookie']))
  expect(body).toMatchObject({
    actor: 'oidc:chen',
    name: '陈静',
    by: 'oidc',
    roles: ['operations', 'agent'],
    regions: ['south'],
    personalData: false,
  })
  const boss = await who(cookieIn((await comeIn('boss')).headers['set-cookie']))
  expect(boss.body).toMatchObject({ actor: 'oidc:boss', personalData: true })
  expect(boss.body).not.toHaveProperty('regions')
})

test('PKCE, state and nonce are asked for', async () => {
  const { to } = await begin()
  const asked = new URL(to).searchParams
  expect(asked.get('code_challenge_method')).toBe('S256')
  for (const name of ['code_challenge', 'state', 'nonce']) expect(asked.get(name)?.length).toBeGreaterThan(20)
  expect(asked.get('redirect_uri')).toBe(callback)
})

test('who has no role or no region here is not let in, and is told why', async () => {
  for (const [person, why] of [
    ['guest', 'roles'],
    ['lost', 'area'],
  ] as const) {
    const answer = await comeIn(person)
    expect(answer.statusCode).toBe(403)
    expect(answer.json<{ detail: string }>().detail).toContain(why)
    expect(answer.headers['set-cookie']).toBeUndefined()
  }
})

test('an answer counts in the browser that asked, once, and nowhere else', async () => {
  const { cookie, to } = await begin()
  const back = (await signInAtProvider(to, 'chen', callback)).slice(publicUrl.length)
  const other = await begin()
  expect((await started.app.inject({ url: back })).statusCode).toBe(401)
  expect((await started.app.inject({ url: back, headers: { cookie: other.cookie } })).statusCode).toBe(401)
  expect((await started.app.inject({ url: back, headers: { cookie } })).statusCode).toBe(302)
  expect((await started.app.inject({ url: back, headers: { cookie } })).statusCode).toBe(401)
  for (const query of [
    '',
    '?code=x',
    '?code=x&state=y',
    '?error=access_denied&state=z',
    '?%00',
    '?code=a&code=b',
  ]) {
    const again = await begin()
    const url = `/v1/session/oidc/callback${query}`
    const answer = await started.app.inject({ url, headers: { cookie: again.cookie } })
    expect(answer.statusCode, query).toBe(401)
  }
})

test('somebody at the provider is never the user here who bears the same name', async () => {
  await addUser(started, 'root', { roles: ['administrator'] })
  const { body } = await who(cookieIn((await comeIn('root')).headers['set-cookie']))
  expect(body).toMatchObject({ actor: 'oidc:root', roles: ['operations', 'agent'] })
})

test('people go on at a path of this server and nowhere else', async () => {
  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'docs',
    '/\t/evil.example',
  ]) {
    expect((await comeIn('chen', next)).headers.location).toBe('/docs')
  }
})

test('while the provider is away that is said; passwords go on working, and it is asked again', async () => {
  const { issuer } = provider
  await provider.close()
  await addUser(started, 'root', { roles: ['administrator'] })
  const { answer } = await begin()
  expect(answer.statusCode).toBe(503)
  expect(answer.json<{ detail: string }>().detail).toContain('passwords and keys go on working')
  await signIn(started, 'root')
  provider = await providerHere(people, callback, Number(new URL(issuer).port))
  expect((await comeIn('chen')).statusCode).toBe(302)
})

test('people are told on the page to sign in, in their language', async () => {
  const headers = { accept: 'text/html,application/xhtml+xml', 'accept-language': 'zh-CN' }
  const { cookie, to } = await begin()
  const back = await signInAtProvider(to, 'guest', callback)
  const refused = await started.app.inject({
    url: back.slice(publicUrl.length),
    headers: { ...headers, cookie },
  })
  expect(refused).toMatchObject({ statusCode: 302, headers: { location: '/sign-in?problem=not-entitled' } })
  const page = await started.app.inject({ url: String(refused.headers.location), headers })
  expect(page.body).toContain('请联系管理员')
  await provider.close()
  const other = await startWith(provider.issuer)
  const away = await other.app.inject({ url: '/v1/session/oidc', headers })
  expect(away.headers.location).toBe('/sign-in?problem=unavailable')
  await other.stop()
})

test('a provider that takes the connection and says nothing is given up in time', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const other = await startWith(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  const answer = await other.app.inject({ url: '/v1/session/oidc' })
  expect(answer.statusCode).toBe(503)
  await other.stop()
  silent.close()
})

test('where a provider is configured, nobody comes in without saying who they are', async () => {
  expect((await started.send('GET', '/v1/outages')).status).toBe(401)
})

test('settings that cannot work are refused at the start', () => {
  const oidc = { issuer: 'https://sso.example', clientId: 'x', roles: { a: ['agent'] } }
  expect(() => loadConfig({ flags: { oidc } })).toThrow('publicUrl')
  const plain = { ...oidc, issuer: 'http://sso.example' }
  expect(() => loadConfig({ flags: { oidc: plain, publicUrl } })).toThrow('http is for this machine alone')
  const elsewhere = { ...oidc, regions: { x: 'north' } }
  expect(() => loadConfig({ flags: { oidc: elsewhere, publicUrl } })).toThrow('north is no region')
})
