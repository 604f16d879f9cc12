import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Envelope } from '../../schemas/envelope.ts'
import { toInstant } from '../../schemas/instant.ts'
import {
  AppendRefusedError,
  ArchivedError,
  DamagedRecordError,
  type EventLog,
  type LogReader,
} from '../../src/event-log/event-log.ts'
import { backUpLog, restoreLog } from '../../src/event-log/lmdb-backup.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'
import { verifyLog } from '../../src/event-log/verify/verify-log.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { logContract } from './log-contract.ts'
import { collect, eventOf } from './made-events.ts'

const firstDayMs = Date.UTC(2026, 2, 1)
const dayMs = 86_400_000
const dayOf = (day: number) => toInstant(firstDayMs + day * dayMs).slice(0, 10)
const foreverAway = '9999-12-31'

const on = (day: number, number: number): Envelope => ({
  ...eventOf(number, { text: `天河 ${'x'.repeat(number % 90)}\n📡` }),
  recordedAt: toInstant(firstDayMs + day * dayMs + number),
})

/** All that a reader can see of a log, from the beginning, from within and from the end. */
async function everything(log: LogReader): Promise<unknown> {
  const all = await collect(log.readAll())
  const streams = [...new Set(all.map(({ stream }) => stream))]
  const middle = all[all.length >> 1]?.position
  return {
    all,
    backwards: await collect(log.readAll({ direction: 'backwards' })),
    behind: await collect(log.readAll(middle === undefined ? {} : { after: middle })),
    before: await collect(
      log.readAll({ direction: 'backwards', ...(middle === undefined ? {} : { after: middle }) }),
    ),
    streams: await Promise.all(
      streams.flatMap((stream) => [
        collect(log.readStream(stream)),
        collect(log.readStream(stream, { direction: 'backwards' })),
        collect(log.readStream(stream, { fromRevision: 3, maxEvents: 2 })),
      ]),
    ),
    head: await log.head(),
  }
}

/** Archives all that it can behind every append: whatever a log promises must hold of such a one too. */
async function openArchivingLog(): Promise<EventLog> {
  const log = await openLmdbLog({ folder: join(tempFolder(), 'log'), keepLastDay: false })
  return {
    ...log,
    append: async (...call) => {
      const result = await log.append(...call)
      // A log that was closed meanwhile archives no more.
      await log.archiveBefore?.(foreverAway).catch(() => {})
      return result
    },
  }
}

logContract('the embedded log that archives all the time (L3)', openArchivingLog)

async function madeLog(folder: string): Promise<EventLog> {
  const log = await openLmdbLog({ folder })
  await log.append('a', [on(0, 1), on(0, 2), on(0, 3), on(0, 4)], 'no_stream')
  await log.append('b', [on(0, 5)], 'no_stream')
  await log.append('a', [on(1, 6), on(1, 7)], 3)
  await log.append('b', [on(2, 8)], 0)
  await log.append('a', [on(3, 9)], 5)
  return log
}

