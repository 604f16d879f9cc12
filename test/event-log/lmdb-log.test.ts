import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { afterAll, expect, test } from 'vitest'
import { AppendRefusedError, DamagedRecordError, LogUnavailableError } from '../../src/event-log/event-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { logContract } from './log-contract.ts'
import { collect, eventOf, eventsOf } from './made-events.ts'

const root = mkdtempSync(join(tmpdir(), 'causeway-log-'))
let folders = 0
const newFolder = () => join(root, String((folders += 1)))

afterAll(() => rmSync(root, { recursive: true, force: true }))

logContract('the embedded log', async () => openLmdbLog({ folder: newFolder() }))

test('opened again, a log holds everything, knows every id and goes on counting', async () => {
  const folder = newFolder()
  const before = await openLmdbLog({ folder })
  await before.append('a', eventsOf(1, 700), 'no_stream')
  await before.append('b', [eventOf(701)], 'no_stream')
  const all = await collect(before.readAll())
  await before.close()

  const after = await openLmdbLog({ folder })
  expect(await collect(after.readAll())).toEqual(all)
  expect(await after.append('a', [eventOf(1)], 'no_stream')).toMatchObject({ duplicates: [eventOf(1).id] })
  await after.append('c', [eventOf(702)], 'no_stream')
  await after.append('a', [eventOf(703)], 699)
  const positions = (await collect(after.readAll())).map(({ position }) => position)
  expect(positions).toEqual(positions.toSorted())
  expect(new Set(positions).size).toBe(703)
  await after.close()
})

test('a damaged byte on the disk is named by its position, and hurts only that event', async () => {
  const folder = newFolder()
  const log = await openLmdbLog({ folder })
  await log.append('a', eventsOf(1, 10), 'no_stream')
  await log.append('b', eventsOf(11, 12), 'no_stream')
  const all = await collect(log.readAll())
  await log.close()
  const file = join(folder, 'data.mdb')
  const bytes = readFileSync(file)
  for (let at = bytes.indexOf('"number":7'); at !== -1; at = bytes.indexOf('"number":7', at + 1)) {
    bytes.writeUInt8(0x38, at + 9)
  }
  writeFileSync(file, bytes)

  const damaged = await openLmdbLog({ folder })
  const failure = await collect(damaged.readAll()).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(DamagedRecordError)
  expect(failure).toMatchObject({ position: all[6]?.position })
  expect(await collect(damaged.readAll({ after: all[6]?.position ?? '' }))).toEqual(all.slice(7))
  // Both share one transaction: what cannot be compared fails alone.
  const [resent, fresh] = await Promise.allSettled([
    damaged.append('a', [eventOf(7)], 9),
    damaged.append('a', [eventOf(13)], 9),
  ])
  expect(resent).toMatchObject({ status: 'rejected', reason: { name: 'DamagedRecordError' } })
  expect(fresh).toMatchObject({ status: 'fulfilled', value: { kind: 'appended', revision: 10 } })
  await damaged.close()
})

test('a second opener is refused, and told who was first and since when', async () => {
  const folder = newFolder()
  const first = await openLmdbLog({ folder })
  await expect(openLmdbLog({ folder })).rejects.toThrow(LogUnavailableError)
  await expect(openLmdbLog({ folder })).rejects.toThrow(`in use by process ${process.pid}`)
  await expect(openLmdbLog({ folder })).rejects.toThrow(/since 20\d\d-/)
  await first.append('a', [eventOf(1)], 'no_stream')
  await first.close()
  const second = await openLmdbLog({ folder })
  expect(await second.revisionOf('a')).toBe(0)
  await second.close()
})

test('a log that another process took over stops writing instead of mixing in', async () => {
  const folder = newFolder()
  const log = await openLmdbLog({ folder })
  await log.append('a', [eventOf(1)], 'no_stream')
  await writeMeta(folder, 'owner', {
    token: 'x',
    pid: 4242,
    host: 'other',
    since: '2026-03-01T02:05:00.000Z',
    life: '',
  })
  await expect(log.append('a', [eventOf(2)], 0)).rejects.toThrow(/process 4242 on other/)
  expect(await log.revisionOf('a')).toBe(0)
  await log.close()
})

