import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allProjections, tagOf } from '../../projections/all-projections.ts'
import { complaintById } from '../../projections/complaint-queries.ts'
import type { Projection } from '../../projections/projection.ts'
import type { Event } from '../../schemas/event.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { startProjector, type ProjectorOptions } from '../../src/pipeline/projector.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'
import { arbitraryEvents } from '../arbitrary-events.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { complaint } from '../projections/given.ts'
import { until } from './until.ts'

async function append(log: EventLog, events: readonly Event[]): Promise<string> {
  const result = await log.append('any', events, await log.revisionOf('any'))
  if (result.kind !== 'appended') throw new Error(result.kind)
  return result.position
}

const start = (options: Pick<ProjectorOptions, 'log' | 'rows'> & Partial<ProjectorOptions>) =>
  startProjector({ projections: allProjections, nowMs: () => 0, ...options })

const openLmdb = (folder = join(tempFolder(), 'rows')) =>
  openLmdbRowStore({ folder, tag: tagOf(allProjections) })

/** The read models with one among them that writes nothing, as one might that had a fault. */
const withFault = (name: string): readonly Projection[] =>
  allProjections.map((one) => (one.name === name ? { ...one, evolve: () => [] } : one))

const others = (name: string) => allProjections.map((one) => one.name).filter((one) => one !== name)

/** Everything that a store holds of some tables, now and as of a position. */
function dump(rows: RowStore, tables: readonly string[], asOf?: string): unknown {
  const options = { limit: 9_000, ...(asOf === undefined ? {} : { asOf }) }
  return tables.map((table) => [table, rows.scan(table, options).rows])
}

/** A store over another that tells which tables are written to. */
function watched(rows: RowStore, tables: Set<string>): RowStore {
  return {
    ...rows,
    commit: (checkpoint, writes) => {
      for (const { table } of writes) tables.add(table)
      rows.commit(checkpoint, writes)
    },
  }
}

async function built(log: EventLog, rows: RowStore, projections = allProjections): Promise<RowStore> {
  const projector = start({ log, rows, projections })
  await projector.ready
  await projector.stop()
  return rows
}

describe('a projection is made again beside the one that is read', () => {
  test('P1: it equals one made from the beginning, as it is and as of any position, on disk and in memory', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryEvents({ minLength: 60, maxLength: 150 }),
        fc.constantFrom(...allProjections.map(({ name }) => name)),
        fc.boolean(),
        fc.integer({ min: 1, max: 59 }),
        async (events, name, onDisk, stop) => {
          const log = openMemoryLog()
          const [before, meanwhile] = [events.slice(0, -20), events.slice(-20)]
          await append(log, before)
          const tables = new Set<string>()
          const fresh = openMemoryRowStore()
          // One that is read from the middle on has no fault, so that it goes on with rows that lack the beginning.
          const rows = onDisk ? await openLmdb() : openMemoryRowStore()
          await built(log, rows, withFault(name))
          const projector = start({ log, rows, limits: { batchSize: 7 } })
          await projector.ready
          let position = ''
          // All others read acts, and were made with none.
          for (const one of name === 'act' ? ['act', ...others('act')] : [name]) {
            const rebuild = projector.rebuilds.start(one)
            if (one === name) position = await append(log, meanwhile)
            if (rebuild.kind !== 'started') throw new Error(rebuild.kind)
            expect(await rebuild.finished).toMatchObject({ kind: 'done' })
          }
          await projector.reached(position, 10_000)
          // What comes after is folded into the rows that have taken over.
          await projector.reached(await append(log, [complaint('last')]), 10_000)
          await projector.stop()
          await built(log, watched(fresh, tables))
          const names = [...tables].sort()
          const [asOf] = (await first(log, stop)).map(({ position: at }) => at)
          expect(dump(rows, names)).toEqual(dump(fresh, names))
          expect(dump(rows, names, asOf)).toEqual(dump(fresh, names, asOf))
          expect(rows.sweep()).toBe(false)
          await rows.close()
        },
      ),
      { seed: 5, numRuns: 40 },
    )
  })

  test('until it switches the old rows serve, and one at a time is made', async () => {
    const log = openMemoryLog()
    await append(log, [complaint('C1')])
    const rows = await built(log, openMemoryRowStore(), withFault('complaint'))
    let letGo: () => void = () => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    let isHeld = false
    const slow: EventLog = {
      ...log,
      readAll: async function* (options) {
        isHeld = true
        await held
        yield* log.readAll(options)
      },
    }
    const projector = start({ log: slow, rows })
    await projector.ready
    const rebuild = projector.rebuilds.start('complaint')
    await until(() => isHeld)
    await projector.reached(await append(log, [complaint('C2')]), 5_000)
    expect(complaintById(rows, 'C1')).toBeUndefined()
    expect(complaintById(rows, 'C2')).toBeDefined()
    expect(projector.rebuilds.start('outage')).toEqual({ kind: 'busy', with: 'complaint' })
    expect(projector.rebuilds.start('nothing')).toEqual({ kind: 'unknown' })
    expect(projector.rebuilds.list().find(({ name }) => name === 'complaint')?.rebuild).toEqual({
      kind: 'running',
      events: 0,
    })
    letGo()
    expect(rebuild.kind === 'started' && (await rebuild.finished)).toEqual({ kind: 'done', events: 2 })
    expect(complaintById(rows, 'C1')).toBeDefined()
    expect(complaintById(rows, 'C2')).toBeDefined()
    await projector.stop()
  })

  test('killed midway, the old rows are still there and nothing of the new', async () => {
    const log = openMemoryLog()
    const folder = join(tempFolder(), 'rows')
    await append(
      log,
      Array.from({ length: 50 }, (_, at) => complaint(`C${at}`)),
    )
    const rows = await openLmdb(folder)
    await built(log, rows)
    const beside = rows.beside('complaint')
    beside.commit('0000000000000001', [
      { table: 'complaint', key: 'C0', value: { half: 'made' }, position: '0000000000000001' },
    ])
    await rows.close()
    const again = await openLmdb(folder)
    expect(complaintById(again, 'C0')).toMatchObject({ complaintId: 'C0' })
    const projector = start({ log, rows: again })
    await projector.ready
    // Left over rows are gone before others are made in their place.
    const rebuild = projector.rebuilds.start('complaint')
    expect(rebuild.kind === 'started' && (await rebuild.finished)).toEqual({ kind: 'done', events: 50 })
    expect(complaintById(again, 'C0')).toMatchObject({ complaintId: 'C0' })
    // Told to stop, it does, and says so.
    const broken = projector.rebuilds.start('complaint')
    await projector.stop()
    expect(broken.kind === 'started' && (await broken.finished)).toMatchObject({ kind: 'failed' })
    await again.close()
    const last = await openLmdb(folder)
    expect(complaintById(last, 'C49')).toMatchObject({ complaintId: 'C49' })
    await last.close()
  })
})

async function first(log: EventLog, count: number) {
  for await (const batch of log.readAll({ maxEvents: count })) return batch.slice(-1)
  return []
}
