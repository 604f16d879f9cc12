import type RBush from 'rbush'
import type { Coverage } from '../../schemas/element.ts'
import type { LonLat } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { type Box, boxAround, boxOfRing, distanceMeters, turnsOf } from './geometry.ts'
import type { ElementNode } from './model.ts'

/** What one element serves, and how it is indexed. */
export interface Serving {
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
/** How an element serves: as stated, else as far as its nearest neighbours in the network's tree stand away. */
export function measure(
  node: ElementNode,
  point: LonLat,
  tree: RBush<Serving> | undefined,
  ruleset: Ruleset,
): Serving {
  const stated = node.element?.coverage
  if (stated !== undefined) return servingBy(node, point, stated, 0)
  const { radiusMeters, reachMeters } = defaultRadius(point, tree, ruleset)
  const azimuth = node.element?.attributes?.['azimuthDegrees']
  const coverage: Coverage =
    typeof azimuth === 'number'
      ? {
          kind: 'sector',
          azimuthDegrees: azimuth,
          beamDegrees: ruleset.coverage.beamDegrees,
          radiusMeters,
        }
      : { kind: 'radius', radiusMeters }
  return servingBy(node, point, coverage, reachMeters)
}

function defaultRadius(
  point: LonLat,
  tree: RBush<Serving> | undefined,
  ruleset: Ruleset,
): { radiusMeters: number; reachMeters: number } {
  const { neighbours, minRadiusMeters, maxRadiusMeters } = ruleset.coverage
  for (let within = minRadiusMeters * 4; tree !== undefined; within *= 3) {
    const distances = distinctDistances(searchAll(tree, turnsOf(boxAround(point, within))), point, within)
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

export function servingBy(
  node: ElementNode,
  point: LonLat,
  coverage: Coverage,
  reachMeters: number,
): Serving {
  const [minX, minY, maxX, maxY] =
    coverage.kind === 'polygon'
      ? boxOfRing(coverage.ring)
      : boxAround(point, Math.max(coverage.radiusMeters * outerRadius, reachMeters))
  return { minX, minY, maxX, maxY, node, point, coverage, reachMeters }
}

/** What meets any of the boxes; what meets two is named twice. */
export function searchAll(tree: RBush<Serving>, boxes: readonly Box[]): Serving[] {
  const [first, ...others] = boxes
  const found = first === undefined ? [] : searchOne(tree, first)
  return others.length === 0 ? found : found.concat(...others.map((box) => searchOne(tree, box)))
}

const searchOne = (tree: RBush<Serving>, [minX, minY, maxX, maxY]: Box): Serving[] =>
  tree.search({ minX, minY, maxX, maxY })

export const alike = (a: Serving, b: Serving): boolean =>
  a.minX === b.minX &&
  a.minY === b.minY &&
  a.maxX === b.maxX &&
  a.maxY === b.maxY &&
  a.reachMeters === b.reachMeters

export const boxOfServing = ({ minX, minY, maxX, maxY }: Serving): Box => [minX, minY, maxX, maxY]
