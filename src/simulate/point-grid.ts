import type { LonLat } from '../../schemas/geo.ts'
import { flatMeters } from './flat-earth.ts'

export interface Near<T> {
  readonly item: T
  readonly meters: number
}

/** Things at fixed points, found by distance. */
export interface PointGrid<T> {
  /** Nearest first; equal distances in the order of the list. */
  within(point: LonLat, radiusMeters: number): Near<T>[]
  nearest(point: LonLat): Near<T> | undefined
}

/** Cells of about a kilometre. */
const cellDegrees = 0.01
const metersPerCellDegree = 111_195

export function createPointGrid<T>(items: readonly T[], pointOf: (item: T) => LonLat): PointGrid<T> {
  const cells = new Map<string, T[]>()
  const keyOf = (column: number, row: number): string => `${column}:${row}`
  for (const item of items) {
    const [lon, lat] = pointOf(item)
    const key = keyOf(Math.floor(lon / cellDegrees), Math.floor(lat / cellDegrees))
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, [item])
    else cell.push(item)
  }
  const within = (point: LonLat, radiusMeters: number): Near<T>[] => {
    const latSpan = radiusMeters / metersPerCellDegree
    const lonSpan = latSpan / Math.cos((point[1] * Math.PI) / 180)
    const found: Near<T>[] = []
    const lastColumn = Math.floor((point[0] + lonSpan) / cellDegrees)
    const lastRow = Math.floor((point[1] + latSpan) / cellDegrees)
    for (let column = Math.floor((point[0] - lonSpan) / cellDegrees); column <= lastColumn; column += 1) {
      for (let row = Math.floor((point[1] - latSpan) / cellDegrees); row <= lastRow; row += 1) {
        for (const item of cells.get(keyOf(column, row)) ?? []) {
          const meters = flatMeters(point, pointOf(item))
          if (meters <= radiusMeters) found.push({ item, meters })
        }
      }
    }
    return found.sort((a, b) => a.meters - b.meters)
  }
  return {
    within,
    nearest: (point) => {
      let best: Near<T> | undefined
      for (const item of items) {
        const meters = flatMeters(point, pointOf(item))
        if (best === undefined || meters < best.meters) best = { item, meters }
      }
      return best
    },
  }
}
