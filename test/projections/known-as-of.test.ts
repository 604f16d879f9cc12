import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allProjections } from '../../projections/all-projections.ts'
import { clustersByStatus } from '../../projections/cluster.ts'
import { complaintById, complaintsToDispatch } from '../../projections/complaint-queries.ts'
import { knownAsOf } from '../../projections/moment.ts'
import { outagesByStatus } from '../../projections/outage-queries.ts'
import type { Rows } from '../../projections/rows.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Event } from '../../schemas/event.ts'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { projectEvents } from '../../src/pipeline/project-events.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import { arbitraryEvents } from '../arbitrary-events.ts'
import { attributed, complaint, given, inLog, outageOpened, said } from './given.ts'

const page = { limit: 1_000 }

/** What reads of all kinds tell. */
function seen(rows: Rows): object {
  return {
    open: outagesByStatus(rows, 'open', page),
    ended: outagesByStatus(rows, 'ended', page),
    clusters: (['open', 'closed'] as const).map((status) => clustersByStatus(rows, status, page)),
    queue: complaintsToDispatch(rows, page),
    complaints: Array.from({ length: 12 }, (_, at) => complaintById(rows, `投诉-${at}`)),
  }
}

function project(events: readonly RecordedEvent[], batchSize: number): ReturnType<typeof openMemoryRowStore> {
  const store = openMemoryRowStore()
  const fold = projectEvents(store, allProjections)
  for (let at = 0; at < events.length; at += batchSize) fold(events.slice(at, at + batchSize))
  return store
}

/** The same events recorded by a clock that mostly goes on, at times stands, and at times steps back. */
const steps = fc.array(fc.constantFrom(0, 0, 1, 500, 60_000, -90_000), { minLength: 1, maxLength: 30 })

function recordedBy(events: readonly Event[], stepsMs: readonly number[]): readonly RecordedEvent[] {
  let ms = Date.UTC(2026, 2, 1)
  return inLog(
    events.map((event, at) => {
      ms += stepsMs[at % stepsMs.length] ?? 0
      return { ...event, recordedAt: toInstant(ms) } as Event
    }),
  )
}

describe('what was known as of a moment', () => {
  test('P1: equals a rebuild that stopped before the log’s clock went past it, in whatever batches', () => {
    fc.assert(
      fc.property(
        arbitraryEvents({ minLength: 1, maxLength: 120 }),
        steps,
        fc.nat(),
        fc.integer({ min: 1, max: 50 }),
        (events, stepsMs, pick, batchSize) => {
          const log = recordedBy(events, stepsMs)
          const asOf = log[pick % log.length]?.recordedAt ?? ''
          const past = log.findIndex(({ recordedAt }) => recordedAt > asOf)
          const until = past === -1 ? log.length : past
          const known = knownAsOf(project(log, batchSize), asOf)
          if (until === 0) {
            expect(known).toMatchObject({ kind: 'nothing', firstRecordedAt: log[0]?.recordedAt })
            return
          }
          if (known.kind !== 'known') throw new Error('something was known then')
          expect(seen(known.rows)).toEqual(seen(project(log.slice(0, until), batchSize)))
          expect(known.isNewest).toBe(until === log.length)
        },
      ),
      { seed: 11, numRuns: 80 },
    )
  })

  const two = '2026-03-01T02:00:00.000Z'
  const four = '2026-03-01T04:00:00.000Z'
  const six = '2026-03-01T06:00:00.000Z'

  test('an event that lies behind a later one is known from when that one was', () => {
    const store = given(
      complaint('C-1', {}, { at: two }),
      outageOpened('OUT-1', {}, { at: six }),
      complaint('C-2', {}, { at: two, recordedAt: four }),
    )
    const idsAt = (asOf: string) => {
      const known = knownAsOf(store, asOf)
      if (known.kind === 'nothing') return []
      return ['C-1', 'C-2'].filter((id) => complaintById(known.rows, id) !== undefined)
    }
    expect(idsAt('2026-03-01T05:00:00.000Z')).toEqual(['C-1'])
    expect(idsAt('2026-03-01T06:00:00.000Z')).toEqual(['C-1', 'C-2'])
  })

  test('moments are of milliseconds: what was recorded at the very moment is known', () => {
    const store = given(complaint('C-1', {}, { at: four }), attributed('C-1', {}, { at: six }))
    const before = toInstant(toMs(six) - 1)
    const known = [before, six].map((asOf) => knownAsOf(store, asOf))
    expect(
      known.map((then) => then.kind === 'known' && complaintById(then.rows, 'C-1')?.attributions),
    ).toEqual([0, 1])
  })

  test('before the first event nothing is known, and in an empty log ever', () => {
    const store = given(complaint('C-1', {}, { at: four }))
    expect(knownAsOf(store, two)).toEqual({ kind: 'nothing', firstRecordedAt: four })
    expect(knownAsOf(openMemoryRowStore(), two)).toEqual({ kind: 'nothing' })
  })

  test('history that was loaded from files is known when the files say it was, and says so', () => {
    const store = given(
      complaint('C-1', {}, { at: two, backfilled: true }),
      said('ClockTicked', {}, { at: six, source: 'causeway' }),
    )
    expect(knownAsOf(store, four)).toMatchObject({ recordedAt: two, backfilled: true })
    const live = knownAsOf(store, six)
    expect(live).toMatchObject({ kind: 'known', recordedAt: six })
    expect(live).not.toMatchObject({ backfilled: true })
  })
})
