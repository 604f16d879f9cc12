import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { toInstant } from '../../schemas/instant.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'
import { verifyLog } from '../../src/event-log/verify/verify-log.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { collect, eventOf } from '../event-log/made-events.ts'

const child = fileURLToPath(new URL('sigkill-archive-child.ts', import.meta.url))
const [days, eventsADay] = [12, 600]
/** Each run is killed when it has said so many lines. */
const killsAfter = [1, 2, 4, 7, 9]

/** Answers whether it came to its end. */
async function runUntilKilled(folder: string, lines: number): Promise<boolean> {
  const running = spawn(process.execPath, ['--import', 'tsx', child, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(running, 'exit')
  let [seen, done] = [0, false]
  for await (const line of createInterface({ input: running.stdout })) {
    done ||= line === 'done'
    seen += 1
    if (seen === lines) running.kill('SIGKILL')
  }
  await exit
  return done
}

test(
  'L1: archiving killed with SIGKILL again and again loses and doubles nothing, and comes to its end',
  { timeout: 60_000 },
  async () => {
    const folder = join(tempFolder(), 'log')
    const log = await openLmdbLog({ folder })
    for (let day = 0; day < days; day += 1) {
      const events = Array.from({ length: eventsADay }, (_, at) => ({
        ...eventOf(1 + day * eventsADay + at, { text: 'x'.repeat(200) }),
        recordedAt: toInstant(Date.UTC(2026, 2, 1 + day) + at),
      }))
      await log.append('a', events, await log.revisionOf('a'))
    }
    const expected = await collect(log.readAll())
    await log.close()
    const check = async () => {
      const reader = await openLmdbReader(folder)
      expect(await collect(reader.readAll())).toEqual(expected)
      expect(await verifyLog(reader, { contents: false })).toMatchObject({ findingCount: 0, away: 0 })
      await reader.close()
    }
    for (const lines of killsAfter) {
      await runUntilKilled(folder, lines)
      await check()
    }
    expect(await runUntilKilled(folder, Number.POSITIVE_INFINITY)).toBe(true)
    await check()
  },
)
