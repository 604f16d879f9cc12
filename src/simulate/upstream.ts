import { grouped } from './grouped.ts'
import type { InventoryEvent } from './sim-inventory.ts'
import { feedEvent, type SentData } from './feed-event.ts'

const sitesPerAggregation = 25
const sitesPerPower = 6

export interface UpstreamOptions {
  /** When the inventory is said to have been registered. */
  readonly registeredMs: number
  readonly source: string
}

/**
 * Gives an inventory of bare sites what stands behind them: a core and aggregation elements per network, sites grouped
 * by neighbourhood, and mains feeders that neighbouring sites of all networks share. A core that the network has
 * already is used; an inventory that has aggregation elements is returned as it is.
 */
export function withUpstream(
  events: readonly InventoryEvent[],
  { registeredMs, source }: UpstreamOptions,
): readonly InventoryEvent[] {
  const registrations = events.flatMap((event) => (event.type === 'ElementRegistered' ? [event.data] : []))
  if (registrations.some(({ kind }) => kind === 'aggregation')) return events
  const register = (data: SentData<'ElementRegistered'>): InventoryEvent =>
    feedEvent('ElementRegistered', source, registeredMs, registeredMs, data.elementId, data)
  const sites = registrations.filter((element) => element.kind === 'site' && element.location !== undefined)
  const parentOf = new Map<string, string>()
  const added: InventoryEvent[] = []
  for (const [network, members] of grouped(sites, (site) => site.network)) {
    const label = network ?? 'network'
    const ofNetwork = network === undefined ? {} : { network }
    const known = registrations.find((element) => element.kind === 'core' && element.network === network)
    const core = known?.elementId ?? `core-${label}`
    if (known === undefined)
      added.push(
        register({ elementId: core, kind: 'core', name: `Core ${label}`, elementType: 'MSC', ...ofNetwork }),
      )
    for (const [index, group] of neighbourGroups(members, sitesPerAggregation).entries()) {
      const elementId = `bsc-${label}-${index + 1}`
      const name = `BSC ${label} ${index + 1}`
      added.push(
        register({ elementId, kind: 'aggregation', name, elementType: 'BSC', parent: core, ...ofNetwork }),
      )
      for (const site of group) parentOf.set(site.elementId, elementId)
    }
  }
  const feeders = neighbourGroups(sites, sitesPerPower)
  for (const index of feeders.keys()) {
    const elementId = `feeder-${index + 1}`
    added.push(
      register({ elementId, kind: 'power', name: `Feeder ${index + 1}`, elementType: 'mains feeder' }),
    )
  }
  const hung = events.map((event): InventoryEvent => {
    const parent = event.type === 'ElementRegistered' ? parentOf.get(event.data.elementId) : undefined
    return event.type === 'ElementRegistered' && parent !== undefined
      ? { ...event, data: { ...event.data, parent } }
      : event
  })
  const links = feeders.flatMap((group, index) =>
    group.map((site) => {
      const link = {
        elementId: site.elementId,
        dependsOn: `feeder-${index + 1}`,
        relation: 'powers' as const,
      }
      return feedEvent('ElementLinked', source, registeredMs, registeredMs, JSON.stringify(link), link)
    }),
  )
  return [...added, ...hung, ...links]
}

/** Halves the list along its longer side until every part is small enough. */
function neighbourGroups<T extends SentData<'ElementRegistered'>>(sites: readonly T[], most: number): T[][] {
  if (sites.length <= most) return sites.length === 0 ? [] : [[...sites]]
  const axis = spread(sites, 0) > spread(sites, 1) ? 0 : 1
  const sorted = sites.toSorted(
    (a, b) => coordinate(a, axis) - coordinate(b, axis) || (a.elementId < b.elementId ? -1 : 1),
  )
  const half = Math.ceil(sorted.length / 2)
  return [...neighbourGroups(sorted.slice(0, half), most), ...neighbourGroups(sorted.slice(half), most)]
}

function coordinate(site: SentData<'ElementRegistered'>, axis: 0 | 1): number {
  return site.location?.point[axis] ?? 0
}

function spread(sites: readonly SentData<'ElementRegistered'>[], axis: 0 | 1): number {
  const values = sites.map((site) => coordinate(site, axis))
  return Math.max(...values) - Math.min(...values)
}
