import type { Cause, Complaint, ElementNode } from './model.ts'
import type { CauseBook } from './cause-book.ts'
import { areaShare } from './share.ts'
import { boxAround } from './geometry.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { causesCuttingOff } from './ring.ts'
import type { Topology } from './topology.ts'

/** A cause that may explain a complaint, by place, time, service and network alone. */
export interface Candidate {
  readonly cause: Cause
  /** Share of the customers at the complaint's place that the cause reaches, 0 to 1. */
  readonly share: number
  /** To the serving element, or into the area; for people. */
  readonly meters: number
  /** The network says that the customer was served by the cause's element or by one that depends on it. */
  readonly served: boolean
}

interface Reach {
  readonly share: number
  readonly meters: number
  readonly served: boolean
}

/** A trouble may lie outside a cause's time by this many slacks; beyond, it is no candidate. */
const maxSlacks = 4
/** Less of a place's uncertainty than this within an area is no candidate. */
const minAreaShare = 0.02

/**
 * Everything that could explain the complaint, sorted by key. The work is in proportion to the elements that serve the
 * place, not to the alarms that are open (E6): causes are looked up on those elements and on what they depend on.
 */
export function candidatesFor(
  complaint: Complaint,
  topology: Topology,
  causes: CauseBook,
  ruleset: Ruleset,
): Candidate[] {
  const found = new Map<Cause, Candidate>()
  const consider = (cause: Cause, reach: Reach): void => {
    if (!fitsFacts(complaint, cause, ruleset)) return
    const known = found.get(cause)
    if (known === undefined || reach.share > known.share || (reach.served && !known.served))
      found.set(cause, { cause, ...reach })
  }
  for (const [node, reach] of reachedElements(complaint, topology)) {
    for (const cause of node.causes) consider(cause, reach)
    if (node.ringNeighbours.size > 0)
      for (const cause of causesCuttingOff(
        node,
        complaint.fromMs,
        complaint.uncertaintyMs + ruleset.times.onsetSlackMs,
      ))
        consider(cause, reach)
  }
  if (complaint.point !== undefined) {
    const { point, uncertaintyMeters } = complaint
    for (const cause of causes.inBox(
      ...boxAround(point, uncertaintyMeters * ruleset.places.tailFactor + 200),
    )) {
      const share = cause.area === undefined ? 0 : areaShare(cause.area, point, uncertaintyMeters, ruleset)
      if (share >= minAreaShare) consider(cause, { share, meters: 0, served: false })
    }
  }
  return [...found.values()].sort((a, b) => (a.cause.key < b.cause.key ? -1 : 1))
}

/** The same candidate as `candidatesFor` would find for one cause, or undefined. */
export function candidateOf(
  complaint: Complaint,
  cause: Cause,
  topology: Topology,
  causes: CauseBook,
  ruleset: Ruleset,
): Candidate | undefined {
  // Around rings the way matters, and so does everything that may cut it.
  if (cause.nodes.some((node) => node.ringNeighbours.size > 0))
    return candidatesFor(complaint, topology, causes, ruleset).find((candidate) => candidate.cause === cause)
  if (!fitsFacts(complaint, cause, ruleset)) return undefined
  let best: Candidate | undefined
  const offer = (reach: Reach): void => {
    if (best === undefined || reach.share > best.share || (reach.served && !best.served))
      best = { cause, ...reach }
  }
  for (const { node, share, meters } of complaint.hits)
    if (dependsOn(node, cause, topology)) offer({ share, meters, served: false })
  if (complaint.servedBy !== undefined && dependsOn(complaint.servedBy, cause, topology))
    offer({ share: 1, meters: 0, served: true })
  if (cause.area !== undefined && complaint.point !== undefined) {
    const share = areaShare(cause.area, complaint.point, complaint.uncertaintyMeters, ruleset)
    if (share >= minAreaShare) offer({ share, meters: 0, served: false })
  }
  return best
}

function dependsOn(node: ElementNode, cause: Cause, topology: Topology): boolean {
  return (
    cause.nodes.includes(node) ||
    topology.upstreamOf(node).some((upstream) => cause.nodes.includes(upstream.node))
  )
}

/** The elements that serve the complaint's place, and all that they depend on, each with the best share below it. */
export function reachedElements(complaint: Complaint, topology: Topology): Map<ElementNode, Reach> {
  const reached = new Map<ElementNode, Reach>()
  const reach = (node: ElementNode, by: Reach): void => {
    const known = reached.get(node)
    if (known === undefined || by.share > known.share || (by.served && !known.served)) reached.set(node, by)
  }
  const reachWithUpstream = (node: ElementNode, by: Reach): void => {
    reach(node, by)
    for (const upstream of topology.upstreamOf(node)) reach(upstream.node, by)
  }
  for (const { node, share, meters } of complaint.hits)
    reachWithUpstream(node, { share, meters, served: false })
  if (complaint.servedBy !== undefined)
    reachWithUpstream(complaint.servedBy, { share: 1, meters: 0, served: true })
  return reached
}

/** Time, service, network and pattern: what rules a cause out altogether. */
export function fitsFacts(complaint: Complaint, cause: Cause, { times }: Ruleset): boolean {
  if (cause.impact.effect === 'latent' || cause.impact.effect === 'none') return false
  const slackMs = times.onsetSlackMs
  const latestMs = complaint.fromMs + complaint.uncertaintyMs + maxSlacks * slackMs
  const earliestMs = complaint.fromMs - complaint.uncertaintyMs - maxSlacks * slackMs
  if (
    cause.startMs > latestMs ||
    cause.endMs < earliestMs ||
    cause.startMs > complaint.reportedMs + maxSlacks * slackMs
  )
    return false
  const { service, network, trouble } = complaint.facts
  if (service !== undefined && cause.services !== undefined && !cause.services.includes(service)) return false
  if (network !== undefined && cause.network !== undefined && cause.network !== network) return false
  // A trouble of long standing is not explained by a fault younger than itself.
  if (trouble.pattern === 'chronic' && cause.startMs > complaint.fromMs + complaint.uncertaintyMs)
    return false
  // An alarm that has been open for long, with no list of active alarms to confirm it, is a clear that got lost.
  return (
    cause.kind !== 'alarm' ||
    cause.endMs !== Infinity ||
    complaint.fromMs - cause.confirmedMs <= times.staleAlarmMs ||
    complaint.reportedMs - cause.confirmedMs <= times.staleAlarmMs
  )
}
