import { ElementNode, type Relation, type Through, type Upstream } from './model.ts'
import type { ElementChanged, ElementLink, ElementRegistered } from '../../schemas/element.ts'

/** How far a failure is followed; deeper chains are taken as unrelated. */
const maxUpstream = 64
const maxDependents = 100_000
const maxRing = 512

/**
 * The element graph: one parent for display, typed links beside it. Both carry failures down. What names an element
 * before it is registered is kept, so that the order of arrival does not matter.
 */
export class Topology {
  readonly nodes = new Map<string, ElementNode>()
  /** Grows with every change of the graph. */
  version = 0

  node(id: string): ElementNode | undefined {
    return this.nodes.get(id)
  }

  register(element: ElementRegistered): ElementNode {
    const node = this.nodeNamed(element.elementId)
    node.element = element
    this.setParent(node, element.parent)
    return node
  }

  change({ elementId, set, unset }: ElementChanged): ElementNode | undefined {
    const node = this.nodes.get(elementId)
    if (node?.element === undefined) return undefined
    // What was stored holds no undefined members; zod's partial types cannot say so.
    const changed = { ...node.element, ...set } as ElementRegistered
    for (const field of unset ?? []) delete changed[field]
    return this.register(changed)
  }

  retire(elementId: string): ElementNode | undefined {
    const node = this.nodes.get(elementId)
    if (node?.element === undefined) return undefined
    node.element = undefined
    this.setParent(node, undefined)
    return node
  }

  link({ elementId, dependsOn, relation }: ElementLink): ElementNode {
    const [client, supplier] = [this.nodeNamed(elementId), this.nodeNamed(dependsOn)]
    if (relation === 'ringNeighbour') {
      client.ringNeighbours.add(supplier)
      supplier.ringNeighbours.add(client)
    } else {
      client.suppliers.set(supplier, relation)
      supplier.clients.add(client)
    }
    this.version += 1
    return client
  }

  unlink({ elementId, dependsOn, relation }: ElementLink): ElementNode {
    const [client, supplier] = [this.nodeNamed(elementId), this.nodeNamed(dependsOn)]
    if (relation === 'ringNeighbour') {
      client.ringNeighbours.delete(supplier)
      supplier.ringNeighbours.delete(client)
    } else if (client.suppliers.get(supplier) === relation) {
      client.suppliers.delete(supplier)
      supplier.clients.delete(client)
    }
    this.version += 1
    return client
  }

  /** What the element depends on, itself left out, nearest first. */
  upstreamOf(node: ElementNode): readonly Upstream[] {
    this.refresh(node)
    return node.cachedUpstream
  }

  /** What depends on the element, itself first. */
  dependentsOf(node: ElementNode): readonly ElementNode[] {
    this.refresh(node)
    return node.cachedDependents
  }

  /** The elements of a ring that can be reached from one of them, itself first. */
  ringOf(node: ElementNode): readonly ElementNode[] {
    const ring = new Set([node])
    for (const member of ring) {
      if (ring.size >= maxRing) break
      for (const neighbour of member.ringNeighbours) ring.add(neighbour)
    }
    return [...ring]
  }

  /** The node of that name, made where nothing has named it before. */
  nodeNamed(id: string): ElementNode {
    const known = this.nodes.get(id)
    if (known !== undefined) return known
    const node = new ElementNode(id)
    this.nodes.set(id, node)
    return node
  }

  /** Forgets a node that is only a name, and that no other node, cause or complaint holds to. */
  forgetBare(node: ElementNode): void {
    const held =
      node.element !== undefined ||
      node.parent !== undefined ||
      [node.children, node.suppliers, node.clients, node.ringNeighbours, node.complaints].some(
        ({ size }) => size > 0,
      ) ||
      node.causes.length > 0
    if (!held && this.nodes.get(node.id) === node) this.nodes.delete(node.id)
  }

  private setParent(node: ElementNode, parentId: string | undefined): void {
    const former = node.parent
    const parent = parentId === undefined || parentId === node.id ? undefined : this.nodeNamed(parentId)
    if (parent === former) return
    node.parent = parent
    former?.children.delete(node)
    parent?.children.add(node)
    this.version += 1
  }

  private refresh(node: ElementNode): void {
    if (node.cachedVersion === this.version) return
    node.cachedVersion = this.version
    node.cachedUpstream = walkUp(node)
    node.cachedDependents = walkDown(node)
  }
}

function walkUp(start: ElementNode): readonly Upstream[] {
  const found: Upstream[] = []
  const seen = new Set([start])
  const visit = (node: ElementNode | undefined, through: Through): void => {
    if (node === undefined || seen.has(node) || found.length >= maxUpstream) return
    seen.add(node)
    found.push({ node, through })
  }
  // Breadth first over the growing list: nearest suppliers come first, and power stays power all the way up.
  for (let at = -1; at < found.length; at += 1) {
    const from = at < 0 ? { node: start, through: 'upstream' as const } : found[at]
    if (from === undefined) break
    visit(from.node.parent, from.through)
    for (const [supplier, relation] of [...from.node.suppliers].sort(byNodeId))
      visit(supplier, relation === 'powers' ? 'power' : from.through)
  }
  return found
}

function walkDown(start: ElementNode): readonly ElementNode[] {
  const found = new Set([start])
  for (const node of found) {
    if (found.size >= maxDependents) break
    for (const child of node.children) found.add(child)
    for (const client of node.clients) found.add(client)
  }
  return [...found]
}

const byNodeId = ([a]: [ElementNode, Relation], [b]: [ElementNode, Relation]): number =>
  a.id < b.id ? -1 : 1
