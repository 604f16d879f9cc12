import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Cause, ElementNode } from './model.ts'
import type { Topology } from './topology.ts'

/** The share of an element's direct dependents that must fail together; a large core always has a few. */
const stormShare = 0.1

/** Records that an element failed, with everything that it depends on: it may be the first sign of a storm. */
export function noteFailure(cause: Cause, nowMs: number, topology: Topology, times: Ruleset['times']): void {
  const node = cause.nodes[0]
  if (node === undefined) return
  for (const above of [{ node }, ...topology.upstreamOf(node)]) {
    const unfolding = above.node.unfolding
    if (nowMs - unfolding.lastMs > times.stormSettleMs) unfolding.failed.clear()
    unfolding.failed.add(node)
    unfolding.lastMs = nowMs
  }
}

/**
 * Is a storm still unfolding over an element: several elements under a common one failed, the last of them just now?
 * Then more alarms are on their way, the root's own perhaps among them, and revising answers with each would only
 * tell customers a different story every minute (E6). New callers are answered all the same.
 */
export function storming(
  node: ElementNode,
  nowMs: number,
  topology: Topology,
  { outages, times }: Ruleset,
): boolean {
  return topology.upstreamOf(node).some(({ node: { unfolding, children, clients } }) => {
    if (nowMs - unfolding.lastMs > times.stormSettleMs) return false
    return (
      unfolding.failed.size >= Math.max(outages.stormElements, stormShare * (children.size + clients.size))
    )
  })
}
