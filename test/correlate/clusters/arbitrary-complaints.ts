import fc from 'fast-check'
import type { PlacedComplaint } from '../../../src/correlate/clusters/cluster-params.ts'
import { at, type LatticePoint } from './lattice.ts'

const origins = [
  [113.25, 0],
  [113.25, 23.125],
  [-0.125, -0.0625],
  [25, 68.99],
] as const

/** Complaints of few customers on a small lattice: ties and exact radii abound. */
export function arbitraryComplaints(
  maxLength: number,
  lastMinute = 30,
): fc.Arbitrary<readonly PlacedComplaint[]> {
  const point = fc.record({
    east: fc.integer({ min: 0, max: 14 }),
    north: fc.integer({ min: 0, max: 5 }),
    minute: fc.integer({ min: 0, max: lastMinute }),
    customer: fc.integer({ min: 0, max: 7 }).map(String),
    lane: fc.constantFrom('no-signal', 'no-signal', 'no-signal', 'slow-data'),
    dense: fc.constantFrom(true, true, true, true, false),
  })
  return named(point, maxLength)
}

/**
 * Two places too far apart to be neighbours, and a third between them where complaints are few: clusters go on for long,
 * join over the middle and, where that is withdrawn, come apart with members that have long retired.
 */
export function arbitraryArms(
  maxLength: number,
  lastMinute: number,
): fc.Arbitrary<readonly PlacedComplaint[]> {
  const point = fc.record({
    east: fc.constantFrom(0, 0, 0, 8, 8, 8, 4, 12),
    minute: fc.integer({ min: 0, max: lastMinute }),
    customer: fc.integer({ min: 0, max: 11 }).map(String),
  })
  return named(point, maxLength)
}

function named(
  point: fc.Arbitrary<LatticePoint>,
  maxLength: number,
): fc.Arbitrary<readonly PlacedComplaint[]> {
  return fc
    .tuple(fc.array(point, { maxLength, size: 'max' }), fc.constantFrom(...origins))
    .map(([points, origin]) =>
      points.map((it, index) => at(`c${String(index).padStart(3, '0')}`, { ...it, origin })),
    )
}
