import { checkDensityParams, type DensityParams, type PlacedComplaint } from './cluster-params.ts'
import { type CellGround, cosOfDegrees, createCellGround, squaredDegrees } from './ground.ts'

/** A complaint on the batch's own grid. */
class Spot {
  readonly complaint: PlacedComplaint
  readonly lane: Lane
  readonly cosLat: number
  readonly row: number
  readonly reach: number
  core = false
  cluster = -1

  constructor(complaint: PlacedComplaint, lane: Lane, ground: CellGround) {
    this.complaint = complaint
    this.lane = lane
    this.cosLat = cosOfDegrees(complaint.lat)
    this.row = ground.rowOf(complaint.lat)
    this.reach = ground.reachDegrees(complaint.lat)
  }
}

/** Cells of one lane, each with its spots in order of time. */
type Lane = Map<number, Spot[]>

/** Whether to go on. */
type Visit = (neighbour: Spot, squaredDegrees: number, gapMs: number) => boolean

/**
 * The clusters that `DensityParams` defines, all at once: what `IncrementalClusters` must have arrived at, worked out in another
 * way (a grid of cells sorted by time, flooded from each core), with nothing in common but the metric. Each cluster is its members' ids in
 * order; clusters are in order of their first ids. Those in no cluster are left out.
 */
export function clusterBatch(
  complaints: readonly PlacedComplaint[],
  params: DensityParams,
): readonly string[][] {
  checkDensityParams(params)
  const ground = createCellGround(params.epsMeters)
  const spots = placeAll(complaints, ground)
  const visitNear = (spot: Spot, visit: Visit) => visitNeighbours(spot, ground, params.epsMs, visit)
  for (const spot of spots)
    spot.core = spot.complaint.dense && hasEnoughCustomers(spot, params.minCustomers, visitNear)
  let clusters = 0
  for (const spot of spots) if (spot.core && spot.cluster < 0) flood(spot, clusters++, visitNear)
  const members = Array.from({ length: clusters }, (): string[] => [])
  for (const spot of spots) {
    const cluster = spot.core ? spot.cluster : nearestCluster(spot, visitNear)
    members[cluster]?.push(spot.complaint.id)
  }
  for (const ids of members) ids.sort()
  return members.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

type VisitNear = (spot: Spot, visit: Visit) => void

function placeAll(complaints: readonly PlacedComplaint[], ground: CellGround): readonly Spot[] {
  const lanes = new Map<string, Lane>()
  const byTime = [...complaints].sort((a, b) => a.timeMs - b.timeMs)
  return byTime.map((complaint) => {
    const lane = lanes.get(complaint.lane) ?? new Map<number, Spot[]>()
    lanes.set(complaint.lane, lane)
    const spot = new Spot(complaint, lane, ground)
    const key = cellKey(spot.row, ground.columnOf(spot.row, complaint.lon))
    const cell = lane.get(key)
    if (cell === undefined) lane.set(key, [spot])
    else cell.push(spot)
    return spot
  })
}

function hasEnoughCustomers(spot: Spot, minCustomers: number, visitNear: VisitNear): boolean {
  const customers = new Set([spot.complaint.customerRef])
  visitNear(spot, ({ complaint }) => {
    if (complaint.dense) customers.add(complaint.customerRef)
    return customers.size < minCustomers
  })
  return customers.size >= minCustomers
}

function flood(seed: Spot, cluster: number, visitNear: VisitNear): void {
  seed.cluster = cluster
  const frontier = [seed]
  for (let spot = frontier.pop(); spot !== undefined; spot = frontier.pop()) {
    visitNear(spot, (neighbour) => {
      if (neighbour.core && neighbour.cluster < 0) {
        neighbour.cluster = cluster
        frontier.push(neighbour)
      }
      return true
    })
  }
}

function nearestCluster(spot: Spot, visitNear: VisitNear): number {
  let nearest: { core: Spot; squared: number; gapMs: number } | undefined
  visitNear(spot, (core, squared, gapMs) => {
    if (!core.core) return true
    const byDistance = nearest === undefined ? -1 : squared - nearest.squared || gapMs - nearest.gapMs
    if (
      nearest === undefined ||
      byDistance < 0 ||
      (byDistance === 0 && core.complaint.id < nearest.core.complaint.id)
    )
      nearest = { core, squared, gapMs }
    return true
  })
  return nearest?.core.cluster ?? -1
}

function visitNeighbours(spot: Spot, ground: CellGround, epsMs: number, visit: Visit): void {
  const { lon, lat, timeMs } = spot.complaint
  for (let row = spot.row - 1; row <= spot.row + 1; row++) {
    const lastColumn = ground.columnOf(row, lon + spot.reach)
    for (let column = ground.columnOf(row, lon - spot.reach); column <= lastColumn; column++) {
      const cell = spot.lane.get(cellKey(row, column))
      if (cell === undefined) continue
      for (let index = firstNotBefore(cell, timeMs - epsMs); index < cell.length; index++) {
        const other = cell[index]
        if (other === undefined || other.complaint.timeMs > timeMs + epsMs) break
        if (other === spot) continue
        const { complaint, cosLat } = other
        const squared = squaredDegrees(complaint.lat - lat, complaint.lon - lon, spot.cosLat, cosLat)
        if (squared > ground.radiusSquaredDegrees) continue
        if (!visit(other, squared, Math.abs(complaint.timeMs - timeMs))) return
      }
    }
  }
}

function firstNotBefore(cell: readonly Spot[], timeMs: number): number {
  let low = 0
  let high = cell.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((cell[middle]?.complaint.timeMs ?? 0) < timeMs) low = middle + 1
    else high = middle
  }
  return low
}

/** More columns than the finest grid has around the earth. */
const columnsPerRow = 2 ** 27

function cellKey(row: number, column: number): number {
  return row * columnsPerRow + column
}
