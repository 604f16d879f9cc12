import type { Area, LonLat } from '../../schemas/geo.ts'

/** West, south, east, north in degrees. */
export type Box = readonly [number, number, number, number]

/** Mean radius of the Earth, IUGG. */
const earthRadiusMeters = 6_371_008.8
const radiansPerDegree = Math.PI / 180
/** One degree of latitude. */
export const metersPerDegree = earthRadiusMeters * radiansPerDegree

/**
 * Distance on the equirectangular projection about the mean latitude. Off by less than 0.1% below 100 km and outside
 * the polar regions, symmetric, and several times cheaper than the haversine.
 */
export function distanceMeters(a: LonLat, b: LonLat): number {
  const x = wrapDegrees(b[0] - a[0]) * Math.cos(((a[1] + b[1]) / 2) * radiansPerDegree)
  const y = b[1] - a[1]
  return Math.sqrt(x * x + y * y) * metersPerDegree
}

/** Bearing from `a` to `b`, degrees clockwise from north, 0 to 360. */
export function bearingDegrees(a: LonLat, b: LonLat): number {
  const x = wrapDegrees(b[0] - a[0]) * Math.cos(((a[1] + b[1]) / 2) * radiansPerDegree)
  const degrees = Math.atan2(x, b[1] - a[1]) / radiansPerDegree
  return degrees < 0 ? degrees + 360 : degrees
}

/** The box that holds every point within `meters` of `point`. Near the poles it spans all longitudes. */
export function boxAround(point: LonLat, meters: number): Box {
  const latSpan = meters / metersPerDegree
  const shrink = Math.cos(Math.min(89.9, Math.abs(point[1]) + latSpan) * radiansPerDegree)
  const lonSpan = Math.min(180, latSpan / shrink)
  return [point[0] - lonSpan, point[1] - latSpan, point[0] + lonSpan, point[1] + latSpan]
}

/**
 * A box and, where it lies near the antimeridian, the same a turn further: boxes there run on beyond 180 degrees, so a
 * neighbour on the other side is found under either name. What meets both is found twice.
 */
export function turnsOf(box: Box): readonly Box[] {
  const [west, south, east, north] = box
  if (west > -turnDegrees && east < turnDegrees) return [box]
  const turned = (by: number): Box => [west + by, south, east + by, north]
  return [box, ...(west <= -turnDegrees ? [turned(360)] : []), ...(east >= turnDegrees ? [turned(-360)] : [])]
}
const turnDegrees = 170

export function boxOfArea(area: Area): Box {
  switch (area.kind) {
    case 'circle':
      return boxAround(area.center, area.radiusMeters)
    case 'polygon':
      return boxOfRing(area.ring)
  }
}

export function boxOfRing(ring: readonly LonLat[]): Box {
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const [lon, lat] of ring) {
    west = Math.min(west, lon)
    south = Math.min(south, lat)
    east = Math.max(east, lon)
    north = Math.max(north, lat)
  }
  return [west, south, east, north]
}

export function unionOfBoxes(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
}

/** How far a point lies outside an area, in metres; zero inside. */
export function metersOutside(area: Area, point: LonLat): number {
  switch (area.kind) {
    case 'circle':
      return Math.max(0, distanceMeters(area.center, point) - area.radiusMeters)
    case 'polygon':
      return insideRing(area.ring, point) ? 0 : metersToRing(area.ring, point)
  }
}

/** Even-odd rule; a point on the edge may fall on either side. */
export function insideRing(ring: readonly LonLat[], [lon, lat]: LonLat): boolean {
  let inside = false
  let previous = ring[ring.length - 1]
  for (const corner of ring) {
    if (previous !== undefined && corner[1] > lat !== previous[1] > lat) {
      const crossing = corner[0] + ((lat - corner[1]) / (previous[1] - corner[1])) * (previous[0] - corner[0])
      if (lon < crossing) inside = !inside
    }
    previous = corner
  }
  return inside
}

/** Distance to the nearest edge of a ring. */
export function metersToRing(ring: readonly LonLat[], point: LonLat): number {
  let nearest = Infinity
  let previous = ring[ring.length - 1]
  for (const corner of ring) {
    if (previous !== undefined) nearest = Math.min(nearest, metersToEdge(previous, corner, point))
    previous = corner
  }
  return nearest
}

function metersToEdge(a: LonLat, b: LonLat, point: LonLat): number {
  const shrink = Math.cos(point[1] * radiansPerDegree)
  const [ax, ay] = [(a[0] - point[0]) * shrink, a[1] - point[1]]
  const [dx, dy] = [(b[0] - a[0]) * shrink, b[1] - a[1]]
  const lengthSquared = dx * dx + dy * dy
  const along = lengthSquared === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / lengthSquared))
  return Math.hypot(ax + along * dx, ay + along * dy) * metersPerDegree
}

function wrapDegrees(degrees: number): number {
  if (degrees > 180) return degrees - 360
  return degrees < -180 ? degrees + 360 : degrees
}
