import type { Area, LonLat } from '../schemas/geo.ts'
import { boxOfArea, boxOfPoint, meet, metersBetween, type Box } from './quadkey.ts'

/** Ground that is looked at: a box of its own, or an area. */
export type Ground = Area | { readonly kind: 'box'; readonly box: Box }

export function boxOfGround(ground: Ground): Box {
  return ground.kind === 'box' ? ground.box : boxOfArea(ground)
}

export function isWithin(ground: Ground, point: LonLat): boolean {
  switch (ground.kind) {
    case 'box':
      return meet(boxOfPoint(point), ground.box)
    case 'circle':
      return metersBetween(ground.center, point) <= ground.radiusMeters
    case 'polygon':
      return isInRing(point, ground.ring)
  }
}

/** By the even-odd rule: a line to the east crosses the ring an odd number of times. Degrees are taken as a plane. */
function isInRing([lon, lat]: LonLat, ring: readonly LonLat[]): boolean {
  let inside = false
  let [x, y] = ring.at(-1) ?? [0, 0]
  for (const [nextX, nextY] of ring) {
    if (nextY > lat !== y > lat && lon < ((x - nextX) * (lat - nextY)) / (y - nextY) + nextX) inside = !inside
    ;[x, y] = [nextX, nextY]
  }
  return inside
}
