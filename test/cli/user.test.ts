import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCli, startCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'
import { until } from '../pipeline/until.ts'

const password = 'correct horse battery'

function userCommand(data: string) {
  return (args: readonly string[], stdin = '') => runCli(['user', ...args, '--data', data], { stdin })
}

test('users are added, listed, changed and removed; passwords come by standard input and are never shown', async () => {
  const user = userCommand(tempFolder())
  expect(await user(['list'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nobody') })
  const agentFirst = await user(['add', 'ana', '--roles', 'agent'], `${password}\n`)
  expect(agentFirst).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('administrator') })
  expect(await user(['add', 'Root', '--roles', 'administrator'], `${password}\n`)).toMatchObject({
    exitCode: 0,
    stdout: 'root may sign in now\n',
  })
  const ana = ['add', 'ana', '--roles', 'agent,analyst', '--name', '安娜', '--personal-data']
  expect((await user(ana, `${password}\n`)).exitCode).toBe(0)
  expect((await user(ana, `${password}\n`)).stderr).toContain('there is a user ana already')
  expect((await user(['list'])).stdout).toBe('ana  安娜  agent,analyst  personal data\nroot  administrator\n')
  expect(
    (await user(['set', 'ana', '--roles', 'operations', '--no-personal-data', '--disabled'])).exitCode,
  ).toBe(0)
  const json = await user(['list', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject([
    { user: 'ana', roles: ['operations'], personalData: false, disabled: true },
    { user: 'root' },
  ])
  expect(json.stdout).not.toMatch(/argon2|correct/)
  expect(await user(['remove', 'root'])).toMatchObject({ exitCode: 1 })
  expect((await user(['remove', 'ana'])).exitCode).toBe(0)
  expect((await user(['remove', 'root'])).exitCode).toBe(0)
})

test('what cannot be is refused, and says what to do', async () => {
  const user = userCommand(tempFolder())
  const cases: readonly (readonly [readonly string[], string, number, RegExp])[] = [
    [['add', 'ana', '--roles', 'agent', '--regions', 'south'], '', 2, /has no region south/],
    [['add', 'ana', '--roles', 'boss'], '', 2, /--roles \(agent, /],
    [['add', 'ana'], '', 2, /--roles/],
    [['add', 'a b', '--roles', 'agent'], '', 2, /letters, digits/],
    [['add', 'ana', '--roles', 'agent'], 'short\n', 1, /at least 12 characters; nothing was changed/],
    [['add', 'ana', '--roles', 'agent'], '', 1, /standard input holds no password/],
    [['set', 'ana'], '', 2, /say what to change/],
    [['set', 'ana', '--roles', 'agent'], '', 1, /there is no user ana/],
    [['password', 'ana'], '', 1, /there is no user ana/],
  ]
  for (const [args, stdin, exitCode, said] of cases) {
    const run = await user(args, stdin)
    expect(run.stderr, args.join(' ')).toMatch(said)
    expect(run.exitCode, args.join(' ')).toBe(exitCode)
    expect(run.stderr).not.toContain('short')
  }
})

test('beside a running server: it knows of users at once, and a restart signs nobody out', async () => {
  const data = join(tempFolder(), 'data')
  mkdirSync(data)
  const config = join(data, '..', 'config.json')
  writeFileSync(config, JSON.stringify({ limits: { sessionIdleMs: 3_600_000 } }))
  const serve = async () => {
    const cli = startCli(['serve', '--data', data, '--port', '0', '--config', config])
    onTestFinished(async () => {
      cli.stop()
      await cli.done
    })
    await Promise.race([until(() => cli.stdout().includes('listens on')), cli.done])
    return { cli, url: /http:\S+/.exec(cli.stdout())?.[0] ?? '' }
  }
  const user = userCommand(data)
  const first = await serve()
  expect((await fetch(`${first.url}/v1/outages`)).status).toBe(200)
  await user(['add', 'root', '--roles', 'administrator'], `${password}\n`)
  expect((await fetch(`${first.url}/v1/outages`)).status).toBe(401)
  const signedIn = await fetch(`${first.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'root', password }),
  })
  expect(signedIn.status).toBe(201)
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const stands = async (url: string) => (await fetch(`${url}/v1/outages`, { headers: { cookie } })).status
  expect(await stands(first.url)).toBe(200)
  first.cli.stop()
  await first.cli.done

  // Without a server: the next one records it.
  await user(['add', 'ana', '--roles', 'agent'], `${password}\n`)
  const second = await serve()
  const recorded = async () => {
    const answer = await fetch(`${second.url}/v1/audit?type=UserAdded`, { headers: { cookie } })
    return ((await answer.json()) as { items: { actor: string }[] }).items
  }
  await until(async () => (await recorded()).length > 0)
  expect((await recorded())[0]).toMatchObject({ actor: expect.stringMatching(/^cli/), type: 'UserAdded' })
  expect(await stands(second.url)).toBe(200)
  await user(['password', 'root'], 'another long password\n')
  expect(await stands(second.url)).toBe(401)
})
