import type { CauseRef } from '../../schemas/attribution.ts'
import { toMs } from '../../schemas/instant.ts'
import type { LonLat } from '../../schemas/geo.ts'
import type { FeedEvent } from './feed-event.ts'
import { alarmSpells } from './alarm-spells.ts'
import { createPointGrid } from './point-grid.ts'

/** How far off a stated time may be, and how far away a site. */
export const naiveSlackMs = 30 * 60_000
export const naiveRadiusMeters = 1000

/**
 * What a person with a map and a list of alarms would say: the alarm active at the stated time of trouble, give or take
 * half an hour, whose site is nearest to the stated place, within a kilometre and of the customer's network where
 * that is known; of several on one site the latest. Else nothing. It knows neither what an alarm does nor what is upstream.
 */
export function naiveBaseline(events: readonly FeedEvent[]): Map<string, CauseRef | undefined> {
  const sites = sitesOf(events)
  const grid = createPointGrid([...new Set(sites.values())], (site) => site.point)
  const spells = alarmSpells(events)
  const answers = new Map<string, CauseRef | undefined>()
  for (const event of events) {
    if (event.type !== 'ComplaintReceived') continue
    const { data } = event
    const [lon, lat] = data.place?.location.point ?? []
    if (lon === undefined || lat === undefined) {
      answers.set(data.complaintId, undefined)
      continue
    }
    const atMs = toMs(data.trouble?.from ?? data.reportedAt)
    const near = grid.within([lon, lat], naiveRadiusMeters)
    let answer: CauseRef | undefined
    for (const { item } of near) {
      if (data.network !== undefined && item.network !== data.network) continue
      const active = item.elementIds
        .flatMap((elementId) => spells.get(elementId) ?? [])
        .filter((spell) => spell.fromMs - naiveSlackMs <= atMs && atMs <= spell.toMs + naiveSlackMs)
        .sort((a, b) => b.fromMs - a.fromMs)
      if (active[0] === undefined) continue
      answer = active[0].ref
      break
    }
    answers.set(data.complaintId, answer)
  }
  return answers
}

interface MapSite {
  readonly point: LonLat
  readonly network: string | undefined
  readonly elementIds: string[]
}

/** Sites by the id of the site and of each of its cells. */
function sitesOf(events: readonly FeedEvent[]): Map<string, MapSite> {
  const sites = new Map<string, MapSite>()
  for (const event of events) {
    if (event.type !== 'ElementRegistered' || event.data.kind !== 'site' || !event.data.location) continue
    const { elementId, location, network } = event.data
    const point: LonLat = [location.point[0], location.point[1]]
    sites.set(elementId, { point, network, elementIds: [elementId] })
  }
  for (const event of events) {
    if (event.type !== 'ElementRegistered' || event.data.kind !== 'cell') continue
    const site = sites.get(event.data.parent ?? '')
    site?.elementIds.push(event.data.elementId)
  }
  return sites
}
