import type { DataOf, Event } from '../../schemas/event.ts'
import type { LonLat } from '../../schemas/geo.ts'
import type { Random } from '../../src/simulate/random.ts'
import { benchEvent } from './bench-event.ts'
import { normal, pickOf } from './draw.ts'

const center: LonLat = [113.3, 23.1]
const kmPerDegree = 111.195
const naturalSideKm = 200
const naturalSites = 20_000
export const sitesPerController = 40
/** Two in three sites stand in towns, at most about three on a square kilometre. */
const townShare = 2 / 3
const sitesPerTown = 220
const townSpreadKm = 3.5
/** Troubles gather in these towns. */
const troubledTownShare = 0.06

export interface Site {
  readonly id: string
  readonly controller: string
  readonly point: LonLat
  readonly inTown: boolean
  readonly troubled: boolean
}

export function drawSites(count: number, random: Random): Site[] {
  const sideKm = naturalSideKm * Math.sqrt(count / naturalSites)
  const anywhereKm = (): number => (random.next() - 0.5) * sideKm
  const townCount = Math.max(1, Math.round((count * townShare) / sitesPerTown))
  const towns = Array.from({ length: townCount }, (_, at) => ({
    eastKm: anywhereKm(),
    northKm: anywhereKm(),
    troubled: at < Math.max(1, townCount * troubledTownShare),
  }))
  const places = Array.from({ length: count }, (): Pick<Site, 'point' | 'inTown' | 'troubled'> => {
    if (random.next() >= townShare)
      return { point: pointAt(anywhereKm(), anywhereKm()), inTown: false, troubled: false }
    const { eastKm, northKm, troubled } = pickOf(towns, random)
    const near = (km: number): number => km + normal(random) * townSpreadKm
    return { point: pointAt(near(eastKm), near(northKm)), inTown: true, troubled }
  })
  // Neighbours share a controller: in strips from south to north, within a strip from west to east.
  const strip = ([, lat]: LonLat): number => Math.floor((lat * kmPerDegree) / 10)
  places.sort((a, b) => strip(a.point) - strip(b.point) || a.point[0] - b.point[0])
  return places.map((place, at) => ({
    id: `S${at}`,
    controller: `B${Math.floor(at / sitesPerController)}`,
    ...place,
  }))
}

export function* inventoryOf(sites: readonly Site[], atMs: number): Generator<Event> {
  const registered = (elementId: string, data: Omit<DataOf<'ElementRegistered'>, 'elementId'>): Event =>
    benchEvent('ElementRegistered', elementId, atMs, atMs, { elementId, ...data })
  for (const id of new Set(sites.map(({ controller }) => controller)))
    yield registered(id, { kind: 'aggregation', name: `Controller ${id}` })
  for (const { id, controller, point } of sites) {
    yield registered(id, {
      kind: 'site',
      name: `Site ${id}`,
      services: ['mobile'],
      parent: controller,
      location: { point },
    })
  }
}

export function* gapsOf(
  gaps: number,
  sites: readonly Site[],
  atMs: number,
  random: Random,
): Generator<Event> {
  for (let at = 0; at < gaps; at += 1) {
    const middle = awayFrom(pickOf(sites, random).point, random.next() * 1_500, random.next() * 2 * Math.PI)
    const corners = 5 + Math.floor(random.next() * 4)
    const ring = Array.from({ length: corners }, (_, corner) =>
      awayFrom(middle, 200 + random.next() * 400, (corner / corners) * 2 * Math.PI),
    )
    const gapId = `G${at}`
    yield benchEvent('CoverageGapReported', gapId, atMs, atMs, {
      gapId,
      kind: 'blind-spot',
      name: `Hollow ${at}`,
      area: { kind: 'polygon', ring },
    })
  }
}

function pointAt(eastKm: number, northKm: number): LonLat {
  const lat = center[1] + northKm / kmPerDegree
  return [center[0] + eastKm / (kmPerDegree * Math.cos((lat * Math.PI) / 180)), lat].map(round7) as LonLat
}

export function awayFrom([lon, lat]: LonLat, meters: number, angle: number): LonLat {
  const degrees = meters / 1000 / kmPerDegree
  return [
    lon + (degrees * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180),
    lat + degrees * Math.sin(angle),
  ].map(round7) as LonLat
}

const round7 = (degrees: number): number => Math.round(degrees * 1e7) / 1e7
