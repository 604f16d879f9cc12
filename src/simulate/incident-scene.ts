import type { CauseRef } from '../../schemas/attribution.ts'
import { noiseFactor } from './draws.ts'
import type { Effect, Incident } from './incident.ts'
import type { Random } from './random.ts'
import type { SimSite } from './sim-inventory.ts'
import type { TroubleKind } from './sim-params.ts'
import type { SimWorld } from './sim-world.ts'

/** What the makers of incidents are given: the world, when it begins, and chance of their own. */
export interface Scene {
  readonly world: SimWorld
  readonly id: string
  readonly startMs: number
  readonly random: Random
}

export type IncidentMaker = (scene: Scene) => Incident

const minuteMs = 60_000
const hourMs = 3_600_000
/** How busy the hours of a day are (local time), as multiples of the mean. */
const hourWeights = [
  0.3, 0.2, 0.13, 0.1, 0.1, 0.17, 0.35, 0.7, 1.15, 1.55, 1.65, 1.5, 1.25, 1.2, 1.35, 1.35, 1.3, 1.35, 1.5,
  1.7, 1.75, 1.5, 1.1, 0.7,
]

/** How many complaints there are at a moment, as a multiple of the day's mean. */
export function rhythmAt(world: SimWorld, ms: number): number {
  const { dayRhythm, utcOffsetMinutes } = world.params
  const hour = Math.floor((ms + utcOffsetMinutes * minuteMs) / hourMs) % 24
  return 1 + dayRhythm * ((hourWeights[hour] ?? 1) - 1)
}

/** How many effects of each kind a day brings on average: their share of the complaints is spread over these. */
function effectsPerDay(world: SimWorld, kind: TroubleKind): number {
  const { incidentsPerDay: daily, everyMinutes } = world.params
  const hundreds = world.inventory.sites.length / 100
  const atLeast = (every: number | undefined): number => (every === undefined ? 0 : 1440 / every)
  const perAggregation = world.inventory.sites.length / Math.max(1, world.inventory.sitesOfAggregation.size)
  switch (kind) {
    case 'site-fault':
      return daily['site-fault'] * hundreds + atLeast(everyMinutes['site-fault'])
    case 'storm':
      return (daily.storm * hundreds + atLeast(everyMinutes.storm)) * perAggregation
    case 'power-fault':
      return daily['power-fault'] * 0.5 * hundreds + daily['feeder-fault'] * hundreds * 5 * 0.6
    case 'cutover':
      return (daily.cutover * hundreds + atLeast(everyMinutes.cutover)) * 0.75
    case 'cell-fault':
    case 'degradation':
    case 'link-flap':
    case 'sleeping-cell':
    case 'advisory':
      return daily[kind] * hundreds
    case 'gap':
    case 'hidden-gap':
    case 'background':
    case 'not-network':
    case 'customer-side':
      return 1
  }
}

/** The complaints to be expected of one effect: its kind's share, more where more customers are, and by chance. */
export function expectedOf(
  world: SimWorld,
  kind: TroubleKind,
  spanMs: { readonly fromMs: number; readonly toMs: number },
  weight: number,
  random: Random,
): number {
  const mean =
    (world.params.complaintsPerDay * world.params.shares[kind]) / Math.max(0.01, effectsPerDay(world, kind))
  const rhythm = (rhythmAt(world, spanMs.fromMs) + rhythmAt(world, (spanMs.fromMs + spanMs.toMs) / 2)) / 2
  return mean * weight * rhythm * noiseFactor(random, 0.7)
}

/** What happens to the customers of one site. */
export function siteEffect(
  { world, id, random }: Scene,
  site: SimSite,
  kind: TroubleKind,
  spanMs: { readonly fromMs: number; readonly toMs: number },
  accepted: readonly CauseRef[],
  details: Partial<Pick<Effect, 'sudden' | 'profile'>> & { readonly cellId?: string } = {},
): Effect {
  const { cellId, sudden = true, profile = 'down' } = details
  const weight = world.weightOf.get(site.id) ?? 1
  return {
    key: `${id}/${cellId ?? site.id}`,
    kind,
    reach: { kind: 'site', siteId: site.id, ...(cellId === undefined ? {} : { cellId }) },
    network: site.network,
    ...spanMs,
    sudden,
    expectedComplaints: expectedOf(world, kind, spanMs, weight, random),
    profile,
    accepted,
    outageId: id,
    elementId: cellId ?? site.id,
  }
}
