import type { PlacedComplaint } from './cluster-params.ts'
import { currentOf, type LiveCluster } from './live-cluster.ts'
import type { NeighbourGrid } from './neighbour-grid.ts'
import type { SettledPart } from './settled-part.ts'

/**
 * A complaint in the index. A class, so that all share one shape: objects made by spreading made clustering eight
 * times slower. Its place lives in the grid, under `slot`.
 */
export class Member {
  readonly id: string
  readonly customerRef: string
  readonly dense: boolean
  readonly timeMs: number
  readonly lane: string
  grid: NeighbourGrid<Member>
  slot = -1
  core = false
  /**
   * For dense members that are no core: the different customers among the dense neighbours, fewer than `minCustomers`.
   * Undefined stands for its own customer alone, which spares lonely members the array. A core keeps none: under
   * insertion it stays a core, and a withdrawal counts again.
   */
  customers: string[] | undefined = undefined
  /** For members that are no core: the nearest core among the neighbours. */
  anchor: Member | undefined = undefined
  anchorSquaredDegrees = 0
  anchorGapMs = 0
  cluster: LiveCluster | undefined = undefined
  /** The operation under way has moved it. */
  moved = false
  /** For cores: the retired members to which they are connected. */
  part: SettledPart | undefined = undefined

  constructor(complaint: PlacedComplaint, grid: NeighbourGrid<Member>) {
    this.id = complaint.id
    this.customerRef = complaint.customerRef
    this.dense = complaint.dense
    this.timeMs = complaint.timeMs
    this.lane = complaint.lane
    this.grid = grid
  }
}

/** Counts a dense neighbour's customer. True once `minCustomers` different ones are reached. */
export function countCustomer(member: Member, customerRef: string, minCustomers: number): boolean {
  if (member.customers === undefined) {
    if (customerRef === member.customerRef) return minCustomers <= 1
    member.customers = [member.customerRef, customerRef]
  } else if (!member.customers.includes(customerRef)) {
    member.customers.push(customerRef)
  }
  return member.customers.length >= minCustomers
}

/** Makes `core` the anchor if it is nearer than the present one: by distance, then time between, then id. */
export function offerAnchor(member: Member, core: Member, squaredDegrees: number, gapMs: number): boolean {
  const { anchor } = member
  if (anchor !== undefined) {
    if (squaredDegrees > member.anchorSquaredDegrees) return false
    if (squaredDegrees === member.anchorSquaredDegrees) {
      if (gapMs > member.anchorGapMs) return false
      if (gapMs === member.anchorGapMs && core.id >= anchor.id) return false
    }
  }
  member.anchor = core
  member.anchorSquaredDegrees = squaredDegrees
  member.anchorGapMs = gapMs
  return true
}

export function clusterOf(member: Member): LiveCluster | undefined {
  return member.cluster === undefined ? undefined : currentOf(member.cluster)
}
