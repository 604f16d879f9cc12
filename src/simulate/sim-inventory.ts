import type { LonLat } from '../../schemas/geo.ts'
import { flatMeters } from './flat-earth.ts'
import type { FeedEvent, SentData } from './feed-event.ts'
import { grouped } from './grouped.ts'
import { createPointGrid, type PointGrid } from './point-grid.ts'

/** Registrations and links, in the order in which they are sent. */
export type InventoryEvent = FeedEvent<'ElementRegistered'> | FeedEvent<'ElementLinked'>

export interface SimCell {
  readonly id: string
  readonly azimuthDegrees?: number
}

export interface SimSite {
  readonly id: string
  readonly name: string
  readonly point: LonLat
  readonly network: string
  readonly cells: readonly SimCell[]
  readonly aggregationId?: string
  readonly powerId?: string
  /** Mean distance to the three nearest sites of its network, 300 m to 10 km. */
  readonly radiusMeters: number
  /** Itself and its nearest neighbours in the network: who else could serve a customer here. */
  readonly rivals: readonly { readonly id: string; readonly point: LonLat }[]
}

/** A named place that customers know. */
export interface SimPlace {
  readonly id: string
  readonly name: string
  readonly point: LonLat
  readonly kind: string
}

export interface SimInventory {
  readonly events: readonly InventoryEvent[]
  readonly sites: readonly SimSite[]
  readonly siteById: ReadonlyMap<string, SimSite>
  readonly siteGrid: PointGrid<SimSite>
  readonly networks: readonly string[]
  readonly sitesOfAggregation: ReadonlyMap<string, readonly SimSite[]>
  readonly sitesOfPower: ReadonlyMap<string, readonly SimSite[]>
}

const rivalCount = 9
const minRadiusMeters = 300
const maxRadiusMeters = 10_000
const soleNetwork = 'network'

/**
 * The network behind a list of registrations and links. Sites hang on aggregation elements by `parent` and on power
 * elements by `powers` links. Throws where no site has a position: nothing could be simulated.
 */
export function simInventory(events: readonly InventoryEvent[]): SimInventory {
  const elements = new Map<string, SentData<'ElementRegistered'>>()
  const powerOf = new Map<string, string>()
  const cellsOf = new Map<string, SimCell[]>()
  for (const event of events) {
    if (event.type === 'ElementLinked') {
      if (event.data.relation === 'powers') powerOf.set(event.data.elementId, event.data.dependsOn)
      continue
    }
    elements.set(event.data.elementId, event.data)
    if (event.data.kind === 'cell' && event.data.parent !== undefined) {
      const cell = { id: event.data.elementId, ...azimuthOf(event.data) }
      cellsOf.set(event.data.parent, [...(cellsOf.get(event.data.parent) ?? []), cell])
    }
  }
  const bare = [...elements.values()].flatMap((element) => {
    if (element.kind !== 'site' || element.location === undefined) return []
    const point: LonLat = [element.location.point[0], element.location.point[1]]
    return [
      { id: element.elementId, name: element.name, point, network: element.network ?? soleNetwork, element },
    ]
  })
  if (bare.length === 0) throw new RangeError('the inventory holds no site with a position')
  const sites = bare.map(({ element, ...site }): SimSite => {
    const parent = element.parent === undefined ? undefined : elements.get(element.parent)
    const power = powerOf.get(site.id)
    return {
      ...site,
      ...neighbourhood(site, bare),
      cells: cellsOf.get(site.id) ?? [],
      ...(parent?.kind === 'aggregation' ? { aggregationId: parent.elementId } : {}),
      ...(power === undefined ? {} : { powerId: power }),
    }
  })
  return {
    events,
    sites,
    siteById: new Map(sites.map((site) => [site.id, site])),
    siteGrid: createPointGrid(sites, (site) => site.point),
    networks: [...new Set(sites.map((site) => site.network))].sort(),
    sitesOfAggregation: grouped(
      sites.filter((site) => site.aggregationId !== undefined),
      (site) => site.aggregationId ?? '',
    ),
    sitesOfPower: grouped(
      sites.filter((site) => site.powerId !== undefined),
      (site) => site.powerId ?? '',
    ),
  }
}

function azimuthOf(cell: SentData<'ElementRegistered'>): { azimuthDegrees?: number } {
  const azimuth =
    cell.coverage?.kind === 'sector' ? cell.coverage.azimuthDegrees : cell.attributes?.['azimuthDegrees']
  return typeof azimuth === 'number' ? { azimuthDegrees: azimuth } : {}
}

interface BareSite {
  readonly id: string
  readonly point: LonLat
  readonly network: string
}

function neighbourhood(site: BareSite, all: readonly BareSite[]): Pick<SimSite, 'radiusMeters' | 'rivals'> {
  const others = all
    .filter((other) => other.network === site.network && other.id !== site.id)
    .map((other) => ({ id: other.id, point: other.point, meters: flatMeters(site.point, other.point) }))
    .sort((a, b) => a.meters - b.meters)
    .slice(0, rivalCount - 1)
  const nearest = others.slice(0, 3)
  const mean = nearest.reduce((sum, { meters }) => sum + meters, 0) / Math.max(1, nearest.length)
  return {
    radiusMeters: Math.min(maxRadiusMeters, Math.max(minRadiusMeters, mean)),
    rivals: [site, ...others].map(({ id, point }) => ({ id, point })),
  }
}
