import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { allProjections, tagOf } from '../../projections/all-projections.ts'
import { complaintById } from '../../projections/complaint-queries.ts'
import { parkedBy } from '../../projections/parked.ts'
import { countParked, parkedEvents } from '../../projections/parked-queries.ts'
import type { Projection } from '../../projections/projection.ts'
import type { Event } from '../../schemas/event.ts'
import { LogUnavailableError, type EventLog } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { startProjector, type ProjectorOptions } from '../../src/pipeline/projector.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'
import { complaint } from '../projections/given.ts'
import { until } from './until.ts'

const folder = mkdtempSync(join(tmpdir(), 'causeway-projector-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function append(log: EventLog, ...events: readonly Event[]): Promise<string> {
  const revision = await log.revisionOf('any')
  const result = await log.append('any', events, revision)
  if (result.kind !== 'appended') throw new Error(result.kind)
  return result.position
}

const start = (options: Pick<ProjectorOptions, 'log' | 'rows'> & Partial<ProjectorOptions>) =>
  startProjector({ projections: allProjections, nowMs: () => 0, ...options })

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => complaint(`C${from + at}`))

describe('the projector', () => {
  it('catches up, follows, and says when it has reached a position', async () => {
    const [log, rows] = [openMemoryLog(), openMemoryRowStore()]
    await append(log, ...numbered(1, 30))
    const projector = start({ log, rows, limits: { batchSize: 7 } })
    await projector.ready
    expect(complaintById(rows, 'C30')).toBeDefined()
    expect(projector.lag()).toEqual({ caughtUp: true, ms: 0 })
    const position = await append(log, complaint('C31'))
    expect(await projector.reached(position, 5_000)).toBe(true)
    expect(complaintById(rows, 'C31')).toBeDefined()
    expect(await projector.reached('9'.repeat(16), 1)).toBe(false)
    await projector.stop()
    expect(await projector.reached('9'.repeat(16), 5_000)).toBe(false)
  })

  it('lets more urgent work go first, but not for ever, and gives others turns within a batch', async () => {
    const [log, rows] = [openMemoryLog(), openMemoryRowStore()]
    await append(log, ...numbered(1, 60))
    let asked = 0
    let turns = 0
    let working = true
    const takeTurns = () => {
      turns += 1
      if (working) setImmediate(takeTurns)
    }
    setImmediate(takeTurns)
    const projector = start({
      log,
      rows,
      holdBack: () => (asked += 1) > 0,
      limits: { batchSize: 60, turnMs: 0, maxHoldMs: 30 },
    })
    await projector.ready
    working = false
    expect(asked).toBeGreaterThan(1)
    expect(turns).toBeGreaterThan(60)
    expect(complaintById(rows, 'C60')).toBeDefined()
    await projector.stop()
  })

  it('stops in the midst of a batch, and none of it is stored', async () => {
    const [log, rows] = [openMemoryLog(), openMemoryRowStore()]
    await append(log, ...numbered(1, 60))
    let projected = 0
    const [any, ...rest] = allProjections
    const counting: Projection = {
      ...(any as Projection),
      reads: ['ComplaintReceived'],
      evolve: () => {
        projected += 1
        return []
      },
    }
    const projector = start({ log, rows, projections: [counting, ...rest], limits: { turnMs: 0 } })
    await until(() => projected > 3)
    await projector.stop()
    expect(rows.checkpoint()).toBeUndefined()
    expect(complaintById(rows, 'C1')).toBeUndefined()
    await expect(projector.ready).rejects.toThrow('stopped before')
  })

  it('P1: goes on from its checkpoint, and begins anew where the shape of the rows has changed', async () => {
    const log = openMemoryLog()
    await append(log, ...numbered(1, 5))
    const run = async (tag: string) => {
      const rows = await openLmdbRowStore({ folder: join(folder, 'rows'), tag })
      const projector = start({ log, rows })
      await projector.ready
      await projector.stop()
      const { projected } = projector.counts()
      const found = complaintById(rows, 'C1')?.complaintId
      await rows.close()
      return { projected, found }
    }
    const tag = tagOf(allProjections)
    expect(await run(tag)).toEqual({ projected: 5, found: 'C1' })
    expect(await run(tag)).toEqual({ projected: 0, found: 'C1' })
    const [first, ...rest] = allProjections
    expect(tagOf([...rest, first as Projection])).toBe(tag)
    const newer = tagOf([...rest, { ...(first as Projection), version: 2 }])
    expect(await run(newer)).toEqual({ projected: 5, found: 'C1' })
  })

  it('parks an event that a projection cannot take, and goes on', async () => {
    const [log, rows] = [openMemoryLog(), openMemoryRowStore()]
    const poisoned = { ...complaint('C2'), data: { complaintId: 'C2', reportedAt: 7 } }
    await append(log, complaint('C1'), poisoned as unknown as Event, complaint('C3'))
    const projector = start({ log, rows })
    await projector.ready
    expect(complaintById(rows, 'C3')).toBeDefined()
    expect(complaintById(rows, 'C2')).toBeUndefined()
    expect(countParked(rows)).toBe(1)
    expect(projector.counts()).toEqual({ projected: 3, parked: 1 })
    expect(parkedEvents(rows, { limit: 5 }).items).toMatchObject([
      { eventId: poisoned.id, fold: 'schema', type: 'ComplaintReceived' },
    ])
    await projector.stop()
  })

  it('P1: what one projection cannot take is missing from it alone, whole, and a rebuild reports the same', async () => {
    const log = openMemoryLog()
    await append(log, ...numbered(1, 6))
    const [any] = allProjections
    const fussy: Projection = {
      ...(any as Projection),
      name: 'fussy',
      reads: ['ComplaintReceived'],
      evolve: (event) => {
        const id = event.type === 'ComplaintReceived' ? event.data.complaintId : ''
        if (id === 'C2') throw new Error('not this one')
        const first = { table: 'fussy', key: id, value: { id } }
        // A key that no row can have comes after a good one, of which nothing may be stored.
        return id === 'C4' ? [first, { ...first, key: 'x'.repeat(2_000) }] : [first]
      },
    }
    const run = async (batchSize: number) => {
      const rows = openMemoryRowStore()
      const projector = start({ log, rows, projections: [fussy, ...allProjections], limits: { batchSize } })
      await projector.ready
      await projector.stop()
      expect(complaintById(rows, 'C2')).toBeDefined()
      expect(complaintById(rows, 'C4')).toBeDefined()
      const kept = rows.scan('fussy', { limit: 10 }).rows.map(({ key }) => key)
      return { kept, parked: rows.scan(parkedBy('fussy').name, { limit: 10 }).rows }
    }
    const live = await run(1)
    expect(live.kept).toEqual(['C1', 'C3', 'C5', 'C6'])
    expect(live.parked.map(({ value }) => value)).toMatchObject([
      { fold: 'fussy', type: 'ComplaintReceived', error: 'Error: not this one' },
      { fold: 'fussy', type: 'ComplaintReceived' },
    ])
    expect(await run(100)).toEqual(live)
  })

  it('tries again from its checkpoint when the log or the disk of the rows fails', async () => {
    const [log, rows] = [openMemoryLog(), openMemoryRowStore()]
    await append(log, ...numbered(1, 3))
    const troubles: unknown[] = []
    let failuresLeft = 2
    const failing: RowStore = {
      ...rows,
      commit: (checkpoint, writes) => {
        failuresLeft -= 1
        if (failuresLeft >= 0) throw new Error('no space left on device')
        rows.commit(checkpoint, writes)
      },
    }
    let logFails = true
    const restless: EventLog = {
      ...log,
      subscribe: (options) => {
        if (!logFails) return log.subscribe(options)
        logFails = false
        throw new LogUnavailableError('the log is away')
      },
    }
    const projector = start({
      log: restless,
      rows: failing,
      limits: { firstRetryMs: 1, maxRetryMs: 2 },
      onTrouble: (error) => troubles.push(error),
    })
    await projector.ready
    expect(troubles).toHaveLength(3)
    expect(projector.counts().projected).toBe(3)
    await projector.stop()
  })

  it('tells of every commit once, in order, and which are live', async () => {
    const [log, rows] = [openMemoryLog(), openMemoryRowStore()]
    await append(log, ...numbered(1, 5))
    const told: [number, boolean][] = []
    const projector = start({
      log,
      rows,
      limits: { batchSize: 2 },
      onCommitted: ({ events, live }) => told.push([events.length, live]),
    })
    await projector.ready
    await projector.reached(await append(log, complaint('C6')), 5_000)
    expect(told).toEqual([
      [2, false],
      [2, false],
      [1, true],
      [1, true],
    ])
    await projector.stop()
  })

  it('is told to stop before it has caught up: ready says so', async () => {
    const [log, rows] = [openMemoryLog(), openMemoryRowStore()]
    const projector = start({ log, rows })
    const stopped = projector.stop()
    await expect(projector.ready).rejects.toThrow('stopped')
    await stopped
  })
})
