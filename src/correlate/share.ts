import type { Coverage } from '../../schemas/element.ts'
import type { Area, LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { bearingDegrees, distanceMeters, insideRing, metersToRing } from './geometry.ts'
import { round6 } from './round.ts'

/** How blurred the side of a sector is, beyond what the place's uncertainty adds. */
const sectorBlurDegrees = 15
const degreesPerRadian = 180 / Math.PI
/** Over this distance the edge of an area fades, where the place itself is exact. */
const areaEdgeMeters = 50

/**
 * The share of customers at a place that an element serves, 0 to 1: a logistic of the distance in radii, centred where
 * half of them are served by a neighbour, widened by the uncertainty, and thinned by how much of it lies outside (the
 * mass of a two-dimensional normal distribution within the radius). Some places are wrong altogether, so the
 * distribution has a tail: a mixture of the stated uncertainty and a multiple of it.
 */
export function servedShare(
  coverage: Coverage,
  from: LonLat,
  place: LonLat,
  uncertaintyMeters: number,
  ruleset: Ruleset,
): number {
  if (coverage.kind === 'polygon') return areaShare(coverage, place, uncertaintyMeters, ruleset)
  const meters = distanceMeters(from, place)
  const bearing = coverage.kind === 'sector' ? bearingDegrees(from, place) : 0
  return withTail(uncertaintyMeters, ruleset, (within) => {
    const radial = radialShare(coverage.radiusMeters, meters, within, ruleset)
    return coverage.kind === 'sector'
      ? radial * facing(coverage, bearing, within / 2 / Math.max(1, meters))
      : radial
  })
}

/** How much of a place's uncertainty lies within an area, 0 to 1. */
export function areaShare(area: Area, place: LonLat, uncertaintyMeters: number, ruleset: Ruleset): number {
  switch (area.kind) {
    case 'circle': {
      const outsideMeters = Math.max(0, distanceMeters(area.center, place) - area.radiusMeters)
      const radiusMeters = Math.max(area.radiusMeters, areaEdgeMeters)
      return withTail(
        uncertaintyMeters,
        ruleset,
        (within) => fading(outsideMeters, within) * massWithin(radiusMeters, within),
      )
    }
    case 'polygon': {
      if (insideRing(area.ring, place)) return 1
      const outsideMeters = metersToRing(area.ring, place)
      return withTail(uncertaintyMeters, ruleset, (within) => fading(outsideMeters, within))
    }
  }
}

function withTail(
  uncertaintyMeters: number,
  { places: { tailShare, tailFactor } }: Ruleset,
  share: (uncertaintyMeters: number) => number,
): number {
  return round6(
    (1 - tailShare) * share(uncertaintyMeters) + tailShare * share(uncertaintyMeters * tailFactor),
  )
}

function facing(
  { azimuthDegrees, beamDegrees }: Extract<Coverage, { kind: 'sector' }>,
  bearing: number,
  spread: number,
): number {
  const offDegrees = offAxisDegrees(bearing, azimuthDegrees) - beamDegrees / 2
  return logistic(-offDegrees / (sectorBlurDegrees + degreesPerRadian * Math.min(3, spread)))
}

function radialShare(
  radiusMeters: number,
  meters: number,
  uncertaintyMeters: number,
  { weights: { servingFraction, edgeFraction } }: Ruleset,
): number {
  const width = Math.max(edgeFraction, uncertaintyMeters / (2 * radiusMeters))
  const near = logistic((servingFraction - meters / radiusMeters) / width)
  return near * massWithin(radiusMeters, uncertaintyMeters)
}

const fading = (outsideMeters: number, uncertaintyMeters: number): number =>
  Math.exp(-outsideMeters / (areaEdgeMeters + uncertaintyMeters / 2))

/** The mass of a round normal distribution with deviation `uncertaintyMeters` within `radiusMeters` of its middle. */
function massWithin(radiusMeters: number, uncertaintyMeters: number): number {
  if (uncertaintyMeters === 0) return 1
  const ratio = radiusMeters / uncertaintyMeters
  return 1 - Math.exp((-ratio * ratio) / 2)
}

function offAxisDegrees(a: number, b: number): number {
  const off = Math.abs(a - b) % 360
  return off > 180 ? 360 - off : off
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
