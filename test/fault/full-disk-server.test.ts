import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { isWorkedOff, readyOf, until } from './ready.ts'
import { serveHere } from './server-here.ts'
import { serve } from './serving-process.ts'
import { canMountSmallDisk, mountSmallDisk } from './small-disk.ts'
import { townMap, townTraffic, trafficOf } from './town-traffic.ts'
import { expectAsUndisturbed, expectHeldOnce, readWhole } from './undisturbed-run.ts'

const clients = 4
const startMs = Date.now() - 7_200_000
const before = 6_000

/** A server whose disk gets full while it takes input. */
interface Filling {
  readonly url: string
  readonly data: string
  /** Told how much was acknowledged. */
  readonly onAcknowledged: (count: number) => void
  readonly free: () => void
  readonly stop: () => Promise<unknown>
}

const filling: Record<string, () => Promise<Filling>> = {
  'a small file system, and a server in a process of its own': async () => {
    const { folder: data, free } = mountSmallDisk(4)
    const config = join(tempFolder(), 'causeway.json')
    writeFileSync(config, JSON.stringify({ limits: { minFreeDiskBytes: 1_500_000 } }))
    const server = await serve(data, ['--config', config])
    const stop = async () => expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
    return { url: server.url, data, free, stop, onAcknowledged: () => {} }
  },
  'a disk that says so, whoever runs the test': async () => {
    const data = tempFolder()
    let isFull = false
    const freeBytes = () => (isFull ? 1_000_000 : 1e12)
    const { url, close } = await serveHere({ data }, { freeBytes })
    return {
      url,
      data,
      free: () => (isFull = false),
      stop: close,
      onAcknowledged: (count) => (isFull ||= count > 60),
    }
  },
}

const kinds = Object.keys(filling)

test.skipIf(!canMountSmallDisk()).each(kinds.slice(0, 1))(title(), { timeout: 60_000 }, goesOn)
test.each(kinds.slice(1))(title(), { timeout: 60_000 }, goesOn)

function title(): string {
  return 'L1, L2, H1, E2: on a full disk input is refused with 503 and what to do, reads go on, /ready says so, and with room all goes on: %s'
}

async function goesOn(kind: string): Promise<void> {
  const server = await filling[kind]?.()
  if (server === undefined) throw new Error(`no ${kind}`)
  const { url } = server
  const first = trafficOf([...townMap(), ...townTraffic(before, startMs)])
  // Clients go on until the disk takes no more of any of them.
  const troubles = await first.run(url, clients, server.onAcknowledged)
  expect(troubles).toHaveLength(clients)
  const refusal = expect.stringMatching(/Free space on it|Personal data cannot be kept now/) as string
  for (const sent of troubles) expect(sent).toMatchObject({ status: 503, text: refusal })
  expect(first.acknowledged.length).toBeGreaterThan(40)

  const ready = await readyOf(url)
  expect(ready).toMatchObject({ status: 503, ready: false })
  expect(ready.reasons.join()).toMatch(/takes no events: \d+ bytes are left .*minFreeDiskBytes/)
  for (const path of ['/health', '/v1/complaints', '/v1/complaints/C-3', '/v1/outages', '/v1/refused']) {
    expect((await fetch(`${url}${path}`)).status, path).toBe(200)
  }

  // What must be recorded first cannot be looked at.
  const look = await fetch(`${url}/v1/complaints/C-3/personal`)
  expect([look.status, await look.text()]).toEqual([503, expect.stringContaining('audit log')])

  server.free()
  const rest = trafficOf(townTraffic(40, startMs, before))
  expect(await rest.run(url, 1)).toEqual([])
  await until(async () => isWorkedOff(await readyOf(url)))
  expect((await fetch(`${url}/v1/complaints/C-${before + 3}`)).status).toBe(200)
  expect((await fetch(`${url}/v1/complaints/C-3/personal`)).status).toBe(200)
  await server.stop()

  const events = await eventsIn(server.data)
  expectHeldOnce(events, [...first.acknowledged, ...rest.acknowledged])
  await expectAsUndisturbed(events)
}

test(
  'L1, L2, E2: a disk that has room at one moment and none at the next loses nothing and doubles nothing',
  { timeout: 60_000 },
  async () => {
    const data = tempFolder()
    const room = fc.sample(fc.nat(3), { seed: 20_260_301, numRuns: 97 })
    let asked = 0
    let isFlapping = true
    const freeBytes = () => (isFlapping && room[(asked += 1) % room.length] === 0 ? 0 : 1e12)
    const { url, close } = await serveHere({ data }, { freeBytes })
    const traffic = trafficOf([...townMap(), ...townTraffic(60, startMs)])
    while (traffic.left() > 0) await traffic.run(url, clients)
    // The engine's own deadlines fall due meanwhile, and their ticks are written to the same disk.
    await until(async () => (await countOf(data, 'AlarmCorrelated')) > 0)
    isFlapping = false
    await until(async () => isWorkedOff(await readyOf(url)))
    await close()
    const events = await eventsIn(data)
    expectHeldOnce(events, traffic.acknowledged)
    await expectAsUndisturbed(events)
  },
)

async function countOf(data: string, type: string): Promise<number> {
  return (await eventsIn(data)).filter((event) => event.type === type).length
}

async function eventsIn(data: string): Promise<RecordedEvent[]> {
  const log = await openLmdbReader(join(data, 'log'))
  try {
    return await readWhole(log)
  } finally {
    await log.close()
  }
}
