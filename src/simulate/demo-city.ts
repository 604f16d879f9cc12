import type { LonLat } from '../../schemas/geo.ts'
import { districtNames, estateNames, landmarkNames, streetNames } from './city-names.ts'
import { between, chance, normal, pick } from './draws.ts'
import { feedEvent, type SentData, type SimulatedEvent } from './feed-event.ts'
import { flatMeters, moved } from './flat-earth.ts'
import { presets } from './presets.ts'
import { createRandom, type Random } from './random.ts'
import { gapReports } from './simulate-day.ts'
import { simInventory, type InventoryEvent, type SimPlace } from './sim-inventory.ts'
import { simWorld, type SimWorld } from './sim-world.ts'
import { withUpstream } from './upstream.ts'
import type { SimulationParams } from './sim-params.ts'

/** Everything of the city is said to have been registered then, so that it is the same at every start. */
export const cityRegisteredMs = Date.UTC(2026, 0, 1)

const center: LonLat = [113.33, 23.13]
const siteCount = 150
const placeCount = 420
const networks = ['gz-mobile', 'gz-unicom'] as const
/** The first has the larger part of the sites. */
const firstNetworkShare = 0.67
const quarters = 9
const quarterSpreadMeters = 900
const cityRadiusMeters = 5500
const leastApartMeters = 180
const source = 'inventory'

/** The built-in city: what it registers, where coverage is missing, and the names that its people use for places. */
export interface DemoCity {
  readonly inventory: readonly InventoryEvent[]
  readonly gaps: readonly SimulatedEvent[]
  readonly places: readonly SimPlace[]
  readonly world: SimWorld
}

/** About 150 sites of two operators under aggregation elements and a core each. The same seed gives the same city. */
export function demoCity(seed: string, params: SimulationParams = presets.demo): DemoCity {
  const random = createRandom(`city/${seed}`)
  const middles = Array.from({ length: quarters }, () => near(center, cityRadiusMeters / 2, random))
  const places = placesOf(middles, random)
  const sites = sitesOf(places, random)
  const inventory = withUpstream(sites, { registeredMs: cityRegisteredMs, source })
  const world = simWorld(params, simInventory(inventory), createRandom(`life/${seed}`), places)
  return { inventory, gaps: gapReports(world, cityRegisteredMs), places, world }
}

function near(point: LonLat, meters: number, random: Random): LonLat {
  return moved(point, normal(random, meters), normal(random, meters))
}

function placesOf(middles: readonly LonLat[], random: Random): SimPlace[] {
  const unused = {
    street: shuffled(streetNames, random),
    // The domain's own example comes first, in every city.
    estate: ['白马花园', ...shuffled(estateNames, random).filter((name) => name !== '白马花园')],
    landmark: shuffled(landmarkNames, random),
  }
  const places: SimPlace[] = []
  for (let index = 0; index < placeCount; index += 1) {
    const kind = index === 0 ? 'estate' : pick(random, ['street', 'street', 'estate', 'landmark'] as const)
    const name = unused[kind].shift()
    if (name === undefined) continue
    const point = near(pick(random, middles), quarterSpreadMeters, random)
    places.push({ id: `place-${index + 1}`, name, kind, point })
  }
  return places
}

function shuffled(names: readonly string[], random: Random): string[] {
  return names
    .map((name) => ({ name, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name)
}

/** Sites stand beside places and are named after them; each has three sectors. */
function sitesOf(places: readonly SimPlace[], random: Random): InventoryEvent[] {
  const register = (data: SentData<'ElementRegistered'>): InventoryEvent =>
    feedEvent('ElementRegistered', source, cityRegisteredMs, cityRegisteredMs, data.elementId, data)
  const standing: { readonly point: LonLat; readonly network: string }[] = []
  const events: InventoryEvent[] = []
  for (const place of places) {
    if (standing.length >= siteCount) break
    const point = near(place.point, 60, random)
    const network = chance(random, firstNetworkShare) ? networks[0] : networks[1]
    const crowded = standing.some(
      (other) => other.network === network && flatMeters(other.point, point) < leastApartMeters,
    )
    if (crowded) continue
    standing.push({ point, network })
    const elementId = `GZ${String(standing.length).padStart(4, '0')}`
    const common = {
      network,
      services: ['mobile' as const],
      technology: 'LTE',
      location: { point: [point[0], point[1]] as [number, number] },
    }
    const subscribers = Math.round(between(random, 600, 4200))
    const district = pick(random, districtNames)
    events.push(
      register({
        elementId,
        kind: 'site',
        name: place.name,
        elementType: 'eNodeB',
        ...common,
        subscribers,
        attributes: { district },
      }),
    )
    const turn = Math.floor(between(random, 0, 120))
    for (const sector of [1, 2, 3]) {
      const attributes = { azimuthDegrees: (turn + 120 * (sector - 1)) % 360 }
      const name = `${place.name}-${sector}`
      events.push(
        register({
          elementId: `${elementId}-${sector}`,
          kind: 'cell',
          name,
          parent: elementId,
          ...common,
          attributes,
        }),
      )
    }
  }
  return events
}
