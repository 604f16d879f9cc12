/** IUGG mean radius R1, the one that GeoJSON tools commonly use. */
const earthRadiusMeters = 6_371_008.8
const radiansPerDegree = Math.PI / 180
export const metersPerDegree = earthRadiusMeters * radiansPerDegree

export function cosOfDegrees(degrees: number): number {
  return Math.cos(degrees * radiansPerDegree)
}

/**
 * Square of the distance between two places, in squared degrees of latitude: Δlat² + cos lat₁ · cos lat₂ · Δlon², the
 * haversine formula with each sine replaced by its argument. Up to 10 km it is within 1e-6 of the great-circle distance
 * at any latitude where people live. It is symmetric to the last bit, as `cos₁ · cos₂` and the squares are.
 *
 * Longitudes do not wrap: places on either side of the 180th meridian are far apart.
 */
export function squaredDegrees(
  latDelta: number,
  lonDelta: number,
  cosLat: number,
  otherCosLat: number,
): number {
  return latDelta * latDelta + cosLat * otherCosLat * (lonDelta * lonDelta)
}

/**
 * Cells are this much wider than the search radius, so that rounding in a division never puts two places at exactly
 * that radius two cells apart.
 */
const cellSlack = 1 + 1e-9
/** Keeps the reach in longitude finite at the poles. */
const leastCosLat = 1e-6

/** Rows of latitude cut into columns of longitude, each about one search radius wide and high. */
export interface CellGround {
  /** The search radius in degrees of latitude, squared: to be compared with `squaredDegrees`, inclusive. */
  readonly radiusSquaredDegrees: number
  rowOf(lat: number): number
  columnOf(row: number, lon: number): number
  /** No place farther away in longitude than this many degrees is within the radius of a place at `lat`. */
  reachDegrees(lat: number): number
}

export function createCellGround(radiusMeters: number): CellGround {
  const radiusDegrees = radiusMeters / metersPerDegree
  const cellDegrees = radiusDegrees * cellSlack
  // Columns keep their width in metres by shrinking with the whole degree that their row begins in. Any factor would be
  // right, since searches work out the range of columns row by row; this one keeps the range at two or three.
  const columnsPerDegree = Array.from({ length: 91 }, (_, degree) => cosOfDegrees(degree) / cellDegrees)
  const scaleOf = (row: number) =>
    columnsPerDegree[Math.min(90, Math.floor(Math.abs(row * cellDegrees)) + 1)] ?? 0
  return {
    radiusSquaredDegrees: radiusDegrees * radiusDegrees,
    rowOf: (lat) => Math.floor(lat / cellDegrees),
    columnOf: (row, lon) => Math.floor(lon * scaleOf(row)),
    reachDegrees: (lat) =>
      cellDegrees / Math.max(leastCosLat, cosOfDegrees(Math.min(90, Math.abs(lat) + cellDegrees))),
  }
}
