import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { complaintsOfDay, complaintsOfOutage } from '../../projections/complaint-queries.ts'
import { outageById } from '../../projections/outage-queries.ts'
import type { Page, PageRequest } from '../../projections/page.ts'
import { meet, type Box } from '../../projections/quadkey.ts'
import { regionGround } from '../../projections/region-ground.ts'
import { regionTables } from '../../projections/region-tables.ts'
import { regionView } from '../../projections/region-view.ts'
import { rowsInRegions } from '../../projections/rows-in-regions.ts'
import type { Rows } from '../../projections/rows.ts'
import type { Area } from '../../schemas/geo.ts'
import { attributed, complaint, given, outageOpened, said } from './given.ts'

const areaOf = ([west, south, east, north]: Box): Area => ({
  kind: 'polygon',
  ring: [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ],
})
const west = regionGround([areaOf([112, 22, 113, 24])])

/** Nothing of these is read for anybody; or it is of the whole network, and its routes say so. */
const closed = [
  'alarm.early-clear',
  'alarm.kind',
  'audit',
  'complaint.cluster-customer',
  'complaint.loose-customer',
  'element.unknown',
  'feed-kind',
  'feed-kind.named-by',
  'feed-kind.sum',
  'feed-kind.unknown',
  'outage.hold',
  'statistics.calls',
  'statistics.complaint',
  'statistics.element',
  'statistics.outage',
]

test('of every table somebody has said whose its rows are', () => {
  const folder = new URL('../../projections/', import.meta.url)
  const named = readdirSync(folder).flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/\btable(?:<[^(]*>)?\('([^']+)'\)/g)].map(
      ([, name = '']) => name,
    ),
  )
  expect(named.length).toBeGreaterThan(80)
  expect([...new Set([...Object.keys(regionTables), ...closed])].sort()).toEqual([...new Set(named)].sort())
})

test('a table of which nobody has is seen by no region', () => {
  const rows = rowsInRegions(given(complaint('C-1', { place: { location: { point: [112.5, 23] } } })), {
    ground: west,
  })
  expect(rows.scan('statistics.complaint', { limit: 10 }).rows).toEqual([])
  expect(rows.get('statistics.complaint', 'C-1')).toBeUndefined()
})

describe('ground', () => {
  const coordinate = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true })
  const box = fc
    .tuple(coordinate(110, 114), coordinate(20, 24), coordinate(0.01, 2), coordinate(0.01, 2))
    .map(([lon, lat, width, height]): Box => [lon, lat, lon + width, lat + height])

  test('meets and covers as boxes do', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const ground = regionGround([areaOf(a)])
        expect(ground.meets(areaOf(b))).toBe(meet(a, b))
        const isWithin = a[0] < b[0] && a[1] < b[1] && b[2] < a[2] && b[3] < a[3]
        expect(ground.covers(areaOf(b))).toBe(isWithin)
      }),
      { seed: 71, numRuns: 500 },
    )
  })

  test('a circle meets what it reaches into, and is covered where all of it lies in regions that adjoin', () => {
    const both = regionGround([areaOf([112, 22, 113, 24]), areaOf([113, 22, 114, 24])])
    const circle = (lon: number, radiusMeters: number): Area => ({
      kind: 'circle',
      center: [lon, 23],
      radiusMeters,
    })
    expect(west.meets(circle(113.05, 10_000))).toBe(true)
    expect(west.meets(circle(113.05, 1_000))).toBe(false)
    expect(west.covers(circle(112.95, 10_000))).toBe(false)
    expect(both.covers(circle(112.95, 10_000))).toBe(true)
    expect(regionGround([]).meets(circle(113, 1_000))).toBe(false)
  })
})

describe('an element without a position', () => {
  const register = (elementId: string, lon?: number, parent?: string) =>
    said('ElementRegistered', {
      elementId,
      kind: 'other',
      name: elementId,
      ...(lon === undefined ? {} : { location: { point: [lon, 23] } }),
      ...(parent === undefined ? {} : { parent }),
    })
  const rows = given(
    register('core'),
    register('west-hub', undefined, 'core'),
    register('east-hub', undefined, 'core'),
    register('W', 112.5, 'west-hub'),
    register('E', 113.5, 'east-hub'),
    register('W-cell', undefined, 'W'),
    register('ring', undefined),
    said('ElementLinked', { elementId: 'ring', dependsOn: 'west-hub', relation: 'feeds' }),
    register('lonely'),
  )
  const standing = (id: string) =>
    regionView(rows as Rows, { ground: west }).standing({ kind: 'element', id })

  test.each([
    ['core', 'shared'],
    ['west-hub', 'inside'],
    ['east-hub', 'outside'],
    ['W-cell', 'inside'],
    ['lonely', 'outside'],
    ['nobody knows', 'outside'],
  ])('%s lies %s, by what is below it, else above', (id, expected) => {
    expect(standing(id)).toBe(expected)
  })
})

test('a list is the same list without what is not seen, page by page, however short the pages', () => {
  const point = fc.constantFrom<readonly [number, number]>([112.5, 23], [113.5, 23])
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (points, limit) => {
        const store = given(
          outageOpened('O-1'),
          ...points.flatMap((at, index) => [
            complaint(`C-${index}`, { place: { location: { point: at } }, customerRef: `r-${index % 3}` }),
            attributed(`C-${index}`, { outageId: 'O-1' }),
          ]),
        )
        const rows = rowsInRegions(store, { ground: west }) as Rows
        const expected = points.flatMap(([lon], index) => (lon < 113 ? [`C-${index}`] : [])).sort()
        expect(all((page) => complaintsOfDay(rows, '2026-03-01', page), limit).sort()).toEqual(expected)
        expect(all((page) => complaintsOfOutage(rows, 'O-1', page), limit).sort()).toEqual(expected)
        const customers = new Set(expected.map((id) => Number(id.slice(2)) % 3)).size
        const counts = { complaints: expected.length, customers }
        expect(outageById(rows, 'O-1')).toEqual(
          expected.length === 0 ? undefined : expect.objectContaining(counts),
        )
      },
    ),
    { seed: 72, numRuns: 60 },
  )
})

function all(list: (page: PageRequest) => Page<{ readonly complaintId: string }>, limit: number): string[] {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = list({ limit, cursor })
    ids.push(...page.items.map(({ complaintId }) => complaintId))
    cursor = page.next
  } while (cursor !== undefined)
  return ids
}
