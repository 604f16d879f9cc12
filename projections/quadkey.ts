import type { Area, LonLat } from '../schemas/geo.ts'

/** West, south, east, north in degrees; west is never above east. */
export type Box = readonly [west: number, south: number, east: number, north: number]

/** A cell of the finest level is about 600 m wide and 300 m high at the equator. */
const maxLevel = 16
/** The most cells under which one thing is filed. */
const maxFiledCells = 4
/** The most cells that a query looks into, beside those that hold them. A wider box is covered by larger cells. */
export const maxQueryCells = 16

/**
 * A quadtree over longitude and latitude. The name of a cell is a digit for each level, so that all that lies within a
 * cell lies under one prefix. Things are filed under the smallest cells that take at most four to cover them.
 */
export function cellsOf(box: Box): readonly string[] {
  return cover(box, maxFiledCells)
}

/** Cells that cover a box, each with all that is filed within it, and the cells around them that may hold larger things. */
export function cellsToSearch(box: Box): {
  readonly within: readonly string[]
  readonly around: readonly string[]
} {
  const within = cover(box, maxQueryCells)
  const around = new Set<string>()
  for (const cell of within) {
    for (let level = 0; level < cell.length; level += 1) around.add(cell.slice(0, level))
  }
  return { within, around: [...around] }
}

function cover([west, south, east, north]: Box, maxCells: number): readonly string[] {
  for (let level = maxLevel; level > 0; level -= 1) {
    const [left, right] = [column(west, level), column(east, level)]
    const [bottom, top] = [row(south, level), row(north, level)]
    if ((right - left + 1) * (top - bottom + 1) <= maxCells) {
      const names: string[] = []
      for (let x = left; x <= right; x += 1) {
        for (let y = bottom; y <= top; y += 1) names.push(cellName(x, y, level))
      }
      return names
    }
  }
  return ['']
}

function column(lon: number, level: number): number {
  return clampedFloor(((lon + 180) / 360) * 2 ** level, level)
}

function row(lat: number, level: number): number {
  return clampedFloor(((lat + 90) / 180) * 2 ** level, level)
}

function clampedFloor(value: number, level: number): number {
  return Math.max(0, Math.min(2 ** level - 1, Math.floor(value)))
}

function cellName(x: number, y: number, level: number): string {
  let name = ''
  for (let bit = level - 1; bit >= 0; bit -= 1) name += (((x >> bit) & 1) << 1) | ((y >> bit) & 1)
  return name
}

/** The cell of this level that a point lies in. */
export function cellAt([lon, lat]: LonLat, level: number): string {
  return cellName(column(lon, level), row(lat, level), level)
}

/** The ground of a cell. */
export function boxOfCell(cell: string): Box {
  let [x, y] = [0, 0]
  for (const digit of cell) {
    x = 2 * x + (Number(digit) >> 1)
    y = 2 * y + (Number(digit) & 1)
  }
  const [width, height] = [360 / 2 ** cell.length, 180 / 2 ** cell.length]
  return [x * width - 180, y * height - 90, (x + 1) * width - 180, (y + 1) * height - 90]
}

/** Metres of one degree of latitude, on a sphere of the earth's mean radius (IUGG R1). */
const metersPerDegree = (6_371_008.8 * Math.PI) / 180
const maxLat = 89.9

/** The box around a point: at least `radiusMeters` in each direction. */
export function boxAround([lon, lat]: LonLat, radiusMeters: number): Box {
  const dLat = radiusMeters / metersPerDegree
  const widestLat = Math.min(maxLat, Math.abs(lat) + dLat)
  const dLon = Math.min(360, dLat / Math.cos((widestLat * Math.PI) / 180))
  return [
    Math.max(-180, lon - dLon),
    Math.max(-90, lat - dLat),
    Math.min(180, lon + dLon),
    Math.min(90, lat + dLat),
  ]
}

export function boxOfArea(area: Area): Box {
  switch (area.kind) {
    case 'circle':
      return boxAround(area.center, area.radiusMeters)
    case 'polygon':
      return area.ring.map(boxOfPoint).reduce(union)
  }
}

export function boxOfPoint([lon, lat]: LonLat): Box {
  return [lon, lat, lon, lat]
}

export function union(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
}

/** In square degrees: to compare boxes of one place with each other. */
export function boxArea([west, south, east, north]: Box): number {
  return (east - west) * (north - south)
}

export function meet(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

export function middleOf([west, south, east, north]: Box): LonLat {
  return [(west + east) / 2, (south + north) / 2]
}

/** Great-circle distance by the haversine formula on the mean earth radius. */
export function metersBetween(a: LonLat, b: LonLat): number {
  const radians = Math.PI / 180
  const halfLat = Math.sin(((b[1] - a[1]) * radians) / 2)
  const halfLon = Math.sin(((b[0] - a[0]) * radians) / 2)
  const chord = halfLat ** 2 + Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * halfLon ** 2
  return 2 * metersPerDegree * (180 / Math.PI) * Math.asin(Math.min(1, Math.sqrt(chord)))
}
