import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startApp, type StartedApp } from '../scenario/start-app.ts'
import { configSchema } from '../../src/config/config.ts'
import { until } from './ready.ts'

const atMs = Date.parse('2026-03-01T08:00:00.000Z')

interface Listening extends Pick<StartedApp, 'services'> {
  readonly settle: () => Promise<void>
  readonly url: string
  /** The server's ends of the connections there are. */
  readonly sockets: ReadonlySet<Socket>
}

async function listen(limits: Record<string, number>): Promise<Listening> {
  const started = await startApp({
    at: '2026-03-01T08:00:00.000Z',
    config: configSchema.parse({ log: 'memory', limits }),
  })
  onTestFinished(() => started.stop())
  const sockets = new Set<Socket>()
  started.app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return {
    services: started.services,
    settle: () => started.settle(),
    sockets,
    url: await started.app.listen({ host: '127.0.0.1', port: 0 }),
  }
}

/** A client that sends bytes as they are, and reads nothing until told to. */
async function rawClient(url: string, head: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.pause()
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write(head)
  return socket
}

const earlier = new Date(atMs - 60_000).toISOString()
/** Far enough apart to be troubles of their own. */
const pointOf = (number: number) => [110 + (number % 100) / 10, 20 + Math.floor(number / 100) / 10]
const line = (type: string, data: object) =>
  JSON.stringify({ type, source: 'crm', occurredAt: earlier, data })

function complaintLines(first: number, count: number): string {
  return Array.from({ length: count }, (_, offset) => {
    const complaintId = `C-${first + offset}`
    const place = { point: pointOf((first + offset) % troubled), uncertaintyMeters: 50 }
    return line('ComplaintReceived', {
      complaintId,
      reportedAt: earlier,
      text: '没有信号',
      trouble: { from: earlier },
      place,
    })
  }).join('\n')
}

/** Sites, each with a fault. */
const troubled = 400
const sites = Array.from({ length: troubled }, (_, number) => `"S-${number}"`)

function troubleLines(): string {
  return Array.from({ length: troubled }, (_, number) => {
    const elementId = `S-${number}`
    const location = { point: pointOf(number) }
    const name = elementId.padEnd(150, '-')
    const coverage = { kind: 'radius', radiusMeters: 1_000 }
    return [
      line('ElementRegistered', {
        elementId,
        kind: 'site',
        name,
        location,
        coverage,
        services: ['mobile'],
      }),
      line('AlarmRaised', {
        alarmId: `A-${number}`,
        elementId,
        probableCause: 'outOfService',
        perceivedSeverity: 'CRITICAL',
      }),
    ].join('\n')
  }).join('\n')
}

async function sendBulk(url: string, body: string): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/x-ndjson' }
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body })
  return (await answer.json()) as Record<string, unknown>
}

/** Reads the live feed until it has told of every site. */
async function readLive(url: string): Promise<string> {
  const hangUp = new AbortController()
  const answer = await fetch(`${url}/v1/live`, { signal: hangUp.signal })
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString()
    if (sites.every((site) => text.includes(site))) break
  }
  hangUp.abort()
  return text
}

const biggest = (sockets: ReadonlySet<Socket>) =>
  Math.max(0, ...[...sockets].map((socket) => socket.writableLength))

test('H2: a reader of the live feed that stops reading costs a chunk, is hung up, and is told all when it comes back', async () => {
  const { url, sockets, services, settle } = await listen({ maxLiveBacklog: 20, liveHeartbeatMs: 50 })
  expect(await sendBulk(url, troubleLines())).toMatchObject({ stored: 2 * troubled })
  expect(await sendBulk(url, complaintLines(0, troubled))).toMatchObject({ stored: troubled })
  await settle()
  const { live } = services
  const snapshot = await readLive(url)
  const stalled = await rawClient(url, 'GET /v1/live HTTP/1.1\r\nhost: a\r\n\r\n')
  await until(() => live.counts().clients === 1)
  let most = 0
  let next = troubled
  // Time and again so much changes that it is told everything anew, until the system takes no more for it and it misses its beats.
  await until(async () => {
    await sendBulk(url, complaintLines(next, 30))
    next += 30
    await settle()
    most = Math.max(most, biggest(sockets))
    return live.counts().hungUp === 1
  })
  await until(() => live.counts().clients === 0)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(2 * snapshot.length)
  stalled.destroy()
  expect(await readLive(url)).toContain('"reset"')
})

test('H1: who asks for lists and does not read the answers costs a few answers, keeps nobody waiting, and is hung up', async () => {
  const { url, sockets, settle } = await listen({ requestTimeoutMs: 500 })
  expect(await sendBulk(url, complaintLines(0, 500))).toMatchObject({ stored: 500 })
  await settle()
  const list = await (await fetch(`${url}/v1/complaints?limit=500`)).text()
  const asked = 300
  const ask = 'GET /v1/complaints?limit=500 HTTP/1.1\r\nhost: a\r\n\r\n'
  await rawClient(url, ask.repeat(asked))
  let most = 0
  await until(async () => {
    expect((await fetch(`${url}/v1/complaints/C-1`)).status).toBe(200)
    most = Math.max(most, biggest(sockets))
    return most > 0
  })
  await until(() => {
    most = Math.max(most, biggest(sockets))
    return biggest(sockets) === 0
  })
  expect(most).toBeLessThan(asked * list.length * 0.2)
})

const bulkHead =
  'POST /v1/events HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n'
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

test('H1, H3: a sender of bulk input that is slow keeps nobody waiting, and what it sent is stored; one that falls silent is told so and loses its place', async () => {
  const { url, settle, services } = await listen({ bulkSilenceMs: 1_500, maxBulkRequests: 1 })
  const slow = await rawClient(url, bulkHead)
  slow.resume()
  let answer = ''
  slow.on('data', (bytes: Buffer) => (answer += String(bytes)))
  const lines = complaintLines(0, 60).split('\n')
  const busy = async () =>
    (
      await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: '\n',
      })
    ).status
  await until(async () => (await busy()) === 429)
  for (const line of lines) {
    slow.write(chunk(`${line}\n`))
    const alone = await fetch(`${url}/v1/complaints`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: '没有信号' }),
    })
    expect(alone.status).toBe(201)
  }
  slow.write('0\r\n\r\n')
  await until(() => answer.includes(`"stored":${lines.length}`))
  await settle()
  expect(services.feeds.states().map(({ source }) => source)).toContain('crm')

  const silent = await rawClient(url, bulkHead + chunk('{"type":'))
  silent.resume()
  let told = ''
  silent.on('data', (bytes: Buffer) => (told += String(bytes)))
  await once(silent, 'close')
  expect(told).toMatch(/^HTTP\/1.1 408 .*bulkSilenceMs/s)
  expect(await busy()).toBe(200)
})
