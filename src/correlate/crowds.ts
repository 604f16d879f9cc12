import { type Candidate, fitsFacts } from './candidates.ts'
import { isVague } from './crowd-book.ts'
import { distanceMeters } from './geometry.ts'
import { type Cause, type Complaint, type ElementNode, siteOf } from './model.ts'
import { round6 } from './round.ts'
import { networkOf } from './serving-index.ts'
import { servedDensity, shareOfArea } from './share.ts'
import type { World } from './world.ts'

/** Of the crowded causes that fit a complaint by its other facts, this many are weighed, the latest first. */
const maxCrowds = 64
/** Less of the customers than this is no candidate. */
const minCrowdShare = 0.0005

/** Crowded causes that may explain a complaint of a vague place, better than what was found by its place. */
export function crowdsFor(complaint: Complaint, found: readonly Candidate[], world: World): Candidate[] {
  const { ruleset, crowds } = world
  if (crowds.causes.length === 0 || !isVague(complaint)) return []
  const candidates: Candidate[] = []
  let left = maxCrowds
  for (let at = crowds.causes.length - 1; at >= 0 && left > 0; at -= 1) {
    const cause = crowds.causes[at]
    if (cause === undefined || isElsewhere(cause, complaint) || !fitsFacts(complaint, cause, ruleset))
      continue
    left -= 1
    const known = found.find((candidate) => candidate.cause === cause)
    const share = shareOfCrowd(complaint, cause, world)
    if (share >= minCrowdShare && share > (known?.share ?? 0))
      candidates.push({ cause, share, meters: 0, served: false })
  }
  return candidates
}

/** It lies on elements of another network than the customer's. */
function isElsewhere({ nodes: [node] }: Cause, { facts: { network } }: Complaint): boolean {
  if (node === undefined || network === undefined) return false
  const own = networkOf(node)
  return own !== undefined && own !== '' && own !== network
}

/** The share of the customers who might have said the same of the place that a cause reaches. */
function shareOfCrowd(complaint: Complaint, cause: Cause, { topology, serving, ruleset }: World): number {
  const { point, uncertaintyMeters, density, shared, facts } = complaint
  const { network } = facts
  const sites = new Set<ElementNode>()
  for (const node of cause.nodes)
    for (const below of topology.dependentsOf(node))
      if (serving.serves(below) && (network === undefined || networkOf(below) === network))
        sites.add(siteOf(below))
  const reached = cause.nodes.length === 0 ? 1 : sites.size
  if (reached === 0) return 0
  const partOfAll = reached / Math.max(1, serving.sitesOf(network))
  if (point === undefined) return round6(partOfAll)
  const { awayShare, awayMeters } = ruleset.crowds ?? nobodyAway
  const shareAway = facts.place?.source === 'home' && !shared ? awayShare : 0
  const mixed = (of: (uncertainty: number) => number): number =>
    (1 - shareAway) * of(uncertaintyMeters) + (shareAway > 0 ? shareAway * of(awayMeters) : 0)
  if (cause.area !== undefined) {
    const { area } = cause
    return mixed((uncertainty) => shareOfArea(area, false, point, uncertainty, density, ruleset))
  }
  // Nobody is served at this address: whoever lives there is away.
  if (density === 0) return round6(shareAway * partOfAll)
  let served = 0
  for (const site of sites) {
    const at = serving.servingOf(site)
    if (at === undefined) continue
    const meters = distanceMeters(at.point, point)
    served += mixed((uncertainty) =>
      servedDensity(at.coverage, at.point, meters, point, uncertainty, ruleset),
    )
  }
  return round6(served / density)
}

const nobodyAway = { awayShare: 0, awayMeters: 0 }
