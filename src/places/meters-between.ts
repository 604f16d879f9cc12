/** [lon, lat] in degrees, WGS-84. */
export type LonLat = readonly [lon: number, lat: number]

const earthRadiusMeters = 6_371_008.8
const radians = Math.PI / 180

/** Great-circle distance by the haversine formula on the mean earth radius (IUGG R1). */
export function metersBetween(a: LonLat, b: LonLat): number {
  const halfLat = Math.sin(((b[1] - a[1]) * radians) / 2)
  const halfLon = Math.sin(((b[0] - a[0]) * radians) / 2)
  const chord = halfLat ** 2 + Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * halfLon ** 2
  return 2 * earthRadiusMeters * Math.asin(Math.min(1, Math.sqrt(chord)))
}
