import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterBatch } from '../../../src/correlate/clusters/cluster-batch.ts'
import type { DensityParams, PlacedComplaint } from '../../../src/correlate/clusters/cluster-params.ts'
import { metersPerDegree } from '../../../src/correlate/clusters/ground.ts'
import { at, latticeParams } from './lattice.ts'
import { arbitraryComplaints } from './arbitrary-complaints.ts'

/** The definition word for word, comparing everyone with everyone. */
function byDefinition(complaints: readonly PlacedComplaint[], params: DensityParams): readonly string[][] {
  const radians = Math.PI / 180
  const radius = params.epsMeters / metersPerDegree
  const squared = (a: PlacedComplaint, b: PlacedComplaint) =>
    (a.lat - b.lat) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * (a.lon - b.lon) ** 2
  const gap = (a: PlacedComplaint, b: PlacedComplaint) => Math.abs(a.timeMs - b.timeMs)
  const near = (a: PlacedComplaint) =>
    complaints.filter((b) => a.lane === b.lane && squared(a, b) <= radius ** 2 && gap(a, b) <= params.epsMs)
  const customers = (a: PlacedComplaint) =>
    new Set(
      near(a)
        .filter((b) => b.dense)
        .map((b) => b.customerRef),
    ).size
  const cores = complaints.filter((a) => a.dense && customers(a) >= params.minCustomers)
  const labels = new Map(cores.map((core) => [core.id, core.id]))
  for (const a of cores)
    for (const b of near(a)) {
      const [from, to] = [labels.get(b.id), labels.get(a.id)]
      if (from === undefined || to === undefined) continue
      for (const [id, label] of labels) if (label === from) labels.set(id, to)
    }
  const members = new Map<string, string[]>()
  for (const a of complaints) {
    const [nearest] = near(a)
      .filter((b) => cores.includes(b))
      .sort((b, c) => squared(a, b) - squared(a, c) || gap(a, b) - gap(a, c) || (b.id < c.id ? -1 : 1))
    const label = labels.get(a.id) ?? labels.get(nearest?.id ?? '')
    if (label !== undefined) members.set(label, [...(members.get(label) ?? []), a.id])
  }
  return [...members.values()].map((ids) => ids.sort()).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

describe('clusterBatch', () => {
  test('is what the definition says, at any latitude', () => {
    fc.assert(
      fc.property(arbitraryComplaints(40), fc.integer({ min: 1, max: 4 }), (complaints, minCustomers) => {
        const params = { ...latticeParams, minCustomers }
        expect(clusterBatch(complaints, params)).toEqual(byDefinition(complaints, params))
      }),
      { seed: 3, numRuns: 400 },
    )
  })

  test('neighbours may lie at exactly the radius in space and in time, and no farther', () => {
    const three = (east: number, minute: number) => [at('a'), at('b'), at('c', { east, minute })]
    expect(clusterBatch(three(4, 4), latticeParams)).toEqual([['a', 'b', 'c']])
    expect(clusterBatch(three(4.001, 4), latticeParams)).toEqual([])
    expect(clusterBatch(three(4, 4.001), latticeParams)).toEqual([])
  })
})
