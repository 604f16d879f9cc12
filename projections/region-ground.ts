import type { Area, LonLat } from '../schemas/geo.ts'
import { boxAround, boxOfArea, boxOfPoint, meet, union, type Box } from './quadkey.ts'
import { isWithin } from './within-area.ts'

/** A box that nothing is asked about. */
const nowhere: Box = [0, 0, 0, 0]
/** Corners by which a circle is told where areas are held against each other. */
const circleCorners = 64

/** The ground of one region or of several together. */
export interface RegionGround {
  /** Of all of it. */
  readonly box: Box
  holds(point: LonLat): boolean
  /** Whether some of the area lies in it. */
  meets(area: Area): boolean
  /** Whether all of the area lies in it, as far as its corners tell. */
  covers(area: Area): boolean
}

/** Prepared once, asked often: boxes go first, and few questions get beyond them. Of no area nothing lies in it. */
export function regionGround(areas: readonly Area[]): RegionGround {
  const parts = areas.map((area) => ({ area, box: boxOfArea(area), ring: ringOf(area) }))
  const [first, ...others] = parts
  const holds = (point: LonLat): boolean =>
    parts.some(({ area, box }) => meet(box, boxOfPoint(point)) && isWithin(area, point))
  return {
    box: first === undefined ? nowhere : others.map(({ box }) => box).reduce(union, first.box),
    holds,
    meets(area) {
      const box = boxOfArea(area)
      const ring = ringOf(area)
      return parts.some(
        (part) =>
          meet(part.box, box) &&
          (ring.some((corner) => isWithin(part.area, corner)) ||
            part.ring.some((corner) => isWithin(area, corner)) ||
            ringsCross(ring, part.ring)),
      )
    },
    covers: (area) => ringOf(area).every(holds),
  }
}

function ringOf(area: Area): readonly LonLat[] {
  switch (area.kind) {
    case 'polygon':
      return area.ring
    case 'circle': {
      const { center, radiusMeters } = area
      const [, , east, north] = boxAround(center, radiusMeters)
      const [width, height] = [east - center[0], north - center[1]]
      return Array.from({ length: circleCorners }, (_, at): LonLat => {
        const angle = (2 * Math.PI * at) / circleCorners
        return [center[0] + width * Math.cos(angle), center[1] + height * Math.sin(angle)]
      })
    }
  }
}

function ringsCross(a: readonly LonLat[], b: readonly LonLat[]): boolean {
  return sidesOf(a).some((side) => sidesOf(b).some((other) => sidesCross(side, other)))
}

type Side = readonly [LonLat, LonLat]

function sidesOf(ring: readonly LonLat[]): readonly Side[] {
  return ring.map((corner, at): Side => [corner, ring[(at + 1) % ring.length] ?? corner])
}

/** Each has its ends on different hands of the other. Degrees are taken as a plane. */
function sidesCross([a, b]: Side, [c, d]: Side): boolean {
  return handOf(a, b, c) !== handOf(a, b, d) && handOf(c, d, a) !== handOf(c, d, b)
}

function handOf(a: LonLat, b: LonLat, point: LonLat): boolean {
  return (b[0] - a[0]) * (point[1] - a[1]) > (b[1] - a[1]) * (point[0] - a[0])
}
