import type { LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Service } from '../../schemas/service.ts'
import { distanceMeters } from './geometry.ts'
import { type ElementNode, type Hit, siteOf } from './model.ts'
import { round6 } from './round.ts'
import type { Serving } from './serving.ts'
import { middleDensity, servedDensity } from './share.ts'

/** Less than this is no candidate. */
const minShare = 0.03
/** The most elements taken as serving one place; a vague place in a dense city meets hundreds. */
const maxHits = 64

/** Who serves a place. */
export interface Served {
  /** The most likely first, ties by id. */
  readonly hits: Hit[]
  /** How thickly customers stand there, in the measure of `servedDensity`; none where nothing serves. */
  readonly density: number
}

/**
 * The elements that may serve a place, each with its share of the customers who would say to be there. Everybody is
 * served by one site (its cells share what is the site's), or stands where the nearest site does not reach.
 */
export function hitsAmong(
  servings: Iterable<Serving>,
  place: LonLat,
  uncertaintyMeters: number,
  service: Service | undefined,
  ruleset: Ruleset,
): Served {
  const met: { readonly node: ElementNode; readonly meters: number; readonly density: number }[] = []
  const sites = new Map<ElementNode, number>()
  let thickest = 0
  for (const { node, point, coverage } of servings) {
    const services = node.element?.services
    if (service !== undefined && services !== undefined && !services.includes(service)) continue
    const meters = distanceMeters(point, place)
    const density = servedDensity(coverage, point, meters, place, uncertaintyMeters, ruleset)
    if (density === 0) continue
    met.push({ node, meters, density })
    const site = siteOf(node)
    sites.set(site, Math.max(sites.get(site) ?? 0, density))
    thickest = Math.max(thickest, middleDensity(coverage, ruleset))
  }
  let total = thickest * ruleset.weights.edgeFraction
  for (const density of sites.values()) total += density
  const hits: Hit[] = []
  const found = new Set<ElementNode>()
  for (const { node, meters, density } of met) {
    const share = round6(density / total)
    if (share < minShare || found.has(node)) continue
    found.add(node)
    hits.push({ node, share, meters: Math.round(meters) })
  }
  hits.sort((a, b) => b.share - a.share || (a.node.id < b.node.id ? -1 : 1))
  return { hits: hits.slice(0, maxHits), density: total }
}
