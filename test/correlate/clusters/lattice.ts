import type { ClusterParams, PlacedComplaint } from '../../../src/correlate/clusters/cluster-params.ts'
import { metersPerDegree } from '../../../src/correlate/clusters/ground.ts'

/**
 * Tests place complaints on a lattice whose steps are powers of two of a degree, so that distances tie to the last bit and the
 * radius, four steps, is met exactly. A step is about 109 m.
 */
const stepDegrees = 2 ** -10
const minuteMs = 60_000

export const radiusSteps = 4
export const radiusMinutes = 4

export const latticeParams: ClusterParams = {
  epsMeters: radiusSteps * stepDegrees * metersPerDegree,
  epsMs: radiusMinutes * minuteMs,
  minCustomers: 3,
  latenessMs: 10 * minuteMs,
}

export interface LatticePoint {
  readonly east?: number
  readonly north?: number
  readonly minute?: number
  readonly customer?: string
  readonly lane?: string
  readonly dense?: boolean
  /** Where the lattice begins; on the equator, steps north are as long as steps east. */
  readonly origin?: readonly [lon: number, lat: number]
}

/** A complaint by the customer `id`, at the origin at minute 0, unless said otherwise. */
export function at(id: string, point: LatticePoint = {}): PlacedComplaint {
  const { east = 0, north = 0, minute = 0, customer = id, lane = 'no-signal', dense = true } = point
  const [lon, lat] = point.origin ?? [113.25, 0]
  return {
    id,
    lane,
    lon: lon + east * stepDegrees,
    lat: lat + north * stepDegrees,
    timeMs: minute * minuteMs,
    customerRef: customer,
    dense,
  }
}

export function minutes(count: number): number {
  return count * minuteMs
}
