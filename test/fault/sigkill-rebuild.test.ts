import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allProjections, tagOf } from '../../projections/all-projections.ts'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { projectEvents } from '../../src/pipeline/project-events.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'
import { arbitraryEvents } from '../arbitrary-events.ts'
import { tempFolder } from '../cli/temp-folder.ts'

const child = fileURLToPath(new URL('sigkill-rebuild-child.ts', import.meta.url))
/** Each run is killed when it has said so many lines: amid reading, amid switching, amid sweeping. */
const killsAfter = [1, 2, 5, 11, 18, 26]

async function runUntilKilled(folder: string, lines: number): Promise<void> {
  const running = spawn(process.execPath, ['--import', 'tsx', child, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(running, 'exit')
  let seen = 0
  for await (const _ of createInterface({ input: running.stdout })) {
    seen += 1
    if (seen === lines) running.kill('SIGKILL')
  }
  expect(await exit).toEqual([null, 'SIGKILL'])
}

test(
  'P1: a rebuild killed with SIGKILL again and again leaves rows that equal those made from the beginning',
  { timeout: 60_000 },
  async () => {
    const folder = tempFolder()
    const log = await openLmdbLog({ folder: join(folder, 'log') })
    const [events = []] = fc.sample(arbitraryEvents({ minLength: 1_500, maxLength: 1_500, size: 'max' }), {
      seed: 3,
      numRuns: 1,
    })
    await log.append('any', events, 'no_stream')
    const recorded: RecordedEvent[] = []
    for await (const batch of log.readAll()) recorded.push(...batch)
    await log.close()
    const tables = new Set<string>()
    const fresh = openMemoryRowStore()
    const watched: RowStore = {
      ...fresh,
      commit: (checkpoint, writes) => {
        for (const { table } of writes) tables.add(table)
        fresh.commit(checkpoint, writes)
      },
    }
    projectEvents(watched, allProjections)(recorded)
    const dump = (rows: RowStore) =>
      [...tables].sort().map((table) => [table, rows.scan(table, { limit: 9_000 }).rows])
    for (const lines of killsAfter) {
      await runUntilKilled(folder, lines)
      const rows = await openLmdbRowStore({ folder: join(folder, 'rows'), tag: tagOf(allProjections) })
      expect(rows.checkpoint()).toBe(recorded.at(-1)?.position)
      expect(dump(rows), `killed after ${lines}`).toEqual(dump(fresh))
      while (rows.sweep());
      expect(dump(rows)).toEqual(dump(fresh))
      await rows.close()
    }
  },
)