test('the hold of a process that is gone does not outlive it, even where its pid is used again', async () => {
  const folder = newFolder()
  await (await openLmdbLog({ folder })).close()
  const now = new Date().toISOString()
  const gone = { token: 'x', pid: process.pid, host: 'h', since: now, life: 'another-boot:1' }
  const beforeBoot = { ...gone, since: '2001-01-01T00:00:00.000Z', life: '' }
  for (const owner of [gone, beforeBoot]) {
    await writeMeta(folder, 'owner', owner)
    await (await openLmdbLog({ folder })).close()
  }
})

test('a format that this version does not know is refused by name', async () => {
  const folder = newFolder()
  await (await openLmdbLog({ folder })).close()
  await writeMeta(folder, 'format', { name: 'causeway-event-log', version: 99 })
  await expect(openLmdbLog({ folder })).rejects.toThrow(/"version":99.*use the version that wrote it/)
})

test('calls beyond a named limit are refused with what to do, and the log goes on', async () => {
  const log = await openLmdbLog({
    folder: newFolder(),
    maxEventsPerAppend: 3,
    maxEventBytes: 1_000,
    maxQueueBytes: 1_200,
  })
  const refused = (reason: string, message: RegExp) => (error: unknown) => {
    expect(error).toBeInstanceOf(AppendRefusedError)
    expect(error).toMatchObject({ reason, message: expect.stringMatching(message) as string })
  }
  await log.append('a', eventsOf(1, 4), 'no_stream').catch(refused('too-many-events', /several calls/))
  const large = eventOf(1, { text: '停'.repeat(200) })
  await log.append('a', [large], 'no_stream').catch(refused('event-too-large', /maxEventBytes/))
  await log.append('', [eventOf(1)], 'no_stream').catch(refused('bad-stream-name', /characters/))
  expect(await log.head()).toBeUndefined()

  const flood = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => log.append(`s${index}`, [eventOf(1)], 'no_stream')),
  )
  const failures = flood.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  expect(failures.length).toBeGreaterThan(0)
  failures.forEach(refused('queue-full', /send again later/))
  expect(await collect(log.readAll())).toHaveLength(20 - failures.length)
  expect(await log.append('s19', [eventOf(1)], 'no_stream')).toMatchObject({ kind: 'appended' })
  await log.close()
})

const smallDisk = mountSmallDisk()

test.skipIf(smallDisk === undefined)(
  'a full disk refuses the append and leaves the log usable and whole',
  async () => {
    const folder = join(smallDisk ?? '', 'log')
    const ballast = join(smallDisk ?? '', 'ballast')
    writeFileSync(ballast, Buffer.alloc(2_000_000))
    const log = await openLmdbLog({ folder })
    let acknowledged = 0
    let failure: unknown
    while (failure === undefined) {
      const base = acknowledged * 100
      const events = eventsOf(base, base + 99).map((event) => ({
        ...event,
        data: { ...event.data, pad: 'x'.repeat(500) },
      }))
      try {
        await log.append(`s${acknowledged}`, events, 'no_stream')
        acknowledged += 1
      } catch (error) {
        failure = error
      }
    }
    expect(failure).toBeInstanceOf(LogUnavailableError)
    expect(acknowledged).toBeGreaterThan(10)
    await expect(log.append('x', eventsOf(1, 2000), 'no_stream')).rejects.toThrow(/[Ff]ree space/)
    expect(await collect(log.readAll())).toHaveLength(acknowledged * 100)

    rmSync(ballast)
    expect(await log.append('after', [eventOf(1)], 'no_stream')).toMatchObject({ kind: 'appended' })
    await log.close()
    const again = await openLmdbLog({ folder })
    expect(await collect(again.readAll())).toHaveLength(acknowledged * 100 + 1)
    await again.close()
  },
)

/** A file system of a few megabytes, where this machine lets a test mount one. */
function mountSmallDisk(): string | undefined {
  const folder = newFolder()
  mkdirSync(folder)
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    console.warn('skipped: the full disk, because no small file system can be mounted here')
    return undefined
  }
  afterAll(() => execFileSync('/bin/umount', [folder], { stdio: 'ignore' }))
  return folder
}

async function writeMeta(folder: string, key: string, value: unknown): Promise<void> {
  const env = open({ path: folder, maxDbs: 8, cache: false, encoding: 'json' })
  env.openDB({ name: 'meta', encoding: 'json' }).putSync(key, value)
  await env.close()
}
