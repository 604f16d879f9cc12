import { afterEach, describe, expect, test } from 'vitest'
import { configSchema, type Config } from '../../src/config/config.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import { addUser, password, signIn } from './signed-in.ts'

const at = '2026-03-01T08:00:00.000Z'
let started: StartedApp
afterEach(() => started.stop())

async function startWithPeople(config: Partial<Config> = {}) {
  started = await startApp({ at, config })
  await addUser(started, 'root', { roles: ['administrator'] })
  await addUser(started, 'ana', { name: 'Ana', roles: ['agent'] })
}
const limits = (some: Partial<Config['limits']>) => configSchema.parse({ limits: some }).limits
const post = (payload: object, headers: Record<string, string> = {}) =>
  started.send('POST', '/v1/session', payload, headers)
const who = (cookie: string) => started.send('GET', '/v1/session', undefined, { cookie })

async function accessEvents(): Promise<{ type: string; actor: string; data: Record<string, unknown> }[]> {
  const found = []
  for await (const batch of started.services.log.readAll()) {
    for (const { type, data, meta } of batch) {
      if (/^(Sign|Access|User)/.test(type)) {
        found.push({ type, actor: meta.actor, data: data as Record<string, unknown> })
      }
    }
  }
  return found
}

describe('signing in', () => {
  test('gives a session in a cookie that no script reads, and tells who one is', async () => {
    await startWithPeople()
    const answer = await post({ user: ' ANA ', password })
    expect(answer).toMatchObject({
      status: 201,
      body: { actor: 'ana', name: 'Ana', by: 'password', roles: ['agent'], personalData: false },
    })
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(/^causeway-session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(JSON.stringify(answer.body)).not.toContain(cookie.split(/[=;]/)[1])
    const { body } = await who(cookie.split(';')[0] ?? '')
    expect(body).toMatchObject({ actor: 'ana', expiresAt: '2026-03-01T20:00:00.000Z' })
    expect(body).not.toHaveProperty('passwordHash')
  })

  test('over https the cookie is bound to the host and secure', async () => {
    await startWithPeople({ publicUrl: 'https://causeway.example' })
    const answer = await post({ user: 'ana', password }, { origin: 'https://causeway.example' })
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-causeway-session=.*; Secure/)
  })

  test('says the same of a wrong name, a wrong password and a user who is kept out', async () => {
    await startWithPeople()
    await addUser(started, 'out', { roles: ['agent'] })
    started.services.access.users.change('out', { disabled: true })
    const said = await Promise.all(
      [
        { user: 'ana', password: 'wrong' },
        { user: 'nobody', password },
        { user: 'out', password },
        { user: 'not a name!', password },
      ].map((typed) => post(typed)),
    )
    for (const { status, body } of said) {
      expect(status).toBe(401)
      expect(body).toEqual(said[0]?.body)
    }
    // What stood in the place of a name may have been a password: it is not recorded.
    const refused = (await accessEvents()).filter(({ type }) => type === 'SignInRefused')
    expect(refused.map(({ data }) => [data['reason'], data['user']])).toEqual(
      expect.arrayContaining([
        ['wrong-password', 'ana'],
        ['unknown-user', undefined],
        ['disabled', 'out'],
      ]),
    )
    expect(JSON.stringify(await accessEvents())).not.toContain(password)
  })

  test('once there are users, nobody comes in without a key or a session, on loopback either', async () => {
    started = await startApp({ at })
    expect((await started.send('GET', '/v1/outages')).status).toBe(200)
    expect((await started.send('GET', '/v1/session')).body).toMatchObject({
      by: 'nothing',
      actor: 'unverified',
    })
    await addUser(started, 'root', { roles: ['administrator'] })
    expect((await started.send('GET', '/v1/outages')).status).toBe(401)
    const { cookie } = await signIn(started, 'root')
    expect((await started.send('GET', '/v1/outages', undefined, { cookie })).status).toBe(200)
  })
})

