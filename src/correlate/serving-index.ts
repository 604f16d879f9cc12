import RBush from 'rbush'
import type { Coverage } from '../../schemas/element.ts'
import type { LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Service } from '../../schemas/service.ts'
import { type Box, boxAround, boxOfRing, distanceMeters } from './geometry.ts'
import { servedShare } from './share.ts'
import type { ElementNode, Hit } from './model.ts'

interface Serving {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  readonly node: ElementNode
  readonly point: LonLat
  readonly coverage: Coverage
  /** Distance to the furthest neighbour that its default radius rests on; a new site beyond it changes nothing. */
  readonly reachMeters: number
}

/** Elements that stand closer than this are one place: their distance says nothing of how far they reach. */
const samePlaceMeters = 50
/** Beyond this multiple of the radius the share is negligible. */
const outerRadius = 1.25
/** Less than this is no candidate. */
const minShare = 0.02
/** The most elements taken as serving one place; a vague place in a dense city meets hundreds. */
const maxHits = 64
/** From this many changed elements on, building the index anew is cheaper than mending it. */
const rebuildFrom = 64

/**
 * Which elements serve a place. Holds sites, cells and whatever has coverage of its own, by network. Elements without a
 * stated radius reach as far as their neighbours stand away; that is kept up to date as neighbours come and go.
 */
export class ServingIndex {
  private readonly trees = new Map<string, RBush<Serving>>()
  private readonly items = new Map<ElementNode, { readonly network: string; readonly serving: Serving }>()
  private readonly pending = new Set<ElementNode>()
  private rebuildAll = false
  private ruleset: Ruleset

  constructor(ruleset: Ruleset) {
    this.ruleset = ruleset
  }

  /** The element, or what it inherits from, has changed. Taken in with the next `settle`. */
  touch(node: ElementNode): void {
    this.pending.add(node)
    for (const child of node.children) if (child.element?.location === undefined) this.pending.add(child)
  }

  /** Everything is measured anew with the next `settle`. */
  useRules(ruleset: Ruleset): void {
    this.ruleset = ruleset
    for (const node of this.items.keys()) this.pending.add(node)
    this.rebuildAll = true
  }

  /** Takes in what changed; answers the boxes whose hits may differ now, or `all`. */
  settle(): readonly Box[] | 'all' {
    if (this.pending.size === 0) return []
    if (this.pending.size >= rebuildFrom || this.rebuildAll) {
      this.rebuildAll = false
      this.rebuild()
      return 'all'
    }
    const boxes: Box[] = []
    for (const node of this.pending) this.mend(node, boxes)
    this.pending.clear()
    return boxes
  }

  /** Elements serving a place that is known to within `uncertaintyMeters`; sorted by id. */
  hits(
    point: LonLat,
    uncertaintyMeters: number,
    network: string | undefined,
    service: Service | undefined,
  ): Hit[] {
    const [minX, minY, maxX, maxY] = boxAround(point, uncertaintyMeters * this.ruleset.places.tailFactor)
    const box = { minX, minY, maxX, maxY }
    const found: Hit[] = []
    for (const [name, tree] of this.trees) {
      if (network !== undefined && name !== network && name !== '') continue
      for (const serving of tree.search(box)) {
        const services = serving.node.element?.services
        if (service !== undefined && services !== undefined && !services.includes(service)) continue
        const meters = distanceMeters(serving.point, point)
        const share = servedShare(serving.coverage, serving.point, point, uncertaintyMeters, this.ruleset)
        if (share >= minShare) found.push({ node: serving.node, share, meters: Math.round(meters) })
      }
    }
    if (found.length > maxHits) {
      found.sort((a, b) => b.share - a.share || (a.node.id < b.node.id ? -1 : 1))
      found.length = maxHits
    }
    return found.sort((a, b) => (a.node.id < b.node.id ? -1 : 1))
  }

  /** The ground that an element serves by itself, if it does. */
  boxOf(node: ElementNode): Box | undefined {
    const serving = this.items.get(node)?.serving
    return serving && [serving.minX, serving.minY, serving.maxX, serving.maxY]
  }

  serves(node: ElementNode): boolean {
    return this.items.has(node)
  }

  get size(): number {
    return this.items.size
  }

  private rebuild(): void {
    for (const node of this.pending) {
      this.items.delete(node)
      const network = networkOf(node)
      const point = pointOf(node)
      if (network === undefined || point === undefined || !servesGround(node)) continue
      // The final coverage follows once all neighbours are in; until then the point alone is indexed.
      this.items.set(node, { network, serving: serving(node, point, { kind: 'radius', radiusMeters: 1 }, 0) })
    }
    this.pending.clear()
    this.load()
    for (const [node, { network, serving: old }] of this.items)
      this.items.set(node, { network, serving: this.measure(node, network, old.point) })
    this.load()
  }

  private load(): void {
    const byNetwork = new Map<string, Serving[]>()
    for (const { network, serving: item } of this.items.values()) {
      const list = byNetwork.get(network)
      if (list === undefined) byNetwork.set(network, [item])
      else list.push(item)
    }
    this.trees.clear()
    for (const [network, list] of byNetwork) this.trees.set(network, new RBush<Serving>().load(list))
  }

