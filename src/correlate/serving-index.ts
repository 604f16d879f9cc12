import RBush from 'rbush'
import type { LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Service } from '../../schemas/service.ts'
import { type Box, boxAround, boxOfRing, distanceMeters, turnsOf } from './geometry.ts'
import { alike, boxOfServing, measure, searchAll, type Serving, servingBy } from './serving.ts'
import { hitsAmong, type Served } from './hits.ts'
import { type ElementNode, siteOf } from './model.ts'

/** From this many changed elements on, building the index anew is cheaper than mending it. */
const rebuildFrom = 64

/**
 * Which elements serve a place. Holds sites, cells and whatever has coverage of its own, by network. Elements without a
 * stated radius reach as far as their neighbours stand away; that is kept up to date as neighbours come and go.
 */
export class ServingIndex {
  private readonly trees = new Map<string, RBush<Serving>>()
  private readonly items = new Map<ElementNode, { readonly network: string; readonly serving: Serving }>()
  /** Elements with a position that serve no ground by themselves. */
  private readonly others = new Map<ElementNode, LonLat>()
  private readonly pending = new Set<ElementNode>()
  /** Who changed since `takeChanged`, and how they and their neighbours served before. */
  private readonly touched = new Set<ElementNode>()
  private readonly former = new Map<ElementNode, Serving | undefined>()
  /** Counted when they are asked for, after every change of the inventory. */
  private readonly siteCounts = new Map<string | undefined, number>()
  private rulesChanged = false
  private ruleset: Ruleset

  constructor(ruleset: Ruleset) {
    this.ruleset = ruleset
  }

  /** The element, or what it inherits from, has changed. Taken in with the next `settle`. */
  touch(node: ElementNode): void {
    this.expect(node)
    for (const child of node.children) if (child.element?.location === undefined) this.expect(child)
  }

  /** Everything is measured anew with the next `settle`. */
  useRules(ruleset: Ruleset): void {
    this.ruleset = ruleset
    for (const node of this.items.keys()) this.pending.add(node)
    this.rulesChanged = true
  }

  /** Takes in what changed. When that is done shows in no answer of `takeChanged`. */
  settle(): void {
    if (this.pending.size > 0) this.siteCounts.clear()
    if (this.pending.size >= rebuildFrom || (this.rulesChanged && this.pending.size > 0))
      return this.rebuild()
    for (const node of this.pending) this.mend(node)
    this.pending.clear()
  }

  /** The boxes whose hits may differ from what they were at the last call, or `all`. */
  takeChanged(): readonly Box[] | 'all' {
    if (this.touched.size === 0 && !this.rulesChanged) return []
    this.settle()
    const all = this.rulesChanged || this.touched.size >= rebuildFrom
    const boxes = [...this.former].flatMap(([node, before]) => {
      const now = this.items.get(node)?.serving
      const same = !this.touched.has(node) && before !== undefined && now !== undefined && alike(before, now)
      return same ? [] : [before, now].flatMap((item) => (item === undefined ? [] : [boxOfServing(item)]))
    })
    this.touched.clear()
    this.former.clear()
    this.rulesChanged = false
    return all ? 'all' : boxes
  }

  /** Elements serving a place that is known to within `uncertaintyMeters`. */
  hits(
    point: LonLat,
    uncertaintyMeters: number,
    network: string | undefined,
    service: Service | undefined,
  ): Served {
    const boxes = turnsOf(boxAround(point, uncertaintyMeters * this.ruleset.places.tailFactor))
    const servings: Serving[] = []
    for (const [name, tree] of this.trees)
      if (network === undefined || name === network || name === '')
        for (const serving of searchAll(tree, boxes)) servings.push(serving)
    return hitsAmong(servings, point, uncertaintyMeters, service, this.ruleset)
  }

  /** How an element serves the ground around it, if it does. */
  servingOf(node: ElementNode): Serving | undefined {
    return this.items.get(node)?.serving
  }

