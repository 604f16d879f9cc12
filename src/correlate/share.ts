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
 * mass of a two-dimensional normal distribution within the radius).
 */
export function servedShare(
  coverage: Coverage,
  from: LonLat,
  place: LonLat,
  uncertaintyMeters: number,
  weights: Pick<Ruleset['weights'], 'servingFraction' | 'edgeFraction'>,
): number {
  switch (coverage.kind) {
    case 'radius':
      return round6(
        radialShare(coverage.radiusMeters, distanceMeters(from, place), uncertaintyMeters, weights),
      )
    case 'sector': {
      const meters = distanceMeters(from, place)
      const spread = Math.min(3, uncertaintyMeters / 2 / Math.max(1, meters))
      const offDegrees =
        offAxisDegrees(bearingDegrees(from, place), coverage.azimuthDegrees) - coverage.beamDegrees / 2
      const facing = logistic(-offDegrees / (sectorBlurDegrees + degreesPerRadian * spread))
      return round6(radialShare(coverage.radiusMeters, meters, uncertaintyMeters, weights) * facing)
    }
    case 'polygon':
      return round6(polygonShare(coverage.ring, place, uncertaintyMeters))
  }
}

/** How much of a place's uncertainty lies within an area, 0 to 1. */
export function areaShare(area: Area, place: LonLat, uncertaintyMeters: number): number {
  switch (area.kind) {
    case 'circle': {
      const outsideMeters = Math.max(0, distanceMeters(area.center, place) - area.radiusMeters)
      const inside = massWithin(Math.max(area.radiusMeters, areaEdgeMeters), uncertaintyMeters)
      return round6(fading(outsideMeters, uncertaintyMeters) * inside)
    }
    case 'polygon':
      return round6(polygonShare(area.ring, place, uncertaintyMeters))
  }
}

function radialShare(
  radiusMeters: number,
  meters: number,
  uncertaintyMeters: number,
  { servingFraction, edgeFraction }: Pick<Ruleset['weights'], 'servingFraction' | 'edgeFraction'>,
): number {
  const width = Math.max(edgeFraction, uncertaintyMeters / (2 * radiusMeters))
  const near = logistic((servingFraction - meters / radiusMeters) / width)
  return near * massWithin(radiusMeters, uncertaintyMeters)
}

function polygonShare(ring: readonly LonLat[], place: LonLat, uncertaintyMeters: number): number {
  return insideRing(ring, place) ? 1 : fading(metersToRing(ring, place), uncertaintyMeters)
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
