import { join } from 'node:path'
import { open } from 'lmdb'
import { expect, test } from 'vitest'
import type { Envelope } from '../../schemas/envelope.ts'
import { DamagedRecordError } from '../../src/event-log/event-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { toPosition } from '../../src/event-log/position.ts'
import { verifyLog, type Verifiable } from '../../src/event-log/verify/verify-log.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { collect, eventOf, eventsOf } from './made-events.ts'

/** Streams a (events 1-5 and 9-11) and b (6-8), in three records at positions 1, 6 and 9. */
async function threeRecords(): Promise<string> {
  const folder = join(tempFolder(), 'log')
  const log = await openLmdbLog({ folder })
  await log.append('a', eventsOf(1, 5), 'no_stream')
  await log.append('b', eventsOf(6, 8), 'no_stream')
  await log.append('a', eventsOf(9, 11), 4)
  await log.close()
  return folder
}

type Tables = Record<
  'blocks' | 'streams' | 'ids' | 'revisions',
  ReturnType<ReturnType<typeof open>['openDB']>
>

/** Does to the tables of a log what no log would. */
async function tamper(folder: string, work: (tables: Tables) => void): Promise<void> {
  const root = open({ path: folder, maxDbs: 8, cache: false, encoding: 'json' })
  work({
    blocks: root.openDB({ name: 'blocks', encoding: 'binary' }),
    streams: root.openDB({ name: 'streams', encoding: 'json' }),
    revisions: root.openDB({ name: 'revisions', encoding: 'json' }),
    ids: root.openDB({ name: 'ids', encoding: 'binary', keyEncoding: 'binary' }),
  })
  await root.close()
}

/** Kind and ordinal of each finding on the records themselves; the made events fit no schema. */
async function findingsIn(folder: string): Promise<string[]> {
  const log = await openLmdbReader(folder)
  try {
    const { findings } = await verifyLog(log, { contents: false })
    return findings.map(({ kind, position }) => `${kind} ${Number(position)}`)
  } finally {
    await log.close()
  }
}

function changed(tables: Tables, ordinal: number, change: (block: Buffer) => void): void {
  const block = Buffer.from(tables.blocks.get(ordinal) as Buffer)
  change(block)
  tables.blocks.putSync(ordinal, block)
}

const flip = (at: number) => (block: Buffer) => void block.writeUInt8(block.readUInt8(at) ^ 1, at)

test('an untouched log is sound', async () => {
  expect(await findingsIn(await threeRecords())).toEqual([])
})

test('every single damaged byte of a record is found, and named within that record', async () => {
  const folder = await threeRecords()
  const reader = await openLmdbReader(folder)
  const block = Buffer.from(reader.tables.blocks.get(6) as Buffer)
  await reader.close()
  for (let at = 0; at < block.length; at += 3) {
    await tamper(folder, ({ blocks }) => blocks.putSync(6, block))
    await tamper(folder, (tables) => changed(tables, 6, flip(at)))
    const found = await findingsIn(folder)
    expect(found.length, `byte ${at}`).toBeGreaterThan(0)
    expect(
      found.filter((finding) => !/^damaged [678]$/.test(finding)),
      `byte ${at}`,
    ).toEqual([])
  }
})

test('a reader gets all that lies before a damaged event, in the same record too, then its position', async () => {
  const folder = await threeRecords()
  await tamper(folder, (tables) =>
    changed(tables, 1, (block) => void block.write('9', block.indexOf('"number":4') + 9)),
  )
  const log = await openLmdbReader(folder)
  for (const read of [log.readAll(), log.readStream('a')]) {
    const seen: number[] = []
    const failure = await (async () => {
      for await (const batch of read) seen.push(...batch.map(({ data }) => Number(data['number'])))
    })().catch((error: unknown) => error)
    expect(seen).toEqual([1, 2, 3])
    expect(failure).toBeInstanceOf(DamagedRecordError)
    expect(failure).toMatchObject({ position: toPosition(4) })
  }
  await log.close()
  expect(await findingsIn(folder)).toEqual(['damaged 4'])
})