  private mend(node: ElementNode, boxes: Box[]): void {
    const old = this.items.get(node)
    if (old !== undefined) {
      this.trees.get(old.network)?.remove(old.serving)
      this.items.delete(node)
      boxes.push(boxOfServing(old.serving))
      this.mendNeighbours(old.network, old.serving.point, boxes)
    }
    const network = networkOf(node)
    const point = pointOf(node)
    if (network === undefined || point === undefined || !servesGround(node)) return
    this.place(node, network, point, boxes)
    this.mendNeighbours(network, point, boxes)
  }

  private mendNeighbours(network: string, point: LonLat, boxes: Box[]): void {
    const [lon, lat] = point
    const near = this.trees.get(network)?.search({ minX: lon, minY: lat, maxX: lon, maxY: lat }) ?? []
    for (const neighbour of near) {
      if (neighbour.reachMeters === 0 || distanceMeters(neighbour.point, point) > neighbour.reachMeters)
        continue
      this.trees.get(network)?.remove(neighbour)
      this.place(neighbour.node, network, neighbour.point, boxes)
    }
  }

  private place(node: ElementNode, network: string, point: LonLat, boxes: Box[]): void {
    const item = this.measure(node, network, point)
    let tree = this.trees.get(network)
    if (tree === undefined) this.trees.set(network, (tree = new RBush<Serving>()))
    tree.insert(item)
    this.items.set(node, { network, serving: item })
    boxes.push(boxOfServing(item))
  }

  private measure(node: ElementNode, network: string, point: LonLat): Serving {
    const stated = node.element?.coverage
    if (stated !== undefined) return serving(node, point, stated, 0)
    const { radiusMeters, reachMeters } = this.defaultRadius(network, point)
    const azimuth = node.element?.attributes?.['azimuthDegrees']
    const coverage: Coverage =
      typeof azimuth === 'number'
        ? {
            kind: 'sector',
            azimuthDegrees: azimuth,
            beamDegrees: this.ruleset.coverage.beamDegrees,
            radiusMeters,
          }
        : { kind: 'radius', radiusMeters }
    return serving(node, point, coverage, reachMeters)
  }

  private defaultRadius(network: string, point: LonLat): { radiusMeters: number; reachMeters: number } {
    const { neighbours, minRadiusMeters, maxRadiusMeters } = this.ruleset.coverage
    const tree = this.trees.get(network)
    for (let within = minRadiusMeters * 4; tree !== undefined; within *= 3) {
      const [minX, minY, maxX, maxY] = boxAround(point, within)
      const distances = distinctDistances(tree.search({ minX, minY, maxX, maxY }), point, within)
      if (distances.length >= neighbours || within > maxRadiusMeters) {
        const nearest = distances.slice(0, neighbours)
        if (nearest.length < neighbours)
          nearest.push(...Array<number>(neighbours - nearest.length).fill(maxRadiusMeters))
        const mean = nearest.reduce((sum, meters) => sum + meters, 0) / neighbours
        return {
          radiusMeters: Math.round(Math.min(maxRadiusMeters, Math.max(minRadiusMeters, mean))),
          reachMeters: Math.min(maxRadiusMeters, nearest.at(-1) ?? maxRadiusMeters),
        }
      }
    }
    return { radiusMeters: maxRadiusMeters, reachMeters: maxRadiusMeters }
  }
}

/** Distances to other places, nearest first; a place with several elements counts once. */
function distinctDistances(found: readonly Serving[], point: LonLat, within: number): number[] {
  const distances = new Set<number>()
  const places = new Set<string>()
  for (const { point: other } of found) {
    const meters = distanceMeters(other, point)
    const place = `${other[0].toFixed(4)},${other[1].toFixed(4)}`
    if (meters < samePlaceMeters || meters > within || places.has(place)) continue
    places.add(place)
    distances.add(meters)
  }
  return [...distances].sort((a, b) => a - b)
}

function serving(node: ElementNode, point: LonLat, coverage: Coverage, reachMeters: number): Serving {
  const [minX, minY, maxX, maxY] =
    coverage.kind === 'polygon'
      ? boxOfRing(coverage.ring)
      : boxAround(point, Math.max(coverage.radiusMeters * outerRadius, reachMeters))
  return { minX, minY, maxX, maxY, node, point, coverage, reachMeters }
}

const boxOfServing = ({ minX, minY, maxX, maxY }: Serving): Box => [minX, minY, maxX, maxY]

/** Sites and cells serve the ground around them; anything else does where it states its coverage. */
function servesGround({ element }: ElementNode): boolean {
  return element?.kind === 'site' || element?.kind === 'cell' || element?.coverage !== undefined
}

/** Its own position, else that of the nearest ancestor that has one. */
export function pointOf(node: ElementNode): LonLat | undefined {
  for (
    let at: ElementNode | undefined = node, steps = 0;
    at !== undefined && steps < 8;
    at = at.parent, steps += 1
  )
    if (at.element?.location !== undefined) return at.element.location.point
  return undefined
}

/** Its own network, else the nearest ancestor's; the empty name where none is stated. */
export function networkOf(node: ElementNode): string | undefined {
  if (node.element === undefined) return undefined
  for (
    let at: ElementNode | undefined = node, steps = 0;
    at !== undefined && steps < 8;
    at = at.parent, steps += 1
  )
    if (at.element?.network !== undefined) return at.element.network
  return ''
}
