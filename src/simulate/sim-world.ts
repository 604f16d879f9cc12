import type { SentData } from './feed-event.ts'
import { between, chance, exponential, integerBetween, noiseFactor, normal, pick } from './draws.ts'
import { flatMeters, moved } from './flat-earth.ts'
import { createPointGrid, type PointGrid } from './point-grid.ts'
import type { Random } from './random.ts'
import type { SimInventory, SimPlace, SimSite } from './sim-inventory.ts'
import type { SimulationParams } from './sim-params.ts'
import type { LonLat } from '../../schemas/geo.ts'

/** A place without usable signal, reported or not. */
export interface SimGap {
  readonly id: string
  readonly report: SentData<'CoverageGapReported'>
  readonly network: string
  readonly center: LonLat
  readonly radiusMeters: number
  readonly hidden: boolean
}

/** Everything that stands still while the day goes by. */
export interface SimWorld {
  readonly params: SimulationParams
  readonly inventory: SimInventory
  readonly random: Random
  readonly places: readonly SimPlace[]
  readonly placeGrid: PointGrid<SimPlace>
  /** District centres that stand for addresses which nobody looked up. */
  readonly defaultGeocodes: readonly SimPlace[]
  readonly gaps: readonly SimGap[]
  /** How many customers a site has, as a multiple of the mean. */
  readonly weightOf: ReadonlyMap<string, number>
}

const sitesPerDefaultGeocode = 60

/** `places` are what customers name; left out, they are made around the sites and named after them. */
export function simWorld(
  params: SimulationParams,
  inventory: SimInventory,
  random: Random,
  places: readonly SimPlace[] = placesAround(inventory, random.fork('places')),
): SimWorld {
  const weights = random.fork('weights')
  const geocodes = random.fork('geocodes')
  const defaultGeocodes = Array.from(
    { length: Math.max(2, Math.round(inventory.sites.length / sitesPerDefaultGeocode)) },
    (_, index): SimPlace => {
      const site = pick(geocodes, inventory.sites)
      const point = moved(site.point, normal(geocodes, 200), normal(geocodes, 200))
      return { id: `district-${index + 1}`, name: `District ${index + 1}`, point, kind: 'district' }
    },
  )
  return {
    params,
    inventory,
    random,
    places,
    placeGrid: createPointGrid(places, (place) => place.point),
    defaultGeocodes,
    gaps: gapsOf(params, inventory, random.fork('gaps')),
    weightOf: new Map(inventory.sites.map((site) => [site.id, noiseFactor(weights, 0.5)])),
  }
}

/** A street on one side of every site and, for every other, an estate further off. */
function placesAround(inventory: SimInventory, random: Random): SimPlace[] {
  return inventory.sites.flatMap((site, index) => {
    const near = (name: string, kind: string, meters: number): SimPlace => ({
      id: `${kind}-${index + 1}`,
      name,
      kind,
      point: moved(site.point, normal(random, meters), normal(random, meters)),
    })
    const street = near(`${site.name} Road`, 'street', 250)
    return chance(random, 0.5) ? [street, near(`${site.name} Estate`, 'estate', 450)] : [street]
  })
}

function gapsOf(params: SimulationParams, inventory: SimInventory, random: Random): SimGap[] {
  const count = Math.round((inventory.sites.length * params.gapsPerHundredSites) / 100)
  return Array.from({ length: count }, (_, index) => {
    const site = pick(random, inventory.sites)
    const bearing = between(random, 0, 2 * Math.PI)
    const away = site.radiusMeters * between(random, 0.4, 1.1)
    const center = moved(site.point, away * Math.sin(bearing), away * Math.cos(bearing))
    const radiusMeters = Math.round(Math.min(900, 120 + exponential(random, 180)))
    const id = `GAP-${String(index + 1).padStart(4, '0')}`
    return {
      id,
      center,
      radiusMeters,
      network: site.network,
      hidden: chance(random, params.hiddenGapShare),
      report: gapReport(id, site, center, radiusMeters, random),
    }
  })
}

const reasons = [
  { kind: 'owner-refuses', text: '物业不同意安装设备' },
  { kind: 'terrain', text: '地形遮挡' },
  { kind: 'building', text: '建筑物密集' },
  { kind: 'capacity', text: '容量不足' },
  { kind: 'no-site-yet', text: '尚无基站' },
] as const

function gapReport(
  gapId: string,
  site: SimSite,
  center: LonLat,
  radiusMeters: number,
  random: Random,
): SentData<'CoverageGapReported'> {
  const reason = pick(random, reasons)
  const remedy = chance(random, 0.6)
    ? {
        kind: pick(random, ['planned-site', 'optimisation-project', 'repeater'] as const),
        reference: `P-${integerBetween(random, 1000, 9999)}`,
      }
    : { kind: 'none' as const }
  return {
    gapId,
    kind: chance(random, 0.5) ? 'blind-spot' : 'weak-signal',
    name: `${site.name} ${flatMeters(site.point, center) > site.radiusMeters ? '外围' : '周边'}`,
    area: { kind: 'circle', center: [center[0], center[1]], radiusMeters },
    network: site.network,
    services: ['mobile'],
    ...(chance(random, 0.35)
      ? { setting: pick(random, ['indoor', 'basement-or-lift', 'outdoor'] as const) }
      : {}),
    reason,
    remedy,
  }
}
