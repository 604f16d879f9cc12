import { type Cause, type Complaint, type ElementNode, firstLasting } from './model.ts'
import type { CauseBook } from './cause-book.ts'
import { shareOfArea } from './share.ts'
import { searchBox } from './complaint-book.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { causesCuttingOff } from './ring.ts'
import { networkOf } from './serving-index.ts'
import type { Topology } from './topology.ts'

/** A cause that may explain a complaint, by place, time, service and network alone. */
export interface Candidate {
  readonly cause: Cause
  /** Share of the customers at the complaint's place that the cause reaches; more than one where many of one site stand on little ground. */
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
/** The network's own word. */
const servedReach: Reach = { share: 1, meters: 0, served: true }

/** A trouble may lie outside a cause's time by this many slacks; beyond, it is no candidate. */
const maxSlacks = 4
/** Of one element's causes that fit a complaint, this many are weighed; an element with more has one trouble. */
const maxCausesOfElement = 64
/** Less of a place's uncertainty than this within an area is no candidate. */
const minAreaShare = 0.02

/**
 * Everything that could explain the complaint, in no particular order. The work is in proportion to the elements that serve the
 * place, not to the alarms that are open (E6): causes are looked up on those elements and on what they depend on.
 */
export function candidatesFor(
  complaint: Complaint,
  topology: Topology,
  causes: CauseBook,
  ruleset: Ruleset,
): Candidate[] {
  const found = new Map<Cause, Candidate>()
  const consider = (cause: Cause, reach: Reach): boolean => {
    if (!fitsFacts(complaint, cause, ruleset)) return false
    const known = found.get(cause)
    if (known === undefined || reach.share > known.share || (reach.served && !known.served))
      found.set(cause, { cause, ...reach })
    return true
  }
  const looked = new Set<ElementNode>()
  const earliestMs = earliestEnd(complaint, ruleset)
  const look = (node: ElementNode, reach: Reach): void => {
    // The most likely hit comes first, so an element's first visit is its best. Most elements have nothing to say.
    if (node.causes.length === 0 && node.ringNeighbours.size === 0) return
    if (looked.has(node)) return
    looked.add(node)
    // Backwards from the latest that can fit, since of very many the latest are nearest to the trouble.
    let left = maxCausesOfElement
    const first = firstLasting(node, earliestMs)
    for (let at = node.causes.length - 1; at >= first && left > 0; at -= 1) {
      const cause = node.causes[at]
      if (cause !== undefined && consider(cause, reach)) left -= 1
    }
    if (node.ringNeighbours.size > 0)
      for (const cause of causesCuttingOff(
        node,
        complaint.fromMs,
        complaint.uncertaintyMs + ruleset.times.onsetSlackMs,
      ))
        consider(cause, reach)
  }
  const lookUp = (node: ElementNode, reach: Reach): void => {
    look(node, reach)
    for (const upstream of topology.upstreamOf(node)) look(upstream.node, reach)
  }
  if (complaint.servedBy !== undefined) lookUp(complaint.servedBy, servedReach)
  for (const { node, share, meters } of complaint.hits) lookUp(node, { share, meters, served: false })
  const box = searchBox(complaint, ruleset)
  for (const cause of box === undefined ? [] : causes.inBox(...box)) {
    const share = areaShareOf(complaint, cause, ruleset)
    if (share >= minAreaShare) consider(cause, { share, meters: 0, served: false })
  }
  return [...found.values()]
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
  if (complaint.servedBy !== undefined && dependsOn(complaint.servedBy, cause, topology)) offer(servedReach)
  const share = areaShareOf(complaint, cause, ruleset)
  if (share >= minAreaShare) offer({ share, meters: 0, served: false })
  return best
}

/** How much of the complaint's place lies within a cause's own area; none where that is another network's work. */
function areaShareOf(complaint: Complaint, cause: Cause, ruleset: Ruleset): number {
  const { point, uncertaintyMeters, facts, density } = complaint
  if (cause.area === undefined || point === undefined) return 0
  const [node] = cause.nodes
  const network = node && networkOf(node)
  if (network && facts.network !== undefined && facts.network !== network) return 0
  return shareOfArea(cause.area, cause.kind === 'gap', point, uncertaintyMeters, density, ruleset)
}

/** A person confirmed it: it is considered, however little speaks for it. */
export function confirmedCandidate(cause: Cause): Candidate {
  return { cause, share: minAreaShare, meters: 0, served: false }
}

/** Does the element depend on one that the cause lies on? */
export function dependsOn(node: ElementNode, cause: Cause, topology: Topology): boolean {
  return liesOn(cause, node) || topology.upstreamOf(node).some((upstream) => liesOn(cause, upstream.node))
}

/** Works may lie on a thousand elements; the causes of one element are fewer. */
const liesOn = (cause: Cause, node: ElementNode): boolean =>
  cause.nodes.length === 1 ? cause.nodes[0] === node : node.causes.includes(cause)

/** What of a cause may rule it out. */
type Fitting = Pick<Cause, 'kind' | 'startMs' | 'endMs' | 'confirmedMs' | 'impact' | 'services' | 'network'>

/** Time, service, network as stated, and pattern: what rules a cause out altogether. */
export function fitsFacts(complaint: Complaint, cause: Fitting, ruleset: Ruleset): boolean {
  const { times } = ruleset
  if (cause.impact.effect === 'latent' || cause.impact.effect === 'none') return false
  const slackMs = times.onsetSlackMs
  const latestMs = complaint.fromMs + complaint.uncertaintyMs + maxSlacks * slackMs
  if (
    cause.startMs > latestMs ||
    cause.endMs < earliestEnd(complaint, ruleset) ||
    cause.startMs > complaint.reportedMs + (cause.kind === 'alarm' ? maxSlacks : 1) * slackMs
  )
    return false
  const { service, network, trouble } = complaint.facts
  if (service !== undefined && cause.services !== undefined && !cause.services.includes(service)) return false
  if (network !== undefined && cause.network !== undefined && cause.network !== network) return false
  // A trouble of long standing is not explained by a fault younger than itself.
  if (trouble.pattern === 'chronic' && cause.startMs > complaint.fromMs + complaint.uncertaintyMs)
    return false
  return cause.kind !== 'alarm' || !isStale(complaint, cause, ruleset)
}

/** What ended before this moment does not explain the complaint. */
function earliestEnd({ fromMs, uncertaintyMs }: Complaint, { times }: Ruleset): number {
  return fromMs - uncertaintyMs - maxSlacks * times.onsetSlackMs
}

/** An alarm that has been open for long, with no list of active alarms to confirm it, is a clear that got lost. */
function isStale(
  { fromMs, reportedMs }: Complaint,
  { endMs, confirmedMs }: Pick<Cause, 'endMs' | 'confirmedMs'>,
  { times: { staleAlarmMs } }: Ruleset,
): boolean {
  return endMs === Infinity && fromMs - confirmedMs > staleAlarmMs && reportedMs - confirmedMs > staleAlarmMs
}
