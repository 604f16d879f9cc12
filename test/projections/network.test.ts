import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  activeAlarmPage,
  activeAlarms,
  alarmById,
  unmappedAlarmKinds,
} from '../../projections/alarm-queries.ts'
import { causesNear } from '../../projections/cause-near.ts'
import { cutoverById, cutoversByStatus } from '../../projections/cutover.ts'
import {
  areaOfInfluence,
  childrenOf,
  dependentsOf,
  elementsInBox,
  elementState,
  elementsUnknown,
} from '../../projections/element-queries.ts'
import { feeds } from '../../projections/feed.ts'
import { maxBriefs } from '../../projections/alarm-on-element.ts'
import { boxAround, meet, type Box } from '../../projections/quadkey.ts'
import type { Page } from '../../projections/page.ts'
import type { LonLat } from '../../schemas/geo.ts'
import { given, noon, said } from './given.ts'

const all = { limit: 100 }
const baima: LonLat = [113.2765, 23.1234]
const site = (elementId: string, point: LonLat, more: Record<string, unknown> = {}) =>
  said('ElementRegistered', { elementId, kind: 'site', name: elementId, location: { point }, ...more })
const raised = (alarmId: string, elementId: string, at = noon, more: Record<string, unknown> = {}) =>
  said('AlarmRaised', { alarmId, elementId, probableCause: 'outOfService', ...more }, { at })
const cleared = (alarmId: string, at: string) => said('AlarmCleared', { alarmId }, { at })
const minutes = (count: number) => new Date(Date.parse(noon) + count * 60_000).toISOString()
const now = (count: number) => ({ nowMs: Date.parse(minutes(count)), recentMs: 3_600_000 })
const activeIds = (rows: ReturnType<typeof given>, source?: string) =>
  [...activeAlarms(rows, source)].map(({ alarmId }) => alarmId).sort()

describe('an alarm', () => {
  it('is active from raise to clear; raised again it is a new occurrence', () => {
    const first = [raised('A1', 'S1'), said('AlarmAcknowledged', { alarmSource: 'nms', alarmId: 'A1' })]
    expect(alarmById(given(...first), 'nms', 'A1')).toMatchObject({ occurrence: 1, acknowledged: [{}] })
    const second = [...first, cleared('A1', minutes(5)), raised('A1', 'S1', minutes(9))]
    const again = alarmById(given(...second), 'nms', 'A1')
    expect(again).toMatchObject({ occurrence: 2, raisedAt: minutes(9) })
    expect(again?.cleared).toBeUndefined()
    expect(again?.acknowledged).toBeUndefined()
  })

  it('whose clear arrives first is over all the same', () => {
    const rows = given(cleared('A1', minutes(5)), raised('A1', 'S1'))
    expect(alarmById(rows, 'nms', 'A1')?.cleared).toMatchObject({ at: minutes(5) })
    expect(activeIds(rows)).toEqual([])
  })

  it('is not ended by the late clear of its former occurrence', () => {
    const rows = given(raised('A1', 'S1', minutes(9)), cleared('A1', minutes(5)))
    expect(activeIds(rows)).toEqual(['A1'])
  })

  it('is ended without an id by object, type, cause and problem, within its source', () => {
    const rows = given(
      raised('A1', 'S1'),
      raised('A2', 'S1', noon, { specificProblem: 'p' }),
      raised('A3', 'S2'),
      said(
        'AlarmRaised',
        { alarmId: 'B1', elementId: 'S1', probableCause: 'outOfService' },
        { source: 'other' },
      ),
      said('AlarmCleared', { elementId: 'S1', probableCause: 'outOfService', specificProblem: 'p' }),
    )
    expect(activeIds(rows)).toEqual(['A1', 'A3', 'B1'])
    expect(activeIds(rows, 'other')).toEqual(['B1'])
  })

  it('is listed and cleared also where one object has more of them than its row holds', () => {
    const ids = Array.from({ length: maxBriefs * 3 }, (_, at) => `A${String(at).padStart(3, '0')}`)
    const storm = ids.map((id) => raised(id, 'NMS'))
    expect(activeIds(given(...storm))).toEqual(ids)
    const clears = ids.slice(0, -1).map((id) => cleared(id, minutes(1)))
    expect(activeIds(given(...storm, ...clears))).toEqual(ids.slice(-1))
    const byRule = said(
      'AlarmCleared',
      { elementId: 'NMS', probableCause: 'outOfService' },
      { at: minutes(1) },
    )
    expect(activeIds(given(...storm, byRule))).toEqual([])
    expect(activeAlarmPage(given(...storm), 'nms', { limit: 500 }).items).toHaveLength(ids.length)
  })

  it('of a kind that no rule fits is listed once', () => {
    const rows = given(
      raised('A1', 'S1'),
      raised('A2', 'S2'),
      raised('A3', 'S2', noon, { probableCause: 'door' }),
    )
    const kinds = unmappedAlarmKinds(rows, ({ probableCause }) => probableCause === 'door', all).items
    expect(kinds).toMatchObject([{ probableCause: 'outOfService', alarmId: 'A1' }])
  })

  it('on an element that the inventory does not know makes it listed until it is known', () => {
    const unknown = [raised('A1', 'S9')]
    expect(elementsUnknown(given(...unknown), all).items).toMatchObject([{ elementId: 'S9', source: 'nms' }])
    expect(elementsUnknown(given(...unknown, site('S9', baima)), all).items).toEqual([])
  })
})

