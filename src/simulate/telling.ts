import type { LonLat } from '../../schemas/geo.ts'
import { chance, exponential, normal, pickWeighted } from './draws.ts'
import { moved } from './flat-earth.ts'
import { wholeSeconds, type SentData } from './feed-event.ts'
import type { Random } from './random.ts'
import type { SimPlace } from './sim-inventory.ts'
import type { Setting } from './incident.ts'
import type { PlaceMode, SymptomProfile, TimeMode, TroubleKind } from './sim-params.ts'
import type { SimWorld } from './sim-world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

type Place = SentData<'ComplaintReceived'>['place']
type Trouble = NonNullable<SentData<'ComplaintReceived'>['trouble']>

/** Address files are exact where the trouble was at home. */
export const homeErrorMeters = 60

/** How long people wait before they call: a mixture of exponentials, before `callDelayFactor`. */
export const callDelays = [
  { share: 0.55, meanMs: 12 * minuteMs },
  { share: 0.33, meanMs: hourMs },
  { share: 0.12, meanMs: 4 * hourMs },
] as const
export const maxCallDelayMs = 12 * hourMs

/** How far off a stated time is, and how often the teller says so. */
export const timeErrors: Readonly<Record<Exclude<TimeMode, 'unstated'>, TimeError>> = {
  exact: { deviationMs: 4 * minuteMs, admittedMs: 5 * minuteMs, admittedShare: 0.5 },
  near: { deviationMs: 20 * minuteMs, admittedMs: 30 * minuteMs, admittedShare: 0.4 },
  rough: { deviationMs: 75 * minuteMs, admittedMs: 90 * minuteMs, admittedShare: 0.5 },
}
interface TimeError {
  readonly deviationMs: number
  readonly admittedMs: number
  readonly admittedShare: number
}

/** Complaints of a trouble that has been there for days. */
export const chronicShares: Readonly<Partial<Record<TroubleKind, number>>> = {
  gap: 0.7,
  'hidden-gap': 0.7,
  background: 0.12,
  'customer-side': 0.15,
}
export const suddenShares: Readonly<Record<SymptomProfile, number>> = {
  down: 0.85,
  degraded: 0.25,
  gap: 0.2,
  background: 0.55,
}

export const stillOutShares = {
  during: { yes: 0.55, no: 0.1, unknown: 0.35 },
  after: { yes: 0.06, no: 0.54, unknown: 0.4 },
  /** Where nothing general is the matter, it comes and goes. */
  background: { yes: 0.35, no: 0.25, unknown: 0.4 },
} as const

/** Gaps stay; faults end. */
export function stillOutPhase(
  kind: TroubleKind,
  reportedMs: number,
  endMs: number,
): keyof typeof stillOutShares {
  if (kind === 'gap' || kind === 'hidden-gap') return 'during'
  if (kind === 'background' || kind === 'not-network' || kind === 'customer-side') return 'background'
  return reportedMs < endMs ? 'during' : 'after'
}

export const settingShares: Readonly<Record<Setting, number>> = {
  indoor: 0.5,
  'basement-or-lift': 0.08,
  outdoor: 0.22,
  moving: 0.2,
}
/** In a gap of one setting, how many of the complaints that name a setting name that one. */
export const settingOfGapShare = 0.75

export function callDelayMs(world: SimWorld, random: Random): number {
  let left = random.next()
  let meanMs: number = callDelays[0].meanMs
  for (const delay of callDelays) {
    meanMs = delay.meanMs
    left -= delay.share
    if (left < 0) break
  }
  return Math.min(maxCallDelayMs, exponential(random, meanMs * world.params.callDelayFactor))
}

/** The weight with which a customer so far away names a place. */
export function namingWeight(world: SimWorld, meters: number): number {
  return Math.exp(-meters / world.params.telling.namedScaleMeters)
}

/** Where the customer says that it was. */
export function toldPlace(world: SimWorld, truth: LonLat, random: Random): Place {
  const { telling } = world.params
  const mode: PlaceMode = pickWeighted(random, telling.place)
  switch (mode) {
    case 'map':
      return {
        location: at(scattered(truth, telling.mapErrorMeters, random)),
        source: 'map',
        ...(chance(random, 0.5) ? { uncertaintyMeters: 100 } : {}),
      }
    case 'home': {
      const meters = chance(random, telling.wrongHomeShare) ? telling.wrongHomeMeters : homeErrorMeters
      return { location: at(scattered(truth, meters, random)), source: 'home' }
    }
    case 'named': {
      const named = namedPlace(world, truth, random)
      if (named === undefined) return undefined
      return {
        location: at(named.point),
        source: 'words',
        name: named.name,
        placeId: named.id,
        ...(chance(random, 0.3) ? { uncertaintyMeters: 300 } : {}),
      }
    }
    case 'default-geocode': {
      const district = nearestDefault(world, truth)
      return district === undefined
        ? undefined
        : { location: at(district.point), source: 'words', name: district.name }
    }
    case 'none':
      return undefined
  }
}

function at(point: LonLat): { point: [number, number] } {
  return { point: [point[0], point[1]] }
}

function scattered(point: LonLat, deviationMeters: number, random: Random): LonLat {
  return moved(point, normal(random, deviationMeters), normal(random, deviationMeters))
}

function namedPlace(world: SimWorld, truth: LonLat, random: Random): SimPlace | undefined {
  const near = world.placeGrid.within(truth, world.params.telling.namedLimitMeters)
  let left = random.next() * near.reduce((sum, { meters }) => sum + namingWeight(world, meters), 0)
  for (const { item, meters } of near) {
    left -= namingWeight(world, meters)
    if (left <= 0) return item
  }
  return world.placeGrid.nearest(truth)?.item
}

export function nearestDefault(world: SimWorld, truth: LonLat): SimPlace | undefined {
  let best: SimPlace | undefined
  let least = Infinity
  for (const district of world.defaultGeocodes) {
    const squared = (district.point[0] - truth[0]) ** 2 + (district.point[1] - truth[1]) ** 2
    if (squared >= least) continue
    least = squared
    best = district
  }
  return best
}

/** When the customer says that it began; never later than the call. */
export function toldTime(
  world: SimWorld,
  trouble: { readonly kind: TroubleKind; readonly profile: SymptomProfile; readonly timeMs: number },
  reportedMs: number,
  random: Random,
): Trouble {
  if (chance(random, chronicShares[trouble.kind] ?? 0)) {
    const fromMs = reportedMs - 2 * dayMs - exponential(random, 20 * dayMs)
    return { from: wholeSeconds(fromMs), uncertaintyMs: dayMs, pattern: 'chronic' }
  }
  const pattern = chance(random, world.params.telling.patternShare)
    ? {
        pattern: chance(random, suddenShares[trouble.profile])
          ? ('sudden' as const)
          : ('intermittent' as const),
      }
    : {}
  const mode: TimeMode = pickWeighted(random, world.params.telling.time)
  if (mode === 'unstated') return pattern
  const error = timeErrors[mode]
  const statedMs = Math.min(reportedMs, trouble.timeMs + normal(random, error.deviationMs))
  const admitted = chance(random, error.admittedShare) ? { uncertaintyMs: error.admittedMs } : {}
  return { from: wholeSeconds(Math.floor(statedMs / minuteMs) * minuteMs), ...admitted, ...pattern }
}
