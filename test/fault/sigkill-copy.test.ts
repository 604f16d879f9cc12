import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { copyLog } from '../../src/event-log/copy/copy-log.ts'
import { backUpLog, restoreLog } from '../../src/event-log/lmdb-backup.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { collect, eventOf } from '../event-log/made-events.ts'

const childOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Runs a child until its nth line, kills it there, and gives its lines. */
async function killedAtLine(
  name: string,
  args: readonly string[],
  nth: number,
  atNth = async () => {},
): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', childOf(name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const lines: string[] = []
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (lines.length !== nth) continue
      await atNth()
      child.kill('SIGKILL')
    }
  } finally {
    child.kill('SIGKILL')
  }
  await exit
  return lines
}

const streams = 7
const events = 3_000

async function sourceIn(folder: string): Promise<void> {
  const log = await openLmdbLog({ folder })
  const revisions = Array.from({ length: streams }, () => -1)
  const appends: Promise<unknown>[] = []
  for (let number = 0; number < events; number += 1) {
    // Streams take turns in runs of one to three events.
    const index = Math.floor(number / (1 + (number % 3))) % streams
    const revision = revisions[index] ?? -1
    appends.push(log.append(`stream-${index}`, [eventOf(number)], revision === -1 ? 'no_stream' : revision))
    revisions[index] = revision + 1
  }
  await Promise.all(appends)
  await log.close()
}

test(
  'a copy killed again and again goes on where it stood, and ends equal to its source',
  { timeout: 60_000 },
  async () => {
    const root = tempFolder()
    const [source, target] = [join(root, 'source'), join(root, 'target')]
    await sourceIn(source)
    const all = await (async () => {
      const log = await openLmdbLog({ folder: source })
      const read = await collect(log.readAll())
      await log.close()
      return read
    })()
    let held = 0
    for (const nth of [1, 5, 17, 2]) {
      const lines = await killedAtLine('sigkill-copy-child.ts', [source, target], nth)
      const told = held + Number(lines[nth - 1]?.split(' ')[1])
      const log = await openLmdbLog({ folder: target })
      const copied = await collect(log.readAll())
      await log.close()
      expect(copied.length).toBeGreaterThanOrEqual(told)
      expect(copied.length).toBeLessThan(events)
      expect(copied).toEqual(all.slice(0, copied.length))
      held = copied.length
    }
    const [from, to] = [await openLmdbReader(source), await openLmdbLog({ folder: target })]
    const report = await copyLog(from, to, { maxInFlight: 8 })
    expect(report).toMatchObject({ heldBefore: held, copied: events - held, differences: [] })
    expect(await collect(to.readAll())).toEqual(all)
    await from.close()
    await to.close()
  },
)

test('a copy beside a target that says something else names the stream', async () => {
  const [from, to] = [openMemoryLog(), openMemoryLog()]
  await from.append('a', [eventOf(1), eventOf(2)], 'no_stream')
  await from.append('b', [eventOf(3)], 'no_stream')
  await to.append('a', [eventOf(1), eventOf(2, { other: true })], 'no_stream')
  const { differences } = await copyLog(from, to)
  expect(differences).toEqual(['stream a says something else'])
})

test('a backup taken while another process writes holds all that was acknowledged by then (L1)', async () => {
  const root = tempFolder()
  const [source, backup, restored] = [join(root, 'source'), join(root, 'backup'), join(root, 'restored')]
  const lines = await killedAtLine('sigkill-append-child.ts', [source], 40, async () => {
    const taken = await backUpLog(source, backup, { nowMs: Date.now })
    expect(taken).toMatchObject({ kind: 'sound' })
  })
  expect(await restoreLog(backup, restored)).toMatchObject({ kind: 'sound', report: { findings: [] } })
  const log = await openLmdbLog({ folder: restored })
  for (const line of lines.slice(0, 40)) {
    const [stream = '', , last] = line.split(' ')
    expect(await log.revisionOf(stream)).toBeGreaterThanOrEqual(Number(last))
  }
  await log.close()
})
