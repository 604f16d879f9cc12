import type { LonLat } from '../../schemas/geo.ts'
import { flatMeters } from '../../src/simulate/flat-earth.ts'
import type { Reach } from '../../src/simulate/incident.ts'
import { pointWithin } from '../../src/simulate/reach-point.ts'
import type { SimWorld } from '../../src/simulate/sim-world.ts'
import { homeErrorMeters, namingWeight, nearestDefault } from '../../src/simulate/telling.ts'
import type { ToldComplaint } from '../../src/simulate/summary.ts'

/** Points drawn for one reach; the figures of an oracle vary in the third place with it. */
const pointsPerReach = 400
/** Smooths the drawn points, so that a few hundred stand for all. */
const blurMeters = 50
/** So far away the density is flat, and a few of the points will do. */
const fewPointsBeyondMeters = 4000
const fewPoints = 25

type Told = ToldComplaint['event']['data']

/** How likely the stated place and the last serving cell are, of a customer whom a reach holds. */
export interface PlaceLikelihood {
  /** Per square metre for points, absolute for names; the same measure for every reach, so ratios are right. */
  place(reachKey: string, reach: Reach, told: Told['place']): number
  servedBy(reachKey: string, reach: Reach, network: string, servedBy: string | undefined): number
}

/** By drawing points from the simulator's own distribution and averaging its own density of what is said of each. */
export function placeLikelihood(world: SimWorld): PlaceLikelihood {
  const { telling } = world.params
  const points = cached((key: string, reach: Reach) => {
    const random = world.random.fork(`oracle/${key}`)
    return Array.from({ length: pointsPerReach }, () => pointWithin(world, reach, random))
  })
  const named = cached((key: string, reach: Reach) => {
    const shares = new Map<string, number>()
    for (const point of points(key, reach)) {
      const near = world.placeGrid.within(point, telling.namedLimitMeters)
      const weights = near.map(({ meters }) => namingWeight(world, meters))
      const sum = weights.reduce((total, weight) => total + weight, 0)
      for (const [index, { item }] of near.entries())
        shares.set(item.id, (shares.get(item.id) ?? 0) + (weights[index] ?? 0) / sum / pointsPerReach)
    }
    return shares
  })
  const defaultShares = cached((key: string, reach: Reach) => {
    const shares = new Map<string, number>()
    for (const point of points(key, reach)) {
      const at = nearestDefault(world, point)?.point.join() ?? ''
      shares.set(at, (shares.get(at) ?? 0) + 1 / pointsPerReach)
    }
    return shares
  })
  const servers = cached((key: string, reach: Reach, network: string) => {
    const shares = new Map<string, number>()
    for (const point of points(key, reach)) {
      const nearest = world.inventory.siteGrid
        .within(point, 5000)
        .find(({ item }) => item.network === network)
      if (nearest === undefined) continue
      shares.set(nearest.item.id, (shares.get(nearest.item.id) ?? 0) + 1 / pointsPerReach)
    }
    return shares
  })
  const mean = (key: string, reach: Reach, at: LonLat, density: (meters: number) => number): number => {
    const drawn = points(key, reach)
    const [first] = drawn
    const few = first !== undefined && flatMeters(first, at) > fewPointsBeyondMeters
    const used = few ? drawn.slice(0, fewPoints) : drawn
    return used.reduce((sum, point) => sum + density(flatMeters(point, at)), 0) / used.length
  }

  return {
    place: (key, reach, told) => {
      if (told === undefined) return telling.place.none
      const at: LonLat = [told.location.point[0], told.location.point[1]]
      if (told.source === 'map')
        return telling.place.map * mean(key, reach, at, (meters) => bell(meters, telling.mapErrorMeters))
      if (told.source === 'home') {
        const wrong = telling.wrongHomeShare
        const density = (meters: number): number =>
          (1 - wrong) * bell(meters, homeErrorMeters) + wrong * bell(meters, telling.wrongHomeMeters)
        return telling.place.home * mean(key, reach, at, density)
      }
      if (told.placeId !== undefined) return telling.place.named * (named(key, reach).get(told.placeId) ?? 0)
      return telling.place['default-geocode'] * (defaultShares(key, reach).get(at.join()) ?? 0)
    },
    servedBy: (key, reach, network, servedBy) => {
      if (servedBy === undefined) return 1
      if (reach.kind === 'site') return servedBySite(world, reach.siteId, reach.cellId, servedBy)
      let sum = 0
      for (const [siteId, share] of servers(key, reach, network))
        sum += share * servedBySite(world, siteId, undefined, servedBy)
      return sum
    },
  }
}

function servedBySite(world: SimWorld, siteId: string, cellId: string | undefined, servedBy: string): number {
  const { siteById } = world.inventory
  const { servedByRight } = world.params.telling
  const site = siteById.get(siteId)
  if (site === undefined) return 0
  const oneOf = (id: string, cells: readonly { readonly id: string }[]): number => {
    if (cells.length === 0) return id === servedBy ? 1 : 0
    return cells.some((cell) => cell.id === servedBy) ? 1 / cells.length : 0
  }
  const own = cellId === undefined ? oneOf(site.id, site.cells) : cellId === servedBy ? 1 : 0
  const rivals = site.rivals.filter(({ id }) => id !== siteId)
  if (rivals.length === 0) return own
  const others =
    rivals.reduce((sum, { id }) => sum + oneOf(id, siteById.get(id)?.cells ?? []), 0) / rivals.length
  return servedByRight * own + (1 - servedByRight) * others
}

/** The density per square metre of a circular normal distribution, blurred. */
function bell(meters: number, deviationMeters: number): number {
  const variance = deviationMeters ** 2 + blurMeters ** 2
  return Math.exp(-(meters * meters) / (2 * variance)) / (2 * Math.PI * variance)
}

function cached<T>(
  make: (key: string, reach: Reach, network: string) => T,
): (key: string, reach: Reach, network?: string) => T {
  const known = new Map<string, T>()
  return (key, reach, network = '') => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key, reach, network)
    known.set(key, made)
    return made
  }
}
