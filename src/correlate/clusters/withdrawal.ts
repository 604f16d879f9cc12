import { type Aged, isOlder } from './age.ts'
import type { ChangeLedger } from './change-ledger.ts'
import { currentOf, type LiveCluster } from './live-cluster.ts'
import { countCustomer, type Member, offerAnchor } from './member.ts'
import type { Retirement } from './retirement.ts'
import { type SettledPart, wholeOf } from './settled-part.ts'

interface WithdrawalNeeds {
  readonly minCustomers: number
  readonly ledger: ChangeLedger
  readonly retirement: Retirement
  readonly forget: (member: Member) => void
}

/** Cores that hang together, with the retired parts among them. */
interface Part {
  readonly cores: ReadonlySet<Member>
  readonly settled: ReadonlySet<SettledPart>
  readonly oldestCore: Aged
}

/**
 * Takes a complaint out. Withdrawals are rare, so nothing is kept in advance for them: neighbours are counted afresh (a
 * core only until it has enough), and where cores are lost, what held to them is looked at again.
 */
export function createWithdrawal({ minCustomers, ledger, retirement, forget }: WithdrawalNeeds) {
  /** Counts a dense member's customers afresh. True where there are enough for a core. */
  function recount(member: Member): boolean {
    member.customers = undefined
    const isEnough =
      minCustomers <= 1 ||
      member.grid.someNear(
        member,
        ({ dense, customerRef }) => dense && countCustomer(member, customerRef, minCustomers),
      )
    if (isEnough) member.customers = undefined
    return isEnough
  }

  /** Who stops being a core when `gone`, no longer in the index, takes its customer away from its neighbours. */
  function demote(gone: Member, neighbours: readonly Member[]): readonly Member[] {
    const lost = gone.core ? [gone] : []
    if (gone.dense) {
      for (const neighbour of neighbours)
        if (neighbour.dense && !recount(neighbour) && neighbour.core) lost.push(neighbour)
    }
    for (const member of lost) member.core = false
    return lost
  }

  function reanchor(member: Member): void {
    member.anchor = undefined
    member.grid.someNear(member, (neighbour, squaredDegrees, gapMs) => {
      if (neighbour.core) offerAnchor(member, neighbour, squaredDegrees, gapMs)
      return false
    })
    ledger.move(member, anchorOf(member)?.cluster)
  }

  /**
   * The parts into which a cluster falls, given the cores left beside those that it lost: every part has one of them. None where they
   * still hang together, which mostly shows after a few steps.
   */
  function partsOf(seeds: ReadonlySet<Member>): readonly Part[] {
    if (hangTogether(seeds)) return []
    const unreached = new Set(seeds)
    const parts: Part[] = []
    for (const seed of seeds) {
      if (!unreached.has(seed)) continue
      const part = reach(seed, unreached, parts.length === 0)
      if (part === undefined) return []
      parts.push(part)
    }
    return parts
  }

  /**
   * Whether the cores hang together through neighbours that they share. Where complaints are dense this takes a handful of
   * searches, as each covers most of the place; a no means that one has to look farther.
   */
  function hangTogether(seeds: ReadonlySet<Member>): boolean {
    const together = new Set<Member>()
    let waiting = [...seeds]
    for (let before = Number.POSITIVE_INFINITY; waiting.length < before;) {
      before = waiting.length
      waiting = waiting.filter((seed) => {
        if (together.has(seed)) return false
        const cores = neighboursOf(seed).filter(({ core }) => core)
        if (together.size > 0 && !cores.some((core) => together.has(core))) return true
        together.add(seed)
        for (const core of cores) together.add(core)
        return false
      })
    }
    return waiting.length === 0
  }

  /** All that hangs together with a core; nothing where that is every seed and `mayBeWhole`. */
  function reach(seed: Member, unreached: Set<Member>, mayBeWhole: boolean): Part | undefined {
    const cores = new Set([seed])
    const settled = new Set<SettledPart>()
    let oldestCore: Aged = seed
    unreached.delete(seed)
    const step = (core: Member): false => {
      if (!core.core || cores.has(core)) return false
      cores.add(core)
      unreached.delete(core)
      if (isOlder(core, oldestCore)) oldestCore = core
      return false
    }
    // A set's iteration also visits what is added on the way.
    for (const core of cores) {
      if (mayBeWhole && unreached.size === 0) return undefined
      core.grid.someNear(core, step)
      const part = core.part === undefined ? undefined : wholeOf(core.part)
      if (part === undefined || settled.has(part)) continue
      settled.add(part)
      if (part.oldestCore !== undefined && isOlder(part.oldestCore, oldestCore)) oldestCore = part.oldestCore
      for (const other of retirement.touching(part)) step(other)
    }
    return { cores, settled, oldestCore }
  }

  function split(cluster: LiveCluster, parts: readonly Part[]): void {
    const [, ...others] = [...parts].sort((a, b) => (isOlder(a.oldestCore, b.oldestCore) ? -1 : 1))
    for (const { cores, settled, oldestCore } of others) {
      const retiredIds = [...settled].flatMap(({ ids }) => ids)
      const separate = ledger.splitOff(cluster, oldestCore, retiredIds)
      for (const part of settled)
        for (const member of retirement.touching(part)) ledger.move(member, separate)
      for (const core of cores) {
        ledger.move(core, separate)
        core.grid.someNear(core, (neighbour) => {
          if (!neighbour.core && neighbour.anchor === core) ledger.move(neighbour, separate)
          return false
        })
      }
    }
  }

  return function takeApart(member: Member): void {
    const neighbours = neighboursOf(member)
    const home = member.cluster === undefined ? undefined : currentOf(member.cluster)
    retirement.drop(member)
    forget(member)
    ledger.move(member, undefined)
    const lost = demote(member, neighbours)
    const seeds = new Map<LiveCluster, Set<Member>>()
    const orphans = new Set<Member>(lost.filter((core) => core !== member))
    for (const core of lost) {
      const cluster =
        core === member ? home : core.cluster === undefined ? undefined : currentOf(core.cluster)
      if (cluster === undefined) continue
      for (const neighbour of core === member ? neighbours : neighboursOf(core)) {
        if (!neighbour.core) {
          if (neighbour.anchor === core) orphans.add(neighbour)
          continue
        }
        const beside = seeds.get(cluster)
        if (beside === undefined) seeds.set(cluster, new Set([neighbour]))
        else beside.add(neighbour)
      }
    }
    for (const [cluster, beside] of seeds) split(cluster, partsOf(beside))
    for (const orphan of orphans) reanchor(orphan)
  }
}

/** A call, since the compiler would take it for still undefined after a search that sets it. */
function anchorOf(member: Member): Member | undefined {
  return member.anchor
}

function neighboursOf(member: Member): readonly Member[] {
  const neighbours: Member[] = []
  member.grid.someNear(member, (neighbour) => {
    neighbours.push(neighbour)
    return false
  })
  return neighbours
}
