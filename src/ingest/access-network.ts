import type { Fields } from './column-mapping.ts'
import type { InventoryFact } from './element-rows.ts'
import { immediateDominators } from './immediate-dominators.ts'
import { present } from './draft.ts'

export const accessNodeFields = [
  'node',
  'type',
  'vendor',
  'cluster',
  'district',
  'block',
  'gp',
  'ring_name',
  'is_block_router',
  'location_id',
] as const
export const accessLinkFields = ['a', 'b', 'physical_ring', 'logical_ring', 'id'] as const
export const accessUpsFields = ['router', 'ups'] as const

const kindOf: Readonly<Record<string, string>> = {
  BLOCK_ROUTER: 'aggregation',
  GP_ROUTER: 'transport',
  BLOCK_UPS: 'power',
  GP_UPS: 'power',
  SNOC_UPS: 'power',
  RFDevice: 'transport',
  ODU: 'transport',
  RF: 'transport',
  Amplifier: 'transport',
}

export interface AccessNetwork {
  readonly nodes: readonly Fields[]
  /** `a`, `b`: neighbours on a logical ring. */
  readonly links: readonly Fields[]
  /** `router`, `ups`. */
  readonly power: readonly Fields[]
}

/**
 * A fibre access network: routers on rings that block routers close, each router with a UPS. What depends on what is not
 * in the files; it follows from the logical links, because traffic leaves a block only through its block router:
 *
 * - neighbours on a ring are `ringNeighbour` of each other, one link a pair;
 * - a node is fed (`feeds`) by the nearest node through which *every* path to a block router leads: on a ring that one
 *   block router closes that is the block router, on a spur the router that it hangs on. What reaches two block routers
 *   by separate ways is fed by neither, for it survives the loss of one;
 * - a router depends on each of its UPS (`powers`);
 * - the parent is the block router that all paths lead through, for a UPS that of its router; the others have none. The
 *   block named in the file stays an attribute: it says where a node stands, not what carries it.
 */
export function accessNetworkFacts({ nodes, links, power }: AccessNetwork): InventoryFact[] {
  const neighbours = new Map<string, Set<string>>()
  const join = (from: string, to: string): void => {
    const known = neighbours.get(from) ?? new Set()
    neighbours.set(from, known.add(to))
  }
  for (const { a, b } of links) {
    if (a === undefined || b === undefined) continue
    join(a, b)
    join(b, a)
  }
  const gateways = nodes.flatMap(({ node, type }) =>
    node !== undefined && type === 'BLOCK_ROUTER' ? [node] : [],
  )
  const fedBy = immediateDominators(gateways, (node) => neighbours.get(node) ?? [])
  const gatewayOf = (node: string | undefined): string | undefined => {
    let at = node === undefined ? undefined : fedBy.get(node)
    for (let up = at; up !== undefined; up = fedBy.get(up)) at = up
    return at
  }
  const routerOf = new Map(power.map(({ router, ups }) => [ups, router]))
  const parentOf = (node: string | undefined): string | undefined => {
    const router = routerOf.get(node)
    // A UPS of the block router itself hangs on that.
    return gatewayOf(node) ?? gatewayOf(router) ?? (gateways.includes(router ?? '') ? router : undefined)
  }
  return [
    ...nodes.map((fields) => nodeFact(fields, parentOf(fields['node']))),
    ...feeds(fedBy),
    ...ringPairs(neighbours),
    ...power.map(({ router, ups }) => link(router, ups, 'powers')),
  ]
}

function nodeFact(fields: Fields, parent: string | undefined): InventoryFact {
  const { node, type, vendor, cluster, district, gp, ring_name: ring, location_id: locationId } = fields
  // Some blocks are written with the number of their place before them: "576:::Jagdalpur".
  const block = fields['block']?.replace(/^\d+:::/, '')
  return {
    type: 'ElementRegistered',
    data: {
      elementId: node,
      kind: kindOf[type ?? ''] ?? 'other',
      name: gp === undefined ? (node ?? '') : `${gp} (${node})`,
      elementType: type,
      services: kindOf[type ?? ''] === 'power' ? undefined : ['broadband'],
      parent,
      attributes: present({ vendor, cluster, district, block, gp, ring, locationId }),
    },
  }
}

function feeds(fedBy: ReadonlyMap<string, string | undefined>): InventoryFact[] {
  return [...fedBy].flatMap(([node, feeder]) => (feeder === undefined ? [] : [link(node, feeder, 'feeds')]))
}

/** One link a pair, as the relation holds both ways. A node at the end of a spur is on no ring. */
function ringPairs(neighbours: ReadonlyMap<string, ReadonlySet<string>>): InventoryFact[] {
  const isEnd = (node: string): boolean => (neighbours.get(node)?.size ?? 0) < 2
  return [...neighbours].flatMap(([node, others]) =>
    [...others].flatMap((other) =>
      node < other && !isEnd(node) && !isEnd(other) ? [link(node, other, 'ringNeighbour')] : [],
    ),
  )
}

function link(elementId: string | undefined, dependsOn: string | undefined, relation: string): InventoryFact {
  return { type: 'ElementLinked', data: { elementId, dependsOn, relation } }
}