describe('an element', () => {
  it('is alarmed, recently alarmed, in cutover', () => {
    const events = [
      site('S1', baima),
      said('CutoverPlanned', {
        cutoverId: 'CO-118',
        title: '割接',
        elementIds: ['S1'],
        plannedStart: minutes(0),
        plannedEnd: minutes(60),
      }),
      raised('A1', 'S1', minutes(2)),
    ]
    expect(elementState(given(...events), 'S1', now(5))).toMatchObject({ alarmed: true, inCutover: true })
    const after = given(
      ...events,
      cleared('A1', minutes(40)),
      said('CutoverFinished', { cutoverId: 'CO-118' }, { at: minutes(41) }),
    )
    expect(elementState(after, 'S1', now(50))).toMatchObject({
      alarmed: false,
      recentlyAlarmed: true,
      inCutover: false,
    })
    expect(elementState(after, 'S1', now(200))).toMatchObject({ recentlyAlarmed: false })
  })

  it('has children, dependents and an area of influence, which follow the inventory', () => {
    const events = [
      said('ElementRegistered', { elementId: 'BSC', kind: 'aggregation', name: 'BSC' }),
      site('S1', [113.1, 23.1], { parent: 'BSC' }),
      site('S2', [113.3, 23.2], { parent: 'BSC' }),
      site('S3', [113.5, 23.0]),
      said('ElementLinked', { elementId: 'S3', dependsOn: 'BSC', relation: 'feeds' }),
    ]
    const rows = given(...events)
    expect(childrenOf(rows, 'BSC', all).items.map(({ elementId }) => elementId)).toEqual(['S1', 'S2'])
    expect(dependentsOf(rows, 'BSC', all).items).toMatchObject([{ elementId: 'S3' }])
    expect(areaOfInfluence(rows, 'BSC')).toEqual({
      box: [113.1, 23.0, 113.5, 23.2],
      elements: 4,
      complete: true,
    })
    const moved = given(
      ...events,
      said('ElementChanged', { elementId: 'S1', set: {}, unset: ['parent'] }),
      said('ElementRetired', { elementId: 'S2' }),
    )
    expect(areaOfInfluence(moved, 'BSC')).toMatchObject({ box: [113.5, 23, 113.5, 23], elements: 2 })
  })

  it('is found in every box that holds it, once, page after page', () => {
    const point = fc.tuple(
      fc.double({ min: 112, max: 115, noNaN: true }),
      fc.double({ min: 22, max: 24, noNaN: true }),
    )
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 40 }),
        point,
        fc.integer({ min: 1, max: 300_000 }),
        (points, center, radius) => {
          const rows = given(...points.map((at, index) => site(`S${index}`, at)))
          const box = boxAround(center, radius)
          const found: string[] = []
          let cursor: string | undefined
          do {
            const page: Page<{ elementId: string }> = elementsInBox(rows, box, { limit: 3, cursor })
            found.push(...page.items.map(({ elementId }) => elementId))
            cursor = page.next
          } while (cursor !== undefined)
          const expected = points.flatMap(([lon, lat], index) =>
            meet([lon, lat, lon, lat] as Box, box) ? [`S${index}`] : [],
          )
          expect(found.sort()).toEqual(expected.sort())
        },
      ),
      { seed: 5, numRuns: 60 },
    )
  })
})

