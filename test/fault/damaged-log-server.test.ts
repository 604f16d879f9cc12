import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DamagedRecordError } from '../../src/event-log/event-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'
import { runCli } from '../cli/run-cli.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { damageRecord } from './damage-log.ts'
import { isWorkedOff, readyOf, until } from './ready.ts'
import { serveHere } from './server-here.ts'
import { isAcknowledged, send, townMap, townTraffic, trafficOf } from './town-traffic.ts'
import { readWhole } from './undisturbed-run.ts'

const startMs = Date.now() - 7_200_000
const messages = townTraffic(12, startMs)
const complaint = messages.find(({ complaints }) => complaints.includes('C-3'))
const another = townTraffic(1, startMs, 43)

async function fill(url: string): Promise<void> {
  const traffic = trafficOf([...townMap(), ...messages])
  expect(await traffic.run(url, 1)).toEqual([])
  await until(async () => isWorkedOff(await readyOf(url)))
}

/** Where in the log a complaint lies. */
async function placeOf(folder: string, complaintId: string): Promise<number> {
  const log = await openLmdbReader(folder)
  const events = await readWhole(log)
  await log.close()
  const event = events.find(
    ({ type, data }) => type === 'ComplaintReceived' && data['complaintId'] === complaintId,
  )
  return Number(event?.position)
}

test('H1: a damaged record met while serving fails what needs it with its position, /ready names it, and all else goes on', async () => {
  const data = tempFolder()
  const { url, close } = await serveHere({ data })
  await fill(url)
  const place = await placeOf(join(data, 'log'), 'C-3')
  await damageRecord(join(data, 'log'), place)
  if (complaint === undefined) throw new Error('there is a complaint C-3')
  // Sent again, a complaint is judged by what is stored under its id.
  const refused = await send(url, complaint)
  const named = expect.stringMatching(new RegExp(`record at position 0*${place} is damaged`)) as string
  expect(refused).toMatchObject({ status: 503, text: named })
  expect(await readyOf(url)).toMatchObject({ status: 503, reasons: [named] })
  for (const message of another) expect(isAcknowledged(message, await send(url, message))).toBe(true)
  expect((await fetch(`${url}/v1/complaints/C-3`)).status).toBe(200)
  await close()
})

test('a server does not start on a damaged record that it must read: it names the position, and verify does too', async () => {
  const data = tempFolder()
  const server = await serveHere({ data })
  await fill(server.url)
  await server.close()
  const place = await placeOf(join(data, 'log'), 'C-3')
  await damageRecord(join(data, 'log'), place)
  rmSync(join(data, 'engine.checkpoint'))
  const named = new RegExp(`position 0*${place} is damaged`)
  const started = await runCli(['serve', '--data', data, '--port', '0'])
  expect(started.exitCode).toBe(1)
  expect(started.stderr).toMatch(named)
  const verified = await runCli(['log', 'verify', '--data', data])
  expect(verified.exitCode).toBe(1)
  expect(verified.stdout + verified.stderr).toMatch(new RegExp(`0*${place}`))
})

test('E2: the engine never passes over a damaged record: a server that comes upon one ends, naming it', async () => {
  const data = tempFolder()
  const { url, failed, services, close } = await serveHere({ data, limits: { bulkMaxLagEvents: 10_000 } })
  await fill(url)
  const failure = failed.catch((error: unknown) => error)
  let damaging: Promise<void> | undefined
  services.writer.onStored((_events, position) => {
    // So far behind, the engine has not read the record that was stored just now.
    if (services.correlator.lag().events < 1_500) return
    damaging ??= damageRecord(join(data, 'log'), Number(position))
  })
  const lines = townTraffic(1_000, startMs, 1_000).flatMap(({ body }) =>
    typeof body === 'string' ? [body] : [],
  )
  const flood = { path: '/v1/events', body: lines.join('\n'), alarms: [], complaints: [] }
  const sent = send(url, flood)
  const error = await failure
  expect(damaging).toBeDefined()
  expect(error).toBeInstanceOf(DamagedRecordError)
  await close()
  await sent
})

test('L1: with the log deleted under it a server acknowledges nothing that would be gone, says so, and goes on reading', async () => {
  const data = tempFolder()
  const { url, close, troubles } = await serveHere({ data })
  await fill(url)
  rmSync(join(data, 'log'), { recursive: true })
  for (const message of [...another, ...townTraffic(1, startMs, 50), ...townTraffic(1, startMs, 59)]) {
    expect(await send(url, message)).toMatchObject({
      status: 503,
      text: expect.stringMatching(/deleted, moved or replaced.*restore a backup/) as string,
    })
  }
  const ready = await readyOf(url)
  expect(ready.status).toBe(503)
  expect(ready.reasons.join()).toMatch(/cannot be read.*deleted/)
  for (const path of ['/health', '/v1/complaints/C-3', '/v1/outages']) {
    expect((await fetch(`${url}${path}`)).status, path).toBe(200)
  }
  await close()
  expect(troubles.every((trouble) => /deleted, moved/.test(String(trouble)))).toBe(true)
})
