import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import { addUser, password, signIn, type Browser } from './signed-in.ts'

const config = configSchema.parse({
  apiKeys: [{ name: 'crm', key: 'crm-key-0123456789', roles: ['agent'] }],
  regions: [
    { id: 'south', name: 'South', area: { kind: 'circle', center: [113.3, 23], radiusMeters: 9_000 } },
  ],
})

let started: StartedApp
let root: Browser
beforeEach(async () => {
  started = await startApp({ at: '2026-03-01T08:00:00.000Z', config })
  await addUser(started, 'root', { roles: ['administrator'] })
  root = await signIn(started, 'root')
})
afterEach(() => started.stop())

const asRoot = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  started.send(method, url, payload, { ...root.headers })
const ana = { user: 'ana', roles: ['agent'], password }
const statusOf = async ({ cookie }: Browser) =>
  (await started.send('GET', '/v1/session', undefined, { cookie })).status

describe('users', () => {
  test('are added, listed without their passwords, and recorded', async () => {
    const added = await asRoot('POST', '/v1/users', { ...ana, name: '安娜', regions: ['south'] })
    expect(added).toMatchObject({
      status: 201,
      body: { user: 'ana', regions: ['south'], personalData: false },
    })
    await signIn(started, 'ana')
    const { body } = await asRoot('GET', '/v1/users')
    expect(body['items']).toMatchObject([
      { user: 'ana', name: '安娜', sessions: 1 },
      { user: 'root', sessions: 1 },
    ])
    expect(JSON.stringify(body)).not.toMatch(/argon2|hash/i)
    const events = []
    for await (const batch of started.services.log.readAll()) events.push(...batch)
    const written = events.find(({ type }) => type === 'UserAdded')
    expect(written).toMatchObject({
      data: { user: 'ana', roles: ['agent'], regions: ['south'], personalData: false },
      meta: { actor: 'root' },
    })
    expect(JSON.stringify(events)).not.toContain(password)
  })

  test('need a long password, a name of their own, and regions that there are', async () => {
    const short = await asRoot('POST', '/v1/users', { ...ana, password: 'short' })
    expect(short).toMatchObject({ status: 400, body: { errors: [{ pointer: '/password' }] } })
    expect(JSON.stringify(short.body)).not.toContain('"short"')
    expect((await asRoot('POST', '/v1/users', { ...ana, user: 'crm' })).status).toBe(409)
    expect((await asRoot('POST', '/v1/users', { ...ana, user: 'ROOT' })).status).toBe(409)
    expect((await asRoot('POST', '/v1/users', { ...ana, user: 'oidc:ana' })).status).toBe(400)
    expect((await asRoot('POST', '/v1/users', { ...ana, regions: ['north'] })).status).toBe(400)
  })

  test('whose rights change have them at once, and must sign in again', async () => {
    await asRoot('POST', '/v1/users', ana)
    const before = await signIn(started, 'ana')
    const changed = await asRoot('POST', '/v1/users/ana/change', { roles: ['analyst'], personalData: true })
    expect(changed).toMatchObject({ status: 200, body: { roles: ['analyst'], personalData: true } })
    expect(await statusOf(before)).toBe(401)
    const after = await signIn(started, 'ana')
    const { body } = await started.send('GET', '/v1/session', undefined, { cookie: after.cookie })
    expect(body).toMatchObject({ roles: ['analyst'], personalData: true })
  })

  test('who are kept out, removed, or given another password are signed out', async () => {
    for (const [at, act] of [
      async () => asRoot('POST', '/v1/users/ana/change', { disabled: true }),
      async () => asRoot('POST', '/v1/users/ana/password', { password: 'another long password' }),
      async () => asRoot('DELETE', '/v1/users/ana'),
    ].entries()) {
      if (at > 0) await asRoot('DELETE', '/v1/users/ana')
      await asRoot('POST', '/v1/users', ana)
      const browser = await signIn(started, 'ana')
      expect((await act()).status).toBeLessThan(300)
      expect(await statusOf(browser)).toBe(401)
      await expect(signIn(started, 'ana')).rejects.toThrow('wrong')
    }
  })

  test('change their own password, knowing the old one, and stay signed in here alone', async () => {
    await asRoot('POST', '/v1/users', ana)
    const [here, elsewhere] = [await signIn(started, 'ana'), await signIn(started, 'ana')]
    const change = (current: string) =>
      started.send(
        'POST',
        '/v1/session/password',
        { current, password: 'a new long password' },
        { ...here.headers },
      )
    expect((await change('wrong')).status).toBe(401)
    const changed = await change(password)
    expect(changed.status).toBe(201)
    expect(await statusOf(elsewhere)).toBe(401)
    const cookie = String(changed.headers['set-cookie']).split(';')[0] ?? ''
    expect((await started.send('GET', '/v1/session', undefined, { cookie })).status).toBe(200)
    await signIn(started, 'ana', 'a new long password')
    const byKey = await started.send(
      'POST',
      '/v1/session/password',
      { current: password, password },
      { 'x-api-key': 'crm-key-0123456789' },
    )
    expect(byKey.status).toBe(409)
  })

  test('nobody changes their own rights, and an administrator always remains', async () => {
    expect((await asRoot('POST', '/v1/users/root/change', { personalData: true })).status).toBe(409)
    expect((await asRoot('POST', '/v1/users/root/change', { roles: ['agent'] })).status).toBe(409)
    expect((await asRoot('DELETE', '/v1/users/root')).status).toBe(409)
    await asRoot('POST', '/v1/users', { ...ana, user: 'second', roles: ['administrator'] })
    const second = await signIn(started, 'second')
    const removed = await started.send('DELETE', '/v1/users/root', undefined, { ...second.headers })
    expect(removed.status).toBe(204)
    expect(started.services.access.users.remove('second').kind).toBe('no-administrator')
    expect(started.services.access.users.change('second', { disabled: true }).kind).toBe('no-administrator')
  })

  test('the first one is an administrator', async () => {
    const fresh = await startApp()
    expect((await fresh.send('POST', '/v1/users', ana)).status).toBe(409)
    expect((await fresh.send('POST', '/v1/users', { ...ana, roles: ['administrator'] })).status).toBe(201)
    expect((await fresh.send('GET', '/v1/users')).status).toBe(401)
    await fresh.stop()
  })
})