  /** How many sites serve, of one network or of all. */
  sitesOf(network: string | undefined): number {
    if (this.siteCounts.size === 0)
      for (const [node, item] of this.items) {
        if (siteOf(node) !== node) continue
        for (const name of [item.network, undefined])
          this.siteCounts.set(name, (this.siteCounts.get(name) ?? 0) + 1)
      }
    return this.siteCounts.get(network) ?? 0
  }

  /** Elements that stand in a box, whatever they serve. */
  standingIn(box: Box): { readonly node: ElementNode; readonly point: LonLat }[] {
    this.settle()
    const isIn = ([lon, lat]: LonLat): boolean =>
      lon >= box[0] && lat >= box[1] && lon <= box[2] && lat <= box[3]
    return [
      ...[...this.trees.values()].flatMap((tree) =>
        searchAll(tree, [box]).filter(({ point }) => isIn(point)),
      ),
      ...[...this.others].flatMap(([node, point]) => (isIn(point) ? [{ node, point }] : [])),
    ]
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

  private expect(node: ElementNode): void {
    this.pending.add(node)
    this.touched.add(node)
    this.remember(node)
  }

  private remember(node: ElementNode): void {
    if (!this.former.has(node)) this.former.set(node, this.items.get(node)?.serving)
  }

  /** Where it serves from, if it serves ground of its own; notes where it stands in any case. */
  private stand(node: ElementNode): { readonly network: string; readonly point: LonLat } | undefined {
    const network = networkOf(node)
    const point = pointOf(node) ?? middleOf(node)
    const serves = network !== undefined && servesGround(node)
    if (network === undefined || point === undefined || serves) this.others.delete(node)
    else this.others.set(node, point)
    return serves && point !== undefined ? { network, point } : undefined
  }

  private rebuild(): void {
    for (const node of this.pending) {
      this.items.delete(node)
      const standing = this.stand(node)
      if (standing === undefined) continue
      const { network, point } = standing
      // The final coverage follows once all neighbours are in; until then the point alone is indexed.
      this.items.set(node, {
        network,
        serving: servingBy(node, point, { kind: 'radius', radiusMeters: 1 }, 0),
      })
    }
    this.pending.clear()
    this.load()
    for (const [node, { network, serving: old }] of this.items)
      this.items.set(node, {
        network,
        serving: measure(node, old.point, this.trees.get(network), this.ruleset),
      })
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

  private mend(node: ElementNode): void {
    const old = this.items.get(node)
    if (old !== undefined) {
      this.trees.get(old.network)?.remove(old.serving)
      this.items.delete(node)
      this.mendNeighbours(old.network, old.serving.point)
    }
    const standing = this.stand(node)
    if (standing === undefined) return
    this.place(node, standing.network, standing.point)
    this.mendNeighbours(standing.network, standing.point)
  }

  private mendNeighbours(network: string, point: LonLat): void {
    const tree = this.trees.get(network)
    const [lon, lat] = point
    for (const neighbour of tree === undefined ? [] : searchAll(tree, turnsOf([lon, lat, lon, lat]))) {
      if (neighbour.reachMeters === 0 || distanceMeters(neighbour.point, point) > neighbour.reachMeters)
        continue
      this.remember(neighbour.node)
      tree?.remove(neighbour)
      this.place(neighbour.node, network, neighbour.point)
    }
  }

  private place(node: ElementNode, network: string, point: LonLat): void {
    let tree = this.trees.get(network)
    const item = measure(node, point, tree, this.ruleset)
    if (tree === undefined) this.trees.set(network, (tree = new RBush<Serving>()))
    tree.insert(item)
    this.items.set(node, { network, serving: item })
  }
}

/** The middle of a stated polygon, for what serves ground and has no position. */
function middleOf({ element }: ElementNode): LonLat | undefined {
  if (element?.coverage?.kind !== 'polygon') return undefined
  const [west, south, east, north] = boxOfRing(element.coverage.ring)
  return [(west + east) / 2, (south + north) / 2]
}

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
