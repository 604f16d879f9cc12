import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { allProjections, tagOf } from '../../projections/all-projections.ts'
import { parkedEvents } from '../../projections/parked-queries.ts'
import { rowsAsOf, type Rows } from '../../projections/rows.ts'
import { eventTypes, type Event } from '../../schemas/event.ts'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { toPosition } from '../../src/event-log/position.ts'
import { projectEvents } from '../../src/pipeline/project-events.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'
import { arbitraryEvents, isValid } from '../arbitrary-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'causeway-rebuild-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let stores = 0
const openLmdb = () =>
  openLmdbRowStore({ folder: join(folder, String((stores += 1))), tag: tagOf(allProjections) })

function recorded(events: readonly Event[]): readonly RecordedEvent[] {
  return events.map((event, at) => ({
    ...event,
    stream: 'any',
    revision: at,
    position: toPosition(at + 1),
  }))
}

function project(store: RowStore, events: readonly RecordedEvent[], batchSizes: readonly number[]): void {
  const fold = projectEvents(store, allProjections)
  let at = 0
  for (let turn = 0; at < events.length; turn += 1) {
    const size = batchSizes[turn % batchSizes.length] ?? 1
    fold(events.slice(at, at + size))
    at += size
  }
}

/** Every table that any projection wrote to, seen by what it writes for these events. */
function tablesOf(events: readonly RecordedEvent[]): readonly string[] {
  const tables = new Set<string>()
  const store = openMemoryRowStore()
  const watched: RowStore = {
    ...store,
    commit: (checkpoint, writes) => {
      for (const { table } of writes) tables.add(table)
      store.commit(checkpoint, writes)
    },
  }
  project(watched, events, [1_000])
  return [...tables].sort()
}

function dump(rows: Rows, tables: readonly string[]): Record<string, readonly unknown[]> {
  const everything: Record<string, readonly unknown[]> = {}
  for (const table of tables) {
    const { rows: found, next } = rows.scan(table, { limit: 9_000 })
    expect(next).toBeUndefined()
    everything[table] = found.map(({ key, value }) => [key, value])
    for (const { key, value } of found) expect(rows.get(table, key)).toEqual(value)
  }
  return everything
}

const batches = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 })

describe('projections', () => {
  it('P1: rows rebuilt from the log equal those made live, in whatever batches, and none is parked', () => {
    fc.assert(
      fc.property(arbitraryEvents(), batches, (events, sizes) => {
        const log = recorded(events)
        const tables = tablesOf(log)
        const [live, rebuilt] = [openMemoryRowStore(), openMemoryRowStore()]
        project(live, log, sizes)
        project(rebuilt, log, [1_000])
        // The engine's are told by events, which these may be.
        const byReadModels = parkedEvents(live, { limit: 1_000 }).items.filter(
          ({ fold }) => fold !== 'engine',
        )
        expect(byReadModels).toEqual([])
        expect(dump(live, tables)).toEqual(dump(rebuilt, tables))
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  it('P1: rows as of a position equal a rebuild that stopped there', () => {
    fc.assert(
      fc.property(arbitraryEvents({ minLength: 1, maxLength: 120 }), fc.nat(), (events, pick) => {
        const log = recorded(events)
        const tables = tablesOf(log)
        const stop = 1 + (pick % log.length)
        const [whole, stopped] = [openMemoryRowStore(), openMemoryRowStore()]
        project(whole, log, [50])
        project(stopped, log.slice(0, stop), [50])
        expect(dump(rowsAsOf(whole, toPosition(stop)), tables)).toEqual(dump(stopped, tables))
      }),
      { seed: 2, numRuns: 60 },
    )
  })

  it('P1: rows on disk equal rows in memory, as they are and as of a position', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEvents({ minLength: 80, maxLength: 200 }), batches, async (events, sizes) => {
        const log = recorded(events)
        const tables = tablesOf(log)
        const [memory, disk] = [openMemoryRowStore(), await openLmdb()]
        try {
          project(memory, log, [1_000])
          project(disk, log, sizes)
          expect(dump(disk, tables)).toEqual(dump(memory, tables))
          const middle = toPosition(Math.floor(log.length / 2))
          expect(dump(rowsAsOf(disk, middle), tables)).toEqual(dump(rowsAsOf(memory, middle), tables))
        } finally {
          await disk.close()
        }
      }),
      { seed: 3, numRuns: 5 },
    )
  })

  it('takes notice of every type of event that is not the machine’s own', () => {
    const read = new Set(allProjections.flatMap(({ reads }) => reads))
    const machine = ['ClockTicked', 'CorrelatorReported', 'CorrelatorStarted']
    // Suspicions come with the learning of a later version.
    const later = ['OutageSuspected', 'SuspicionResolved']
    expect(eventTypes.filter((type) => !read.has(type))).toEqual(expect.arrayContaining(machine))
    expect(eventTypes.filter((type) => !read.has(type)).sort()).toEqual([...machine, ...later].sort())
  })

  it('is tested with events that are valid by their schemas', () => {
    fc.assert(
      fc.property(arbitraryEvents({ maxLength: 60 }), (events) => {
        expect(events.filter((event) => !isValid(event))).toEqual([])
      }),
      { seed: 4, numRuns: 30 },
    )
  })
})