describe('causes near a point', () => {
  const query = { point: baima, radiusMeters: 1_000, dwellMs: 1_800_000 }
  const events = [
    said('ElementRegistered', { elementId: 'BSC', kind: 'aggregation', name: 'BSC 7' }),
    site('白马花园', baima, { parent: 'BSC' }),
    site('far', [114, 23.5]),
    raised('A1', '白马花园'),
    raised('A2', 'BSC'),
    raised('A3', 'far'),
    said('CoverageGapReported', {
      gapId: 'G1',
      kind: 'blind-spot',
      name: '地下车库',
      area: { kind: 'circle', center: [113.28, 23.1234], radiusMeters: 50 },
    }),
    said('AdvisoryPublished', {
      advisoryId: 'N1',
      advisoryType: '停电',
      title: '市电中断',
      elementIds: ['白马花园'],
    }),
  ]

  it('are alarms on the elements around and above, gaps, works and advisories, the nearest first', () => {
    const { causes, complete } = causesNear(given(...events), { ...query, ...now(5) })
    expect(complete).toBe(true)
    expect(causes.map(({ cause: { kind, id }, state }) => [kind, id, state])).toEqual([
      ['advisory', 'N1', 'standing'],
      ['alarm', `nms/A1@${noon}`, 'ongoing'],
      ['gap', 'G1', 'standing'],
      ['alarm', `nms/A2@${noon}`, 'ongoing'],
    ])
    expect(causes.at(-1)).toMatchObject({ upstream: true, title: 'BSC 7: outOfService' })
  })

  it('are watched after a clear, then restored, then gone', () => {
    const rows = given(...events.slice(0, 4), cleared('A1', minutes(10)))
    const stateAt = (at: number) => causesNear(rows, { ...query, ...now(at) }).causes[0]?.state
    expect([stateAt(20), stateAt(50), stateAt(100)]).toEqual(['watched', 'restored', undefined])
  })
})

describe('works near a point', () => {
  it('are listed from their start until a while after their end, as alarms are', () => {
    const works = { cutoverId: 'CO-1', title: '割接', elementIds: ['白马花园'] }
    const rows = given(
      site('白马花园', baima),
      said('CutoverPlanned', { ...works, plannedStart: minutes(10), plannedEnd: minutes(60) }),
      said('CutoverFinished', { cutoverId: 'CO-1' }, { at: minutes(40) }),
    )
    const query = { point: baima, radiusMeters: 1_000, dwellMs: 1_800_000 }
    const stateAt = (at: number) => causesNear(rows, { ...query, ...now(at) }).causes[0]?.state
    expect([stateAt(5), stateAt(45), stateAt(80), stateAt(130)]).toEqual([
      undefined,
      'watched',
      'restored',
      undefined,
    ])
  })
})

describe('works and sources', () => {
  it('keep what was reported of a cutover before its plan came', () => {
    const plan = {
      cutoverId: 'CO-1',
      title: '割接',
      elementIds: ['S1'],
      plannedStart: noon,
      plannedEnd: minutes(60),
    }
    const rows = given(
      said('CutoverStarted', { cutoverId: 'CO-1' }, { at: minutes(1) }),
      said('CutoverPlanned', plan),
    )
    expect(cutoverById(rows, 'CO-1')).toMatchObject({
      status: 'started',
      startedAt: minutes(1),
      plan: { title: '割接' },
    })
    expect(cutoversByStatus(rows, 'started', all).items).toHaveLength(1)
    expect(cutoversByStatus(rows, 'planned', all).items).toHaveLength(0)
  })

  it('say for each source how much came of what, when, and how late', () => {
    const late = said('AlarmCleared', { alarmId: 'A1' }, { at: minutes(1), recordedAt: minutes(3) })
    const rows = given(
      raised('A1', 'S1'),
      late,
      said('ClusterClosed', { clusterId: 'K' }, { source: 'engine' }),
    )
    expect(feeds(rows)).toEqual([
      {
        source: 'nms',
        count: 2,
        recordedAt: minutes(3),
        occurredAt: minutes(1),
        newestAt: minutes(1),
        lagMs: 120_000,
        countByType: { AlarmRaised: 1, AlarmCleared: 1 },
      },
    ])
  })
})
