import { type Aged, isOlder } from './age.ts'
import type { ClusterChange } from './cluster-change.ts'
import { currentOf, LiveCluster } from './live-cluster.ts'
import { clusterOf, type Member } from './member.ts'

/**
 * Notes who moves during one operation, then tells the difference between before and after. So an operation may move a
 * member as often as its scans like, in any order, and the answer is the same.
 */
export interface ChangeLedger {
  readonly openClusters: number
  /** Puts a member into a cluster, or into none. */
  move(member: Member, to: LiveCluster | undefined): void
  /** A cluster that opens with this operation, unless it merges with another one before its end. */
  fresh(): LiveCluster
  merge(a: LiveCluster, b: LiveCluster): void
  /** A cluster for a part of `from`, named after its oldest core, with the retired members that go along; the others are to be moved. */
  splitOff(from: LiveCluster, seed: Aged, retiredIds: readonly string[]): LiveCluster
  /** A member was retired from its cluster. */
  retire(cluster: LiveCluster): void
  /** Ends the operation: its changes in the order of `ClusterChange`, each kind by age of cluster or id of complaint. */
  take(): readonly ClusterChange[]
}

interface Move {
  readonly member: Member
  /** Its cluster before the operation. */
  readonly was: LiveCluster | undefined
}

interface Opening {
  readonly cluster: LiveCluster
  readonly splitFrom: LiveCluster | undefined
  seed: Aged | undefined
  memberIds: string[]
}

/** What a ledger holds between operations. */
export interface LedgerState {
  readonly openIds: Set<string>
  openings: number
  /** Clusters whose last member has left since the last `take`. */
  readonly emptied: Map<LiveCluster, 'settled' | 'dissolved'>
}

export function emptyLedger(): LedgerState {
  return { openIds: new Set(), openings: 0, emptied: new Map() }
}

const nothing: readonly ClusterChange[] = []
const noOpenings = { split: nothing, opened: nothing }

export function createChangeLedger(
  newClusterId: (seedComplaintId: string, attempt: number) => string,
  state: LedgerState,
): ChangeLedger {
  const { openIds, emptied } = state
  let moves: Move[] = []
  const opening = new Map<LiveCluster, Opening>()
  let merging: LiveCluster[] = []

  function begin(
    splitFrom: LiveCluster | undefined,
    seed: Aged | undefined,
    ids: readonly string[],
  ): LiveCluster {
    const cluster = new LiveCluster()
    opening.set(cluster, { cluster, splitFrom, seed, memberIds: [...ids] })
    return cluster
  }

  function tellMoves(): readonly ClusterChange[] {
    const left: ClusterChange[] = []
    const joining: [Member, LiveCluster][] = []
    if (moves.length > 1) moves.sort((a, b) => (a.member.id < b.member.id ? -1 : 1))
    for (const { member, was } of moves) {
      member.moved = false
      const from = was === undefined ? undefined : currentOf(was)
      const to = clusterOf(member)
      if (from === to) continue
      const opens = to === undefined ? undefined : opening.get(to)
      const isCarried = opens?.splitFrom !== undefined && opens.splitFrom === from
      if (from !== undefined && !isCarried) {
        left.push({ kind: 'left', clusterId: from.id, complaintId: member.id })
        if (from.live === 0) emptied.set(from, 'dissolved')
      }
      if (opens !== undefined && (opens.splitFrom === undefined || isCarried)) gather(opens, member)
      else if (to !== undefined) joining.push([member, to])
    }
    const { split, opened } = opening.size === 0 ? noOpenings : tellOpenings()
    const joined = joining.map(([{ id }, cluster]): ClusterChange => ({
      kind: 'joined',
      clusterId: cluster.id,
      complaintId: id,
    }))
    if (left.length === 0 && opening.size === 0) return joined
    return [...split, ...left, ...opened, ...joined]
  }

  function tellOpenings() {
    const split: ClusterChange[] = []
    const opened: ClusterChange[] = []
    const lasting = [...opening.values()].filter(({ cluster }) => cluster.mergedInto === undefined)
    for (const { cluster, splitFrom, seed, memberIds } of lasting.sort(bySeed)) {
      let attempt = 0
      do cluster.id = newClusterId(seed?.id ?? '', attempt++)
      while (openIds.has(cluster.id))
      openIds.add(cluster.id)
      cluster.order = state.openings++
      memberIds.sort()
      if (splitFrom === undefined) opened.push({ kind: 'opened', clusterId: cluster.id, memberIds })
      else split.push({ kind: 'split', fromId: splitFrom.id, clusterId: cluster.id, memberIds })
    }
    return { split, opened }
  }

  function tellMerges(): readonly ClusterChange[] {
    if (merging.length === 0) return nothing
    const merged = merging.sort(byOrder).map((from): ClusterChange => {
      openIds.delete(from.id)
      return { kind: 'merged', intoId: currentOf(from).id, fromId: from.id }
    })
    merging = []
    return merged
  }

  function tellClosings(): readonly ClusterChange[] {
    if (emptied.size === 0) return nothing
    const closed = [...emptied].sort(([a], [b]) => byOrder(a, b))
    emptied.clear()
    return closed.map(([{ id }, reason]) => {
      openIds.delete(id)
      return { kind: 'closed', clusterId: id, reason }
    })
  }

  return {
    get openClusters() {
      return openIds.size
    },

    move(member, to) {
      const from = clusterOf(member)
      const target = to === undefined ? undefined : currentOf(to)
      if (from === target) return
      if (!member.moved) {
        member.moved = true
        moves.push({ member, was: from })
      }
      if (from !== undefined) from.live -= 1
      if (target !== undefined) target.live += 1
      member.cluster = target
    },

    fresh: () => begin(undefined, undefined, []),
    splitOff: begin,

    merge(a, b) {
      const first = currentOf(a)
      const second = currentOf(b)
      if (first === second) return
      const [into, from] = first.order <= second.order ? [first, second] : [second, first]
      from.mergedInto = into
      into.live += from.live
      if (from.id !== '') merging.push(from)
    },

    retire(cluster) {
      cluster.live -= 1
      if (cluster.live === 0) emptied.set(cluster, 'settled')
    },

    take() {
      if (moves.length === 0 && emptied.size === 0) return nothing
      const changes = [...tellMerges(), ...tellMoves(), ...tellClosings()]
      moves = []
      if (opening.size > 0) opening.clear()
      return changes
    },
  }
}

function gather(opening: Opening, member: Member): void {
  opening.memberIds.push(member.id)
  if (opening.splitFrom !== undefined || !member.core) return
  const { seed } = opening
  if (seed === undefined || isOlder(member, seed)) opening.seed = member
}

function byOrder(a: LiveCluster, b: LiveCluster): number {
  return a.order - b.order
}

function bySeed(a: Opening, b: Opening): number {
  if (a.seed === undefined || b.seed === undefined) return 0
  return isOlder(a.seed, b.seed) ? -1 : 1
}
