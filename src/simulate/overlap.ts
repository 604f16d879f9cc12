import type { LonLat } from '../../schemas/geo.ts'
import { toMs } from '../../schemas/instant.ts'
import { flatMeters } from './flat-earth.ts'
import type { FeedEvent } from './feed-event.ts'
import type { Effect } from './incident.ts'
import type { SimWorld } from './sim-world.ts'

const slackMs = 30 * 60_000
/** Distances that a stated place may be off where nothing is said of it. */
const placeSlackMeters = 300
const hourMs = 3_600_000
const wantedCauses = 2

/** The part of a list of complaints that two or more causes could explain. */
export function overlapShare(
  world: SimWorld,
  effects: readonly Effect[],
  complaints: readonly { readonly event: FeedEvent<'ComplaintReceived'> }[],
): number {
  const hours = new Map<number, Effect[]>()
  for (const effect of effects) {
    if (effect.accepted.length === 0) continue
    for (
      let hour = Math.floor((effect.fromMs - slackMs) / hourMs);
      hour <= (effect.toMs + slackMs) / hourMs;
      hour += 1
    ) {
      const live = hours.get(hour)
      if (live === undefined) hours.set(hour, [effect])
      else live.push(effect)
    }
  }
  const overlapping = complaints.filter(({ event }) => plausibleCauses(world, hours, event) >= wantedCauses)
  return complaints.length === 0 ? 0 : overlapping.length / complaints.length
}

/**
 * How many different troubles there are whose trace is in the events, that were live at the stated time (half an hour
 * either way), of the customer's network where known, and whose coverage reaches the stated place with its
 * uncertainty. Sites of one storm count once. A complaint without a place has none that could be shown.
 */
function plausibleCauses(
  world: SimWorld,
  hours: ReadonlyMap<number, readonly Effect[]>,
  event: FeedEvent<'ComplaintReceived'>,
): number {
  if (event.data.place === undefined) return 0
  const { network, place, trouble, reportedAt } = event.data
  const chronic = trouble?.pattern === 'chronic'
  const atMs = toMs(chronic || trouble?.from === undefined ? reportedAt : trouble.from)
  const [lon, lat] = place.location.point
  const offMeters = place.uncertaintyMeters ?? placeSlackMeters
  const found = new Set<string>()
  for (const effect of hours.get(Math.floor(atMs / hourMs)) ?? []) {
    if (network !== undefined && effect.network !== network) continue
    if (effect.fromMs - slackMs > atMs || atMs > effect.toMs + slackMs) continue
    const { center, radiusMeters } = circleOf(world, effect)
    if (flatMeters(center, [lon, lat]) <= radiusMeters + offMeters) found.add(effect.outageId)
  }
  for (const gap of world.gaps) {
    if (gap.hidden || (network !== undefined && gap.network !== network)) continue
    if (flatMeters(gap.center, [lon, lat]) <= gap.radiusMeters + offMeters) found.add(gap.id)
  }
  return found.size
}

function circleOf(world: SimWorld, { reach }: Effect): { center: LonLat; radiusMeters: number } {
  if (reach.kind === 'circle') return reach
  const site = world.inventory.siteById.get(reach.siteId)
  if (site === undefined) throw new RangeError(`no such site: ${reach.siteId}`)
  return { center: site.point, radiusMeters: site.radiusMeters }
}
