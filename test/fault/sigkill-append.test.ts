import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { EventLog, RecordedEvent } from '../../src/event-log/event-log.ts'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { collect } from '../event-log/made-events.ts'
import { expectWholeCalls } from './expect-whole-calls.ts'

const rounds = 15
const folder = mkdtempSync(join(tmpdir(), 'causeway-sigkill-'))
const child = fileURLToPath(new URL('sigkill-append-child.ts', import.meta.url))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Place {
  readonly name: string
  readonly childArgs: readonly string[]
  readonly open: () => Promise<EventLog>
  /** What holds while a writer is at work. */
  readonly whileWriting?: (pid: number | undefined) => Promise<void>
}

const places: Place[] = [
  {
    name: 'the embedded log',
    childArgs: [folder],
    open: () => openLmdbLog({ folder }),
    whileWriting: (pid) => expect(openLmdbLog({ folder })).rejects.toThrow(`process ${pid} on`),
  },
]
const realServer = process.env['CAUSEWAY_TEST_ESDB']
if (realServer === undefined) {
  console.warn('skipped: killing a writer to EventStoreDB, because CAUSEWAY_TEST_ESDB names no server')
} else {
  const prefix = `test-${randomUUID()}`
  places.push({
    name: 'EventStoreDB',
    childArgs: [realServer, prefix],
    open: () => openEventStoreLog({ connectionString: realServer, prefix }),
  })
}

/** Lets a writer acknowledge so many calls, kills it in the midst of the next, and gives every line that it wrote. */
async function acknowledgedUntilKilled({ childArgs, whileWriting }: Place, calls: number): Promise<string[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', child, ...childArgs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(writer, 'exit')
  const lines: string[] = []
  try {
    for await (const line of createInterface({ input: writer.stdout })) {
      lines.push(line)
      if (lines.length === 1) await whileWriting?.(writer.pid)
      if (lines.length === calls) writer.kill('SIGKILL')
    }
  } finally {
    writer.kill('SIGKILL')
  }
  const [, signal] = (await exit) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  return lines
}

function byStream(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>()
  for (const event of events) {
    const stream = streams.get(event.stream)
    if (stream === undefined) streams.set(event.stream, [event])
    else stream.push(event)
  }
  return streams
}

test.each(places)(
  `a writer killed ${rounds} times loses nothing that it acknowledged and leaves no call in part (L1): $name`,
  { timeout: 600_000 },
  async (place) => {
    const acknowledged: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      acknowledged.push(...(await acknowledgedUntilKilled(place, 1 + ((round * 37) % 50))))

      const log = await place.open()
      const all = await collect(log.readAll())
      await log.close()
      const streams = byStream(all)
      for (const line of acknowledged) {
        const [stream = '', , last] = line.split(' ')
        expect(streams.get(stream)?.at(Number(last))?.revision, line).toBe(Number(last))
      }
      for (const [stream, events] of streams) expectWholeCalls(stream, events)
      expect(new Set(all.map(({ stream, id }) => `${stream} ${id}`)).size).toBe(all.length)
    }
    expect(acknowledged.length).toBeGreaterThan(rounds)
  },
)
