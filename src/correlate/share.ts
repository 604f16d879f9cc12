import type { Coverage } from '../../schemas/element.ts'
import type { Area, LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { bearingDegrees, distanceMeters, insideRing, metersPerDegree, metersToRing } from './geometry.ts'
import { round6 } from './round.ts'

/** How blurred the side of a sector is, beyond what the place's uncertainty adds. */
const sectorBlurDegrees = 15
const degreesPerRadian = 180 / Math.PI
/** Over this distance the edge of an area fades, where the place itself is exact. */
const areaEdgeMeters = 50
/** The median of a Rayleigh distribution in its scale: sqrt(ln 4). */
const medianOfScale = Math.sqrt(Math.log(4))
/** Beyond the last site there is nobody to compare with; nothing stands thicker than this. */
const maxThicker = 20
/** Nobody stands more exactly than this. */
const leastMeters = 20

/**
 * How thickly the customers of an element stand where one of them says to be: customers for 2 pi square metres, each
 * element having one. They stand around it in a round normal distribution, half of them within `servingFraction` of the
 * radius, thinned outside its sector; what is said of the place is off by another, and some places are wrong
 * altogether, so that one is a mixture of the stated uncertainty and a multiple of it.
 */
export function servedDensity(
  coverage: Coverage,
  from: LonLat,
  meters: number,
  place: LonLat,
  uncertaintyMeters: number,
  ruleset: Ruleset,
): number {
  if (coverage.kind === 'polygon') return areaDensity(coverage, place, uncertaintyMeters, ruleset)
  const spread = spreadMeters(coverage.radiusMeters, ruleset)
  const density = normalDensity(meters, spread, uncertaintyMeters, ruleset)
  if (coverage.kind === 'radius') return density
  return density * facing(coverage, bearingDegrees(from, place), uncertaintyMeters / 2 / Math.max(1, meters))
}

/** What `servedDensity` is of an exact place at the element itself; none for a polygon, whose edge is known. */
export function middleDensity(coverage: Coverage, ruleset: Ruleset): number {
  if (coverage.kind === 'polygon') return 0
  return normalDensity(0, spreadMeters(coverage.radiusMeters, ruleset), 0, ruleset)
}

/** How thickly those stand in whom an area's trouble strikes, in the measure of `servedDensity`. */
function areaDensity(area: Area, place: LonLat, uncertaintyMeters: number, ruleset: Ruleset): number {
  if (area.kind === 'polygon')
    return (2 * Math.PI * areaShare(area, place, uncertaintyMeters, ruleset)) / squareMeters(area.ring)
  // The deviation of an even disc along each axis is half of its radius.
  const meters = distanceMeters(area.center, place)
  return normalDensity(meters, area.radiusMeters / 2, uncertaintyMeters, ruleset)
}

/**
 * The customers who would say to be at a place and whom an area's trouble strikes, for each of all who would: in a gap,
 * which draws as many complaints as a site does, however small it is, by how much thicker than others they stand; else by
 * how much of the place lies within, where that is more.
 */
export function shareOfArea(
  area: Area,
  isGap: boolean,
  place: LonLat,
  uncertaintyMeters: number,
  density: number,
  ruleset: Ruleset,
): number {
  if (density === 0) return areaShare(area, place, uncertaintyMeters, ruleset)
  const thicker = round6(Math.min(maxThicker, areaDensity(area, place, uncertaintyMeters, ruleset) / density))
  return isGap ? thicker : Math.max(thicker, areaShare(area, place, uncertaintyMeters, ruleset))
}

/** How much of a place's uncertainty lies within an area, 0 to 1. */
function areaShare(area: Area, place: LonLat, uncertaintyMeters: number, ruleset: Ruleset): number {
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

const spreadMeters = (radiusMeters: number, { weights: { servingFraction } }: Ruleset): number =>
  (radiusMeters * servingFraction) / medianOfScale

/** Of a round normal distribution, blurred by another one with a tail; without the factor of 2 pi that they all share. */
function normalDensity(
  meters: number,
  spread: number,
  uncertaintyMeters: number,
  { places: { tailShare, tailFactor } }: Ruleset,
): number {
  const own = Math.max(spread, leastMeters) ** 2
  const near = own + uncertaintyMeters ** 2
  const far = own + (uncertaintyMeters * tailFactor) ** 2
  const squared = (-meters * meters) / 2
  return ((1 - tailShare) * Math.exp(squared / near)) / near + (tailShare * Math.exp(squared / far)) / far
}

function facing(
  { azimuthDegrees, beamDegrees }: Extract<Coverage, { kind: 'sector' }>,
  bearing: number,
  spread: number,
): number {
  const offDegrees = offAxisDegrees(bearing, azimuthDegrees) - beamDegrees / 2
  return logistic(-offDegrees / (sectorBlurDegrees + degreesPerRadian * Math.min(3, spread)))
}

const fading = (outsideMeters: number, uncertaintyMeters: number): number =>
  Math.exp(-outsideMeters / (areaEdgeMeters + uncertaintyMeters / 2))

/** The mass of a round normal distribution with deviation `uncertaintyMeters` within `radiusMeters` of its middle. */
function massWithin(radiusMeters: number, uncertaintyMeters: number): number {
  if (uncertaintyMeters === 0) return 1
  const ratio = radiusMeters / uncertaintyMeters
  return 1 - Math.exp((-ratio * ratio) / 2)
}

/** The area of a ring by the shoelace formula, on a plane that touches it; never less than of the smallest place. */
function squareMeters(ring: readonly LonLat[]): number {
  const [origin] = ring
  if (origin === undefined) return leastMeters ** 2
  const eastMeters = metersPerDegree * Math.cos((origin[1] * Math.PI) / 180)
  let doubled = 0
  let last = ring.at(-1) ?? origin
  for (const at of ring) {
    const [x, y] = [at[0] - origin[0], at[1] - origin[1]]
    doubled += (last[0] - origin[0]) * y - x * (last[1] - origin[1])
    last = at
  }
  return Math.max(leastMeters ** 2, (Math.abs(doubled) / 2) * eastMeters * metersPerDegree)
}

function offAxisDegrees(a: number, b: number): number {
  const off = Math.abs(a - b) % 360
  return off > 180 ? 360 - off : off
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