test('records that are gone, cut short or out of place', async () => {
  const cases: readonly (readonly [(tables: Tables) => void, readonly string[]])[] = [
    [({ blocks }) => blocks.removeSync(6), ['missing 6']],
    [
      (tables) => changed(tables, 6, (block) => void block.writeUInt32LE(2, 4)),
      ['damaged 6', 'damaged 7', 'damaged 8'],
    ],
    [({ blocks }) => blocks.putSync(6, Buffer.from([1, 2, 3])), ['damaged 6', 'damaged 7', 'damaged 8']],
    [
      ({ blocks }) => blocks.putSync(6, blocks.get(1)),
      ['damaged 6', 'damaged 7', 'damaged 8', 'damaged 9', 'damaged 10', 'order 9'],
    ],
  ]
  for (const [work, expected] of cases) {
    const folder = await threeRecords()
    await tamper(folder, work)
    expect((await findingsIn(folder)).toSorted()).toEqual(expected.toSorted())
  }
})

test('nothing is appended behind a last record that does not tell where it ends', async () => {
  const folder = await threeRecords()
  await tamper(folder, (tables) => changed(tables, 9, (block) => void block.writeUInt32LE(2, 4)))
  await expect(openLmdbLog({ folder })).rejects.toMatchObject({
    name: 'DamagedRecordError',
    position: toPosition(9),
  })
  expect(await findingsIn(folder)).toEqual(['damaged 9'])
})

test('indexes that contradict the records', async () => {
  const folder = await threeRecords()
  await tamper(folder, ({ ids, streams, revisions }) => {
    const [first] = [...ids.getKeys({ limit: 1 })]
    ids.removeSync(first as never)
    revisions.putSync([1, 5] as never, 1)
    streams.putSync('b', { number: 2, last: 7 })
    streams.putSync('ghost', { number: 3, last: 0 })
  })
  expect(await findingsIn(folder)).toEqual(['index 1', 'index 9', 'index 11', 'index 11'])
})

test('through the port: any log is checked for order, schema and decisions', async () => {
  const log = openMemoryLog()
  const event = (number: number, type: string, meta: object = {}): Envelope => ({
    ...eventOf(number, {}),
    type,
    data: {},
    meta: { source: 'engine', actor: 'engine', ...meta },
  })
  await log.append(
    'clock',
    [event(1, 'ClockTicked'), event(2, 'ClockTicked'), event(3, 'ClockTicked')],
    'no_stream',
  )
  const cause = (number: number) => eventOf(number).id
  const decision = (number: number, of: number, covers: number) =>
    event(number, 'ClusterClosed', { causationId: cause(of), covers: cause(covers) })
  // The second batch goes back behind what the first covers; the third is sound again.
  await log.append('decisions-0', [decision(11, 1, 2)], 'no_stream')
  await log.append('decisions-0', [decision(12, 1, 1)], 0)
  await log.append('decisions-0', [decision(13, 3, 3)], 1)
  const { findings } = await verifyLog(log)
  expect(
    findings.filter(({ kind }) => kind !== 'schema').map(({ kind, revision }) => `${kind} ${revision}`),
  ).toEqual(['decision 1'])
  expect(findings.filter(({ kind }) => kind === 'schema').map(({ revision }) => revision)).toEqual([0, 1, 2])
  expect(await collect(log.readAll())).toHaveLength(6)
})

test('a digest noted once tells later whether anything before it was changed, though all of it is sound', async () => {
  const logOf = async (...events: readonly Envelope[]) => {
    const log = openMemoryLog()
    await log.append('a', events, 'no_stream')
    return log
  }
  const digestOf = async (log: Verifiable, digestUpTo?: string) => {
    const { digest, findingCount } = await verifyLog(log, { contents: false, digestUpTo })
    expect(findingCount).toBe(0)
    return digest
  }
  const log = await logOf(...eventsOf(1, 3))
  const noted = await digestOf(log)
  const position = await log.head()
  await log.append('a', eventsOf(4, 5), 2)
  expect(await digestOf(log, position)).toBe(noted)
  expect(await digestOf(log)).not.toBe(noted)
  expect(await digestOf(log, toPosition(99))).toBeUndefined()
  const [first, second, third] = [eventOf(1), eventOf(2), eventOf(3)]
  const forgeries = [
    [first, { ...second, data: { ...second.data, forged: true } }, third],
    [first, { ...second, meta: { ...second.meta, actor: 'somebody else' } }, third],
    [first, { ...second, recordedAt: '2026-03-01T00:00:00.001Z' }, third],
    [first, third, second],
    [first, third],
  ]
  for (const events of forgeries) expect(await digestOf(await logOf(...events))).not.toBe(noted)
})
