import type { LonLat } from '../../schemas/geo.ts'

const metersPerDegree = (Math.PI / 180) * 6_371_008.8
const radians = Math.PI / 180

/** Metres between two points on a plane that touches the earth between them; within a city it is off by millimetres. */
export function flatMeters(a: LonLat, b: LonLat): number {
  const north = (b[1] - a[1]) * metersPerDegree
  const east = (b[0] - a[0]) * metersPerDegree * Math.cos(((a[1] + b[1]) / 2) * radians)
  return Math.hypot(north, east)
}

/** The point so many metres east and north, to six decimals (a decimetre). */
export function moved(from: LonLat, eastMeters: number, northMeters: number): LonLat {
  const lon = from[0] + eastMeters / (metersPerDegree * Math.cos(from[1] * radians))
  const lat = from[1] + northMeters / metersPerDegree
  return [Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6]
}