describe('days of the log are archived', () => {
  test('every read is what it was, ids stay known, and the log goes on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ day: fc.nat(6), stream: fc.nat(2), count: fc.integer({ min: 1, max: 300 }) }), {
          minLength: 2,
          maxLength: 25,
        }),
        fc.nat(7),
        async (calls, before) => {
          const folder = join(tempFolder(), 'log')
          const log = await openLmdbLog({ folder, keepLastDay: false })
          let number = 0
          for (const { day, stream, count } of calls.toSorted((a, b) => a.day - b.day)) {
            const events = Array.from({ length: count }, () => on(day, (number += 1)))
            await log.append(`s-${stream}`, events, await log.revisionOf(`s-${stream}`))
          }
          const expected = await everything(log)
          const report = await log.archiveBefore?.(dayOf(before))
          expect(await everything(log)).toEqual(expected)
          expect(await log.archiveBefore?.(dayOf(before))).toEqual({ events: 0, files: 0 })
          const reader = await openLmdbReader(folder)
          expect(await everything(reader)).toEqual(expected)
          expect(await verifyLog(reader, { contents: false })).toMatchObject({ findingCount: 0, away: 0 })
          await reader.close()
          const archived = calls.filter(({ day }) => day < before).reduce((sum, { count }) => sum + count, 0)
          // The last block stays in any case.
          expect(report?.events).toBeLessThanOrEqual(archived)
          if (before < 7) expect(archived - (report?.events ?? 0)).toBeLessThanOrEqual(300)
          const [first] = await collect(log.readAll({ maxEvents: 1 }))
          const again = on(Number(first?.recordedAt.slice(8, 10)) - 1, 1)
          expect(await log.append(first?.stream ?? '', [again], 'no_stream')).toMatchObject({
            duplicates: [again.id],
          })
          await log.close()
        },
      ),
      { seed: 7, numRuns: 25 },
    )
  })

  test('the files are NDJSON that other tools read, with a checksum beside each', async () => {
    const folder = join(tempFolder(), 'log')
    const log = await madeLog(folder)
    const all = await collect(log.readAll())
    expect(await log.archiveBefore?.(dayOf(2))).toEqual({ events: 7, files: 2 })
    await log.close()
    const archive = join(folder, 'archive')
    const names = readdirSync(archive).filter((name) => name.endsWith('.ndjson.gz'))
    expect(names.map((name) => name.slice(0, 10))).toEqual([dayOf(0), dayOf(1)])
    const lines = names.flatMap((name) => {
      const bytes = readFileSync(join(archive, name))
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      expect(readFileSync(join(archive, `${name}.sha256`), 'utf8')).toBe(`${sha256}  ${name}\n`)
      return gunzipSync(bytes).toString('utf8').trimEnd().split('\n')
    })
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(all.slice(0, 7))
  })

  test('taken away, they are named by whoever needs them, their ids are too old, and put back all is as before', async () => {
    const folder = join(tempFolder(), 'log')
    const log = await madeLog(folder)
    const expected = await everything(log)
    const all = await collect(log.readAll())
    await log.archiveBefore?.(dayOf(2))
    const [archive, elsewhere] = [join(folder, 'archive'), join(tempFolder(), 'elsewhere')]
    renameSync(archive, elsewhere)
    await log.close()
    const again = await openLmdbLog({ folder })
    await expect(collect(again.readAll())).rejects.toThrow(ArchivedError)
    await expect(collect(again.readAll())).rejects.toThrow(
      /position 0{15}1 is archived in 2026-03-01\S+gz, which is not there: put it back into .*archive/,
    )
    await expect(collect(again.readStream('a'))).rejects.toThrow(ArchivedError)
    await expect(collect(again.readAll({ direction: 'backwards' }))).rejects.toThrow(ArchivedError)
    expect(await collect(again.readAll({ after: all[6]?.position ?? '' }))).toEqual(all.slice(7))
    expect(await collect(again.readStream('a', { fromRevision: 6 }))).toEqual(all.slice(8))
    // One call fails, and the others of the same moment do not.
    const calls = await Promise.allSettled([
      again.append('c', [on(4, 20)], 'no_stream'),
      again.append('a', [on(0, 1)], 6),
      again.append('a', [on(4, 21)], 6),
    ])
    expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const refused: unknown = calls[1]?.status === 'rejected' ? calls[1].reason : undefined
    expect(refused).toBeInstanceOf(AppendRefusedError)
    expect(refused).toMatchObject({
      reason: 'archived',
      message: expect.stringMatching(/^too old: its id is known/),
    })
    const reader = await openLmdbReader(folder)
    expect(await verifyLog(reader, { contents: false })).toMatchObject({
      findingCount: 0,
      away: 7,
      events: 4,
    })
    await reader.close()
    const elsewhereToo = await openLmdbReader(folder, elsewhere)
    expect((await collect(elsewhereToo.readAll())).slice(0, 9)).toEqual(all)
    await elsewhereToo.close()
    renameSync(elsewhere, archive)
    expect((await collect(again.readAll())).slice(0, 9)).toEqual(all)
    await again.close()
    expect(expected).toMatchObject({ all })
  })

  test('a damaged file is found, named by position, and never passed over', async () => {
    const folder = join(tempFolder(), 'log')
    const log = await madeLog(folder)
    const all = await collect(log.readAll())
    await log.archiveBefore?.(dayOf(2))
    await log.close()
    const file = join(
      folder,
      'archive',
      readdirSync(join(folder, 'archive')).find((name) => name.startsWith(dayOf(1)) && name.endsWith('gz')) ??
        '',
    )
    const whole = readFileSync(file)
    for (let at = 10; at < whole.length; at += 7) {
      const bytes = Buffer.from(whole)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 16, at)
      writeFileSync(file, bytes)
      const reader = await openLmdbReader(folder)
      const seen: unknown[] = []
      const reading = (async () => {
        for await (const batch of reader.readAll()) seen.push(...batch)
      })()
      await expect(reading).rejects.toThrow(DamagedRecordError)
      expect(seen).toEqual(all.slice(0, 5))
      const { findings } = await verifyLog(reader, { contents: false })
      expect(findings.map(({ kind, position }) => [kind, Number(position)])).toEqual([
        ['damaged', 6],
        ['damaged', 7],
      ])
      await reader.close()
    }
  })

  test('a backup holds the archived days that are there, and a restore puts them back', async () => {
    const folder = join(tempFolder(), 'log')
    const log = await madeLog(folder)
    const expected = await everything(log)
    await log.archiveBefore?.(dayOf(3))
    const target = join(tempFolder(), 'backup')
    expect(await backUpLog(folder, target, { nowMs: () => 0 })).toMatchObject({
      kind: 'sound',
      kept: { events: 9 },
    })
    await log.close()
    const restored = join(tempFolder(), 'log')
    expect(await restoreLog(target, restored)).toMatchObject({ kind: 'sound' })
    const reader = await openLmdbReader(restored)
    expect(await everything(reader)).toEqual(expected)
    await reader.close()
  })
})
