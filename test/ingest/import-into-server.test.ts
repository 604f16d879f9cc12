import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../src/cli/start-server.ts'
import { loadConfig } from '../../src/config/config.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { importFolder, nowMs, ofType } from './import-into-folder.ts'

const alarms =
  'alarmId,elementId,raisedAt,clearedAt,probableCause\nA1,S1,2026-03-01T10:00Z,2026-03-01T11:00Z,down\nA2,,2026-03-01T10:00Z,,down\n'

describe('a running server', () => {
  test('takes the same files as a folder does, and stores nothing twice', async () => {
    const folder = importFolder()
    const server = await serverOn(folder.data)
    const files = {
      inventory: folder.file('net.csv', 'id,kind,name,lon,lat\nS1,site,One,113.3,23.1\n'),
      alarms: folder.file('alarms.csv', alarms),
      complaints: folder.file(
        'c.csv',
        'complaintId,reportedAt,phone,text,placeName\nC1,2026-03-01T12:00Z,13812345678,no signal,天河直街\n',
      ),
      places: folder.file('p.csv', 'name,lon,lat\n天河直街,113.331,23.131\n'),
    }
    for (const round of ['first', 'second']) {
      for (const kind of ['places', 'inventory', 'alarms', 'complaints'] as const) {
        const { told, exitCode } = await folder.run(kind, files[kind], '--url', server.url)
        const isKnown = round === 'second' && kind !== 'places'
        expect(told).toContain(isKnown ? '0 stored' : kind === 'alarms' ? '2 stored' : '1 stored')
        expect(exitCode).toBe(kind === 'alarms' ? 3 : 0)
      }
    }
    await server.close()
    const events = await folder.events()
    const [complaint] = ofType(events, 'ComplaintReceived')
    expect(complaint?.data).toMatchObject({
      symptom: 'no-signal',
      place: { location: { point: [113.331, 23.131] } },
    })
    expect(JSON.stringify(events)).not.toContain('13812345678')
    expect(await folder.unsealed('C1')).toMatchObject({ phone: '13812345678', text: 'no signal' })
    expect(ofType(events, 'AlarmCleared')).toHaveLength(1)
  })

  test('names by line what it refuses, and differing content', async () => {
    const folder = importFolder()
    const server = await serverOn(folder.data)
    const row = (text: string) =>
      folder.file(
        'a.csv',
        `alarmId,elementId,raisedAt,probableCause,text\nA1,S1,2026-03-01T10:00Z,down,${text}\n`,
      )
    await folder.run('alarms', row('one'), '--url', server.url)
    const { told, exitCode } = await folder.run('alarms', row('two'), '--url', server.url)
    expect(exitCode).toBe(3)
    expect(told).toMatch(/a\.csv, line 2: differs/)
    const future = folder.file(
      'f.csv',
      'alarmId,elementId,raisedAt,probableCause\nA3,S1,2026-03-01T10:00Z,down\nA4,S1,2027-03-01T10:00Z,down\n',
    )
    expect((await folder.run('alarms', future, '--url', server.url)).told).toMatch(/f\.csv, line 3: .*future/)
    await server.close()
  })

  test('that runs on a clock of today takes no history', async () => {
    const folder = importFolder()
    const result = await folder.run(
      'alarms',
      folder.file('a.csv', alarms),
      '--backfill',
      '--url',
      'http://127.0.0.1:1',
    )
    expect(result).toMatchObject({ exitCode: 2 })
    expect(result.message).toContain('--backfill needs --data')
  })
})

describe('a server that', () => {
  const answer = { received: 2, stored: 2, duplicates: 0, differing: 0, refused: 0, refusedLines: [] }

  test('is busy is sent the same again once it says so', async () => {
    const bodies: string[] = []
    const url = await stubServer((body, response) => {
      bodies.push(body)
      const busy = [429, 503][bodies.length - 1]
      response.writeHead(busy ?? 200, {
        'content-type': 'application/json',
        ...(busy && { 'retry-after': '0' }),
      })
      response.end(JSON.stringify(busy === undefined ? answer : {}))
    })
    const folder = importFolder()
    const { told } = await folder.run('alarms', folder.file('a.csv', alarms), '--url', url)
    expect(told).toContain('2 stored')
    expect(new Set(bodies).size).toBe(1)
    expect(bodies).toHaveLength(3)
  })

  test('refuses the whole request ends the import with its reason', async () => {
    const folder = importFolder()
    const file = folder.file('a.csv', alarms)
    const refusing = await stubServer((_body, response) =>
      response.writeHead(401).end('{"detail":"This needs an API key"}'),
    )
    expect(await folder.run('alarms', file, '--url', refusing)).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('This needs an API key') as string,
    })
  })
})

async function serverOn(data: string) {
  const config = loadConfig({ flags: { data, port: 0 } })
  const clock = virtualClock(nowMs)
  return startServer({
    config,
    clockFor: async () => clock,
    nowMs: () => nowMs,
    randomId: () => 'server',
    version: '0.0.0',
    onTrouble: () => {},
  })
}

async function stubServer(answer: (body: string, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => answer(body, response))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