describe('a session', () => {
  test('changes things only with its token and from our own pages', async () => {
    await startWithPeople()
    const { cookie, csrfToken, headers } = await signIn(started, 'ana')
    const assist = (sent: Record<string, string>) =>
      started.send('POST', '/v1/assist', { text: 'no signal' }, sent)
    expect((await assist({ cookie })).status).toBe(403)
    expect((await assist({ cookie, 'x-csrf-token': 'another' })).status).toBe(403)
    expect((await assist({ ...headers, origin: 'https://evil.example' })).status).toBe(403)
    expect((await assist({ ...headers, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await assist(headers)).status).toBe(200)
    expect((await assist({ ...headers, origin: 'http://localhost:80' })).status).toBe(200)
    const other = await signIn(started, 'ana')
    expect((await assist({ cookie: other.cookie, 'x-csrf-token': csrfToken })).status).toBe(403)
    expect(await accessEvents()).toContainEqual({
      type: 'AccessRefused',
      actor: 'unverified',
      data: { method: 'POST', route: '/v1/assist', reason: 'csrf' },
    })
  })

  test('signing in from another site is refused', async () => {
    await startWithPeople()
    expect((await post({ user: 'ana', password }, { origin: 'https://evil.example' })).status).toBe(403)
  })

  test('has the rights of its user, and names them as the actor', async () => {
    await startWithPeople()
    const { headers } = await signIn(started, 'ana')
    const draft = { id: 'C-1', text: 'no signal', place: { point: [113.3, 23.1] } }
    expect((await started.send('POST', '/v1/complaints', draft, headers)).status).toBe(201)
    for await (const [event] of started.services.log.readStream('complaint-C-1')) {
      expect(event?.meta.actor).toBe('ana')
    }
    const refused = await started.send('POST', '/v1/rulesets', {}, headers)
    expect(refused).toMatchObject({ status: 403, body: { roles: ['administrator'] } })
    expect(await accessEvents()).toContainEqual({
      type: 'AccessRefused',
      actor: 'ana',
      data: { method: 'POST', route: '/v1/rulesets', reason: 'role' },
    })
  })

  test('ends when it is signed out of, unused for long, or old', async () => {
    await startWithPeople({ limits: limits({ sessionIdleMs: 3_600_000, sessionMs: 7_200_000 }) })
    const gone = await signIn(started, 'ana')
    expect((await started.send('DELETE', '/v1/session', undefined, gone.headers)).status).toBe(204)
    expect((await who(gone.cookie)).status).toBe(401)

    const idle = await signIn(started, 'ana')
    const used = await signIn(started, 'ana')
    await started.goTo('2026-03-01T08:50:00.000Z')
    expect((await who(used.cookie)).status).toBe(200)
    await started.goTo('2026-03-01T09:40:00.000Z')
    expect((await who(idle.cookie)).status).toBe(401)
    expect((await who(used.cookie)).status).toBe(200)
    await started.goTo('2026-03-01T10:00:00.000Z')
    expect((await who(used.cookie)).status).toBe(401)
    expect((await accessEvents()).map(({ type }) => type)).toContain('SignedOut')
  })

  test('of one person there are so many, and the oldest ends', async () => {
    await startWithPeople({ limits: limits({ maxSessionsPerUser: 2 }) })
    const first = await signIn(started, 'ana')
    await started.goTo('2026-03-01T08:00:01.000Z')
    const second = await signIn(started, 'ana')
    await started.goTo('2026-03-01T08:00:02.000Z')
    const third = await signIn(started, 'ana')
    const stands = await Promise.all(
      [first, second, third].map(async ({ cookie }) => (await who(cookie)).status),
    )
    expect(stands).toEqual([401, 200, 200])
  })

  test('reads the live feed by its cookie, which ends with it', async () => {
    await startWithPeople({ limits: limits({ liveHeartbeatMs: 20 }) })
    const { cookie, headers } = await signIn(started, 'ana')
    const url = await started.app.listen({ host: '127.0.0.1', port: 0 })
    expect((await fetch(`${url}/v1/live`)).status).toBe(401)
    const feed = await fetch(`${url}/v1/live`, { headers: { cookie } })
    expect(feed.status).toBe(200)
    const ended = feed.text()
    expect((await started.send('DELETE', '/v1/session', undefined, headers)).status).toBe(204)
    expect(await ended).toContain(':')
  })
})

describe('guessing', () => {
  test('a name is tried so often in a while, whether there is such a user or not; a key goes on working', async () => {
    const apiKeys = configSchema.parse({ apiKeys: [{ name: 'crm', key: 'crm-key-0123456789' }] }).apiKeys
    await startWithPeople({ apiKeys, limits: limits({ maxSignInsPerAccount: 3, signInWindowMs: 60_000 }) })
    for (const user of ['ana', 'nobody']) {
      const statuses = []
      for (let attempt = 0; attempt < 4; attempt += 1) {
        statuses.push((await post({ user, password: 'wrong' })).status)
      }
      expect(statuses).toEqual([401, 401, 401, 429])
    }
    const right = await post({ user: 'ana', password })
    expect(right).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
    expect(
      (await started.send('GET', '/v1/outages', undefined, { 'x-api-key': 'crm-key-0123456789' })).status,
    ).toBe(200)
    await started.goTo('2026-03-01T08:01:00.000Z')
    expect((await post({ user: 'ana', password })).status).toBe(201)
    expect((await accessEvents()).map(({ data }) => data['reason'])).toContain('too-many-attempts')
  })

  test('many attempts at once gain nothing', async () => {
    await startWithPeople({ limits: limits({ maxSignInsPerAccount: 2 }) })
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post({ user: 'ana', password: 'wrong' })),
    )
    expect(answers.filter(({ status }) => status === 401).length).toBe(2)
  })

  test('an address tries so many names, and signing in counts for nothing', async () => {
    await startWithPeople({ limits: limits({ maxSignInsPerAddress: 2 }) })
    for (let time = 0; time < 4; time += 1) expect((await post({ user: 'ana', password })).status).toBe(201)
    expect((await post({ user: 'a', password })).status).toBe(401)
    expect((await post({ user: 'b', password })).status).toBe(401)
    expect((await post({ user: 'c', password })).status).toBe(429)
  })
})
