import { createChangeLedger, emptyLedger, type LedgerState } from './change-ledger.ts'
import type { ClusterChange } from './cluster-change.ts'
import {
  type ClusterParams,
  checkClusterParams,
  checkPlaced,
  type PlacedComplaint,
} from './cluster-params.ts'
import { createCellGround } from './ground.ts'
import { clusterOf, countCustomer, Member, offerAnchor } from './member.ts'
import { createNeighbourGrid, emptyGrid, type GridState, type NeighbourGrid } from './neighbour-grid.ts'
import { createRetirement, emptyRetirement, type RetirementState } from './retirement.ts'
import { createWithdrawal } from './withdrawal.ts'

/**
 * Space-time density clusters (ST-DBSCAN), kept current under every arrival and withdrawal. What `DensityParams` says
 * holds after each operation, exactly: the partition is that of `clusterBatch` over the complaints inserted and not
 * withdrawn (E3). All state follows from the operations in their order, ids and all (E1).
 */
export interface IncrementalClusters {
  /**
   * Takes a complaint in. One that `isTooLate` changes nothing. Throws `RangeError` for an id that is in the index or for
   * figures that are not numbers.
   */
  insert(complaint: PlacedComplaint): readonly ClusterChange[]
  /** Takes a complaint out. One that is unknown or whose trouble `isTooLate` changes nothing: it stays where it is. */
  withdraw(complaintId: string): readonly ClusterChange[]
  /**
   * Withdraws the complaint as it was and inserts it as it now is; an unknown one (its place was vague) is inserted.
   * Where the trouble as it was `isTooLate`, nothing changes. Only while that complaint is in the index is this known here:
   * the caller drops an amendment to an older one, as it drops a late complaint.
   */
  amend(complaint: PlacedComplaint): readonly ClusterChange[]
  /** Moves the watermark, never back; retires what has become final and closes clusters of which nothing else is left. */
  advance(watermarkMs: number): readonly ClusterChange[]
  /** Trouble longer ago than `latenessMs` before the watermark weighs nothing. */
  isTooLate(timeMs: number): boolean
  /** The cluster of a complaint in the index, if it has one. */
  clusterIdOf(complaintId: string): string | undefined
  /** What is held in memory: complaints in the index, clusters that can still change. */
  sizes(): { readonly complaints: number; readonly openClusters: number }
  /** All that it holds; call between operations. What is made of it goes on where this one stands. */
  readonly state: ClusterState
}

/** What clustering knows, apart from its parameters. */
export interface ClusterState {
  readonly members: Map<string, Member>
  /** By lane. */
  readonly grids: Map<string, GridState<Member>>
  readonly ledger: LedgerState
  readonly retirement: RetirementState
  watermarkMs: number
}

function emptyState(): ClusterState {
  return {
    members: new Map(),
    grids: new Map(),
    ledger: emptyLedger(),
    retirement: emptyRetirement(),
    watermarkMs: Number.NEGATIVE_INFINITY,
  }
}

type Near = ReturnType<NeighbourGrid<Member>['near']>

const defaultMaxRetiredIds = 10_000
const nothing: readonly ClusterChange[] = []

