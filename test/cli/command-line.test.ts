import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLog } from '../../src/cli/open-data.ts'
import { startStandIn } from '../event-log/esdb-stand-in/stand-in.ts'
import { until } from '../pipeline/until.ts'
import { runCli, startCli, type RunningCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'

const commands = ['serve', 'import', 'simulate', 'replay', 'export', 'log', 'projections', 'customer']

describe('causeway --help', () => {
  test('names every command and ends with 0', async () => {
    const { exitCode, stdout } = await runCli(['--help'])
    expect(exitCode).toBe(0)
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
    expect(stdout).toContain('Exit codes')
  })

  test.each(commands)('%s --help says what it does', async (command) => {
    const { exitCode, stdout, stderr } = await runCli([command, '--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain(`Usage: causeway ${command}`)
    expect(stdout).toMatch(/^Exit codes?:/m)
  })

  test('--version prints it', async () => {
    expect(await runCli(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.0.0-test\n' })
  })
})

describe('a wrong command line or setting ends with 2 and says what is wrong', () => {
  test.each([
    [['nonsense'], /unknown command/],
    [['serve', '--nonsense'], /unknown option/],
    [
      ['export', '--what', 'everything'],
      /Allowed choices are events, complaints, attributions, unexplained, outages/,
    ],
    [['export', '--what', 'events', '--format', 'geojson'], /no GeoJSON form/],
    [['export', '--what', 'outages', '--format', 'parquet'], /name a file with --out/],
    [['log', 'cat', '--limit', 'many'], /must be a whole number/],
    [['customer', 'erase'], /either --ref or --phone-stdin/],
    [['serve', '--log', 'sqlite'], /log: must be lmdb, memory or esdb/],
    [['serve', '--role', 'writer'], /role: must be both, correlator, reader/],
    [['serve', '--role', 'reader'], /role: a reader shares its log .* put the log into EventStoreDB/],
    [
      ['serve', '--role', 'correlator', '--log', 'esdb://127.0.0.1:1'],
      /vault: a correlator shares .*--vault http/,
    ],
    [['serve', '--vault', 'elsewhere'], /vault: must be own or http/],
    [['serve', '--port', 'eighty'], /^causeway: port: must be a whole number from 0 to 65535 /],
    [['serve', '--port', '65536'], /^causeway: port: must be a whole number from 0 to 65535 /],
    [['serve', '--config', 'there-is-none.json'], /there-is-none\.json cannot be read \(ENOENT\)/],
    [
      ['serve', '--host', '0.0.0.0', '--log', 'memory'],
      /nobody is known who may call: add an administrator .*CAUSEWAY_API_KEYS/,
    ],
  ])('%j', async (args, message) => {
    const { exitCode, stderr } = await runCli(args)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('what cannot be done ends with 1 and one line that says what to do', () => {
  const wrong: [string[], RegExp][] = [
    [
      ['serve', '--log', 'esdb://admin:secret@[::'],
      /the log setting esdb:\/\/\[:: cannot be used: write esdb:/,
    ],
    [['log', 'info', '--data', 'there-is-no-such-folder'], /holds no log: name the folder with --data/],
    [['replay', '--data', 'there-is-no-such-folder'], /holds no log/],
  ]
  test.each(wrong)('%j', async (args, message) => {
    const { exitCode, stderr } = await runCli(args)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test('a file of settings that is wrong is named, and a key in it is not repeated', async () => {
    const file = join(tempFolder(), 'settings.json')
    writeFileSync(file, JSON.stringify({ apiKeys: [{ name: 'noc', key: 'secret' }] }))
    const { exitCode, stderr } = await runCli(['serve', '--config', file])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('apiKeys.0.key: must have at least 16 characters')
    expect(stderr).not.toContain('secret')
  })

  test('a port that is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void holder.close())
    await until(() => holder.listening)
    const { port } = holder.address() as AddressInfo
    const { exitCode, stderr } = await runCli(['serve', '--log', 'memory', '--port', String(port)])
    expect(exitCode).toBe(1)
    expect(stderr).toBe(
      `causeway: port ${port} on 127.0.0.1 is taken: stop what uses it, or choose another with --port\n`,
    )
  })

  test('a data folder that another process holds', async () => {
    const data = tempFolder()
    const log = await openLog({ data, log: 'lmdb', logPrefix: 'causeway' }, Date.now)
    onTestFinished(() => log.close())
    const { exitCode, stderr } = await runCli(['serve', '--data', data, '--port', '0'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/is in use by process \d+ .*: stop that process, or use another folder\n$/)
  })

  test('a file to import that is not there, and nothing is made for it', async () => {
    const data = join(tempFolder(), 'data')
    for (const args of [
      ['alarms', 'none.csv'],
      ['events', 'none.csv'],
      ['places', 'none.csv'],
      ['history', 'alarms=none.csv'],
    ]) {
      const { exitCode, stderr } = await runCli(['import', ...args, '--data', data])
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/^causeway: none\.csv cannot be read: ENOENT/)
    }
    expect(existsSync(data)).toBe(false)
  })

  test.skipIf(process.getuid?.() === 0)('a data folder that cannot be written', async () => {
    const data = tempFolder()
    chmodSync(data, 0o500)
    const { exitCode, stderr } = await runCli(['serve', '--data', data, '--port', '0'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/cannot be written \(EACCES\): choose another with --data/)
  })
})

describe('serve', () => {
  const urlOf = async (cli: RunningCli) => {
    await Promise.race([until(() => cli.stdout().includes('listens on')), cli.done])
    return /http:\S+/.exec(cli.stdout())?.[0] ?? ''
  }

  test('takes host, port and log from the environment, answers, and stops in good order with 0', async () => {
    const cli = startCli(['serve'], {
      env: { CAUSEWAY_HOST: '127.0.0.1', CAUSEWAY_PORT: '0', CAUSEWAY_LOG: 'memory' },
    })
    const url = await urlOf(cli)
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'up' })
    await until(async () => (await fetch(`${url}/ready`)).status === 200)
    cli.stop()
    expect(await cli.done).toMatchObject({ exitCode: 0, stderr: '' })
  })

  test('on EventStoreDB holds its data folder against a second process, whatever the log', async () => {
    const standIn = await startStandIn()
    onTestFinished(() => standIn.close())
    const args = ['serve', '--log', standIn.connectionString, '--data', tempFolder(), '--port', '0']
    const cli = startCli(args)
    await urlOf(cli)
    const { exitCode, stderr } = await runCli(args)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/is in use by process \d+ .*: stop that process, or use another folder\n$/)
    cli.stop()
    expect(await cli.done).toMatchObject({ exitCode: 0, stderr: '' })
  })

  const restarted: [string, () => Promise<Record<string, string>>][] = [
    ['the embedded log', async () => ({})],
    [
      'EventStoreDB',
      async () => {
        const standIn = await startStandIn()
        onTestFinished(() => standIn.close())
        return { CAUSEWAY_LOG: standIn.connectionString, CAUSEWAY_LOG_PREFIX: 'south' }
      },
    ],
  ]
  test.each(restarted)('keeps what it was told over a restart: %s', async (_, environment) => {
    const data = tempFolder()
    const args = ['serve', '--data', data, '--port', '0']
    const env = await environment()
    const first = startCli(args, { env })
    const line = {
      type: 'CoverageGapReported',
      source: 'planning',
      occurredAt: '2026-03-01T00:00:00Z',
      data: {
        gapId: 'G1',
        kind: 'blind-spot',
        area: { kind: 'circle', center: [113.3, 23.1], radiusMeters: 80 },
      },
    }
    const sent = await fetch(`${await urlOf(first)}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${JSON.stringify(line)}\n`,
    })
    expect(await sent.json()).toMatchObject({ stored: 1 })
    first.stop()
    expect(await first.done).toMatchObject({ exitCode: 0 })
    const second = startCli(args, { env })
    await until(async () => (await fetch(`${await urlOf(second)}/ready`)).status === 200)
    second.stop()
    await second.done
    const { stdout } = await runCli(['log', 'cat', '--data', data, '--stream', 'gap-G1'], { env })
    expect(JSON.parse(stdout)).toMatchObject({ type: 'CoverageGapReported', revision: 0 })
  })
})
