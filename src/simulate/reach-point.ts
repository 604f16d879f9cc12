import type { LonLat } from '../../schemas/geo.ts'
import { between, normal } from './draws.ts'
import { flatMeters, moved } from './flat-earth.ts'
import type { Reach } from './incident.ts'
import type { Random } from './random.ts'
import type { SimSite } from './sim-inventory.ts'
import type { SimWorld } from './sim-world.ts'

const triesForServer = 24
/** Customers stand at a Rayleigh-distributed distance whose scale is this part of the site's radius. */
const scaleOfRadius = 0.5
const sectorDeviationDegrees = 35
const nearestMeters = 30
/** Received power falls off with this many decibels a decade of distance (3.5 is a usual exponent in cities). */
const decibelsPerDecade = 35

/** Where a customer who is hit stands: served by the site as its best server, or anywhere in the circle. */
export function pointWithin(world: SimWorld, reach: Reach, random: Random): LonLat {
  switch (reach.kind) {
    case 'site': {
      const site = world.inventory.siteById.get(reach.siteId)
      if (site === undefined) throw new RangeError(`no such site: ${reach.siteId}`)
      const azimuth = site.cells.find((cell) => cell.id === reach.cellId)?.azimuthDegrees
      return servedPoint(world, site, azimuth, random)
    }
    case 'circle': {
      const away = reach.radiusMeters * Math.sqrt(random.next())
      const bearing = between(random, 0, 2 * Math.PI)
      return moved(reach.center, away * Math.sin(bearing), away * Math.cos(bearing))
    }
  }
}

function servedPoint(world: SimWorld, site: SimSite, azimuth: number | undefined, random: Random): LonLat {
  let point = site.point
  for (let tries = 0; tries < triesForServer; tries += 1) {
    const scale = scaleOfRadius * site.radiusMeters
    const away = scale * Math.sqrt(-2 * Math.log(1 - random.next()))
    const degrees =
      azimuth === undefined ? between(random, 0, 360) : azimuth + normal(random, sectorDeviationDegrees)
    const bearing = (degrees * Math.PI) / 180
    point = moved(site.point, away * Math.sin(bearing), away * Math.cos(bearing))
    if (bestServer(site, point, world.params.shadowDecibels, random) === site.id) return point
  }
  return point
}

/** The strongest of a site and its neighbours at a point, under log-distance loss and lognormal shadowing. */
function bestServer(site: SimSite, point: LonLat, shadowDecibels: number, random: Random): string {
  let best = site.id
  let strongest = -Infinity
  for (const rival of site.rivals) {
    const meters = Math.max(nearestMeters, flatMeters(rival.point, point))
    const power = -decibelsPerDecade * Math.log10(meters) + normal(random, shadowDecibels)
    if (power <= strongest) continue
    strongest = power
    best = rival.id
  }
  return best
}