export function createIncrementalClusters(
  params: ClusterParams,
  state: ClusterState = emptyState(),
): IncrementalClusters {
  checkClusterParams(params)
  const { epsMeters, epsMs, minCustomers, latenessMs, maxRetiredIds = defaultMaxRetiredIds } = params
  const ground = createCellGround(epsMeters)
  const { members } = state
  const grids = new Map<string, NeighbourGrid<Member>>()
  for (const [lane, grid] of state.grids) grids.set(lane, createNeighbourGrid(ground, epsMs, grid))
  for (const member of members.values()) member.grid = grids.get(member.lane) ?? member.grid
  const ledger = createChangeLedger(params.newClusterId ?? defaultClusterId, state.ledger)
  const retirement = createRetirement({
    state: state.retirement,
    epsMs,
    latenessMs,
    maxRetiredIds,
    ledger,
    forget,
  })
  const takeApart = createWithdrawal({ minCustomers, ledger, retirement, forget })

  const isTooLate = (timeMs: number) => timeMs < state.watermarkMs - latenessMs

  function forget(member: Member): void {
    const { lane, grid } = member
    grid.remove(member)
    if (grid.size === 0) {
      grids.delete(lane)
      state.grids.delete(lane)
    }
    members.delete(member.id)
  }

  function admit(complaint: PlacedComplaint): Member {
    let grid = grids.get(complaint.lane)
    if (grid === undefined) {
      const held = emptyGrid<Member>()
      grid = createNeighbourGrid(ground, epsMs, held)
      grids.set(complaint.lane, grid)
      state.grids.set(complaint.lane, held)
    }
    const member = new Member(complaint, grid)
    members.set(member.id, member)
    grid.add(member, complaint)
    retirement.expect(member)
    return member
  }

  /** Counts the newcomer with its neighbours and them with it. Answers who became a core by that. */
  function weigh(newcomer: Member, near: Near): Member[] {
    const promoted: Member[] = []
    let isCore = newcomer.dense && minCustomers <= 1
    for (let index = 0; index < near.count; index++) {
      const neighbour = near.members[index]
      if (neighbour === undefined || !newcomer.dense || !neighbour.dense) continue
      isCore ||= countCustomer(newcomer, neighbour.customerRef, minCustomers)
      if (!neighbour.core && countCustomer(neighbour, newcomer.customerRef, minCustomers))
        promoted.push(neighbour)
    }
    if (isCore) promoted.push(newcomer)
    return promoted
  }

  function promote(member: Member): void {
    member.core = true
    member.customers = undefined
    member.anchor = undefined
    if (member.cluster === undefined) ledger.move(member, ledger.fresh())
  }

  /** Joins a new core's cluster with those of its neighbouring cores, and draws in those to whom it is the nearest. */
  function connect(core: Member, near: Near): void {
    const { cluster } = core
    if (cluster === undefined) return
    for (let index = 0; index < near.count; index++) {
      const neighbour = near.members[index]
      if (neighbour === undefined) continue
      if (neighbour.core) {
        if (neighbour.cluster !== undefined && neighbour.cluster !== cluster)
          ledger.merge(cluster, neighbour.cluster)
      } else if (offerAnchor(neighbour, core, near.squaredDegrees[index] ?? 0, near.gapsMs[index] ?? 0)) {
        ledger.move(neighbour, cluster)
      }
    }
  }

  function anchor(newcomer: Member, near: Near): void {
    for (let index = 0; index < near.count; index++) {
      const neighbour = near.members[index]
      if (neighbour?.core === true)
        offerAnchor(newcomer, neighbour, near.squaredDegrees[index] ?? 0, near.gapsMs[index] ?? 0)
    }
    if (newcomer.anchor !== undefined) ledger.move(newcomer, newcomer.anchor.cluster)
  }

  function insert(complaint: PlacedComplaint): readonly ClusterChange[] {
    checkPlaced(complaint)
    if (members.has(complaint.id)) throw new RangeError(`${complaint.id} is in the index already: amend it`)
    if (isTooLate(complaint.timeMs)) return nothing
    const newcomer = admit(complaint)
    const near = newcomer.grid.near(newcomer)
    const promoted = weigh(newcomer, near)
    for (const core of promoted) promote(core)
    // The newcomer goes first, while its neighbours are at hand.
    if (newcomer.core) connect(newcomer, near)
    else anchor(newcomer, near)
    for (const core of promoted) if (core !== newcomer) connect(core, core.grid.near(core))
    return ledger.take()
  }

  function withdraw(complaintId: string): readonly ClusterChange[] {
    const member = members.get(complaintId)
    if (member === undefined || isTooLate(member.timeMs)) return nothing
    takeApart(member)
    return ledger.take()
  }

  return {
    insert,
    withdraw,

    amend(complaint) {
      checkPlaced(complaint)
      const former = members.get(complaint.id)
      if (former !== undefined && isTooLate(former.timeMs)) return nothing
      return [...withdraw(complaint.id), ...insert(complaint)]
    },

    advance(toMs) {
      if (!(toMs > state.watermarkMs)) return nothing
      state.watermarkMs = toMs
      retirement.advance(toMs)
      return ledger.take()
    },

    isTooLate,

    clusterIdOf(complaintId) {
      const member = members.get(complaintId)
      return member === undefined ? undefined : clusterOf(member)?.id
    },

    sizes: () => ({ complaints: members.size, openClusters: ledger.openClusters }),

    state,
  }
}

function defaultClusterId(seedComplaintId: string, attempt: number): string {
  return attempt === 0 ? `cluster-${seedComplaintId}` : `cluster-${seedComplaintId}~${attempt}`
}
