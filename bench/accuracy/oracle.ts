import type { CauseRef } from '../../schemas/attribution.ts'
import type { LonLat } from '../../schemas/geo.ts'
import { noticedAtOnceShare, noticeMeanMs } from '../../src/simulate/complaint-calls.ts'
import { flatMeters } from '../../src/simulate/flat-earth.ts'
import { grouped } from '../../src/simulate/grouped.ts'
import type { Effect, Reach, Setting } from '../../src/simulate/incident.ts'
import type { DayParams } from '../../src/simulate/simulate-day.ts'
import { symptomTables } from '../../src/simulate/sim-params.ts'
import type { SimWorld } from '../../src/simulate/sim-world.ts'
import { standingPerHour } from '../../src/simulate/standing-calls.ts'
import { effectsOfDay, type ToldComplaint } from '../../src/simulate/summary.ts'
import {
  maxCallDelayMs,
  settingOfGapShare,
  settingShares,
  stillOutPhase,
  stillOutShares,
  timeErrors,
} from '../../src/simulate/telling.ts'
import type { Answer } from './answer.ts'
import { placeLikelihood } from './told-place-likelihood.ts'
import { timeLikelihood, type TimedCause } from './told-time-likelihood.ts'

const hourMs = 3_600_000
/** Beyond three radii and this, nobody who was hit points at a place or names one. */
const farMeters = 2_500
const farRadii = 3
/** The roughest of stated times is never further off than so many of its deviations. */
const farDeviations = 5

type Told = ToldComplaint['event']['data']
type Likelihood = ReturnType<typeof placeLikelihood>

/** Something that brings complaints, with its true rate and reach. Without `root` it left no trace: the right answer is none. */
interface Source extends TimedCause {
  readonly key: string
  readonly network: string
  readonly reach: Reach
  readonly middle: LonLat
  readonly radiusMeters: number
  readonly root?: CauseRef
}

/** The customers of one site, who have trouble of their own; a part of all customers. */
interface Crowd extends Pick<Source, 'key' | 'network' | 'reach' | 'middle' | 'radiusMeters'> {
  readonly share: number
}

/**
 * The best that anyone could answer, complaint by complaint: the posterior over everything that brings complaints under the
 * simulator's own distributions of place, time, symptom and the rest of what is told, with the true intensity and extent of each
 * trouble. It also knows the troubles that left no trace (they speak for "none"), which no engine can: so it bounds from
 * above. Calls are weighed one by one; the true intensities stand in for what company would tell.
 */
export function oracle(
  world: SimWorld,
  day: Pick<DayParams, 'startMs' | 'days'>,
  complaints: readonly ToldComplaint[],
): Map<string, readonly Answer[]> {
  const places = placeLikelihood(world)
  const passing = grouped(
    effectsOfDay(world, day).map((effect) => sourceOf(world, effect)),
    ({ network }) => network,
  )
  const gaps = grouped(gapSources(world), ({ network }) => network)
  const crowds = grouped(crowdsOf(world), ({ network }) => network)
  const answers = new Map<string, readonly Answer[]>()
  for (const { event } of complaints) {
    const told = event.data
    const masses = new Map<string, { root?: CauseRef; mass: number }>()
    const add = (root: CauseRef | undefined, mass: number): void => {
      const id = root === undefined ? '' : `${root.kind} ${root.id}`
      const known = masses.get(id)
      if (known === undefined) masses.set(id, { ...(root === undefined ? {} : { root }), mass })
      else known.mass += mass
    }
    for (const network of told.network === undefined ? world.inventory.networks : [told.network]) {
      for (const source of [...(passing.get(network) ?? []), ...(gaps.get(network) ?? [])])
        add(source.root, massOf(world, places, source, told))
      add(undefined, crowdMass(world, places, crowds.get(network) ?? [], told))
    }
    answers.set(told.complaintId, ranked([...masses.values()]))
  }
  return answers
}

function massOf(world: SimWorld, places: Likelihood, source: Source, told: Told): number {
  if (isFar(source, told) || isLongAgo(source, told)) return 0
  const where = whereMass(places, source, told)
  return where === 0 ? 0 : where * whatMass(world, source, told)
}

/** All customers with trouble of their own: what is told of time and symptom is the same for every site. */
function crowdMass(world: SimWorld, places: Likelihood, crowds: readonly Crowd[], told: Told): number {
  const where = crowds.reduce(
    (sum, crowd) => sum + (isFar(crowd, told) ? 0 : crowd.share * whereMass(places, crowd, told)),
    0,
  )
  const kinds = ['background', 'not-network', 'customer-side'] as const
  const what = kinds.reduce(
    (sum, kind) =>
      sum +
      whatMass(
        world,
        { kind, profile: 'background', ...always, rate: (ms) => standingPerHour(world, kind, ms) / hourMs },
        told,
      ),
    0,
  )
  return where * what
}

function whereMass(places: Likelihood, { key, reach, network }: Crowd | Source, told: Told): number {
  const place = places.place(key, reach, told.place)
  return place === 0
    ? 0
    : place * settingLikelihood(reach, told.setting) * places.servedBy(key, reach, network, told.servedBy)
}

function whatMass(world: SimWorld, source: TimedCause, told: Told): number {
  const symptom = told.symptom === undefined ? 1 : (symptomTables[source.profile][told.symptom] ?? 0)
  if (symptom === 0) return 0
  const phase = stillOutPhase(source.kind, Date.parse(told.reportedAt), source.toMs)
  const misjudged = source.kind === 'not-network' || source.kind === 'customer-side'
  return (
    symptom *
    stillOutShares[phase][told.stillOut ?? 'unknown'] *
    (misjudged ? world.params.telling.misjudgedShare : 1) *
    timeLikelihood(world, source, told)
  )
}

function isFar({ middle, radiusMeters }: Pick<Source, 'middle' | 'radiusMeters'>, { place }: Told): boolean {
  // A wrong home may be anywhere, and a default geocode stands for a whole district.
  if (
    place === undefined ||
    place.source === 'home' ||
    (place.source === 'words' && place.placeId === undefined)
  )
    return false
  const [lon, lat] = place.location.point
  return flatMeters(middle, [lon, lat]) > farRadii * radiusMeters + farMeters
}

function isLongAgo({ fromMs, toMs }: TimedCause, { reportedAt, trouble }: Told): boolean {
  const reportedMs = Date.parse(reportedAt)
  if (fromMs > reportedMs || toMs < reportedMs - maxCallDelayMs) return true
  if (trouble?.from === undefined || trouble.pattern === 'chronic') return false
  const slackMs = farDeviations * (trouble.uncertaintyMs ?? timeErrors.rough.deviationMs)
  const statedMs = Date.parse(trouble.from)
  return fromMs > statedMs + slackMs || toMs < statedMs - slackMs
}

function settingLikelihood(reach: Reach, setting: Setting | undefined): number {
  if (setting === undefined) return 1
  const own = reach.kind === 'circle' ? reach.setting : undefined
  const usual = settingShares[setting]
  if (own === undefined) return usual
  return (own === setting ? settingOfGapShare : 0) + (1 - settingOfGapShare) * usual
}

function sourceOf(world: SimWorld, effect: Effect): Source {
  const spanMs = effect.toMs - effect.fromMs
  const { expectedComplaints: expected, kind, profile, network, reach, fromMs, toMs } = effect
  const atOnce = effect.sudden ? noticedAtOnceShare * (1 - Math.exp(-spanMs / noticeMeanMs)) : 0
  const even = (1 - atOnce) / spanMs
  const steep = effect.sudden ? noticedAtOnceShare / noticeMeanMs : 0
  const [root] = effect.accepted
  return {
    kind,
    profile,
    network,
    reach,
    fromMs,
    toMs,
    ...extentOf(world, reach),
    key: reachKey(reach, effect.key),
    rate: (ms) => expected * (even + steep * Math.exp(-(ms - fromMs) / noticeMeanMs)),
    ...(root === undefined ? {} : { root }),
  }
}

const always = { fromMs: -Infinity, toMs: Infinity }

function gapSources(world: SimWorld): Source[] {
  const byKind = grouped(world.gaps, ({ hidden }) => (hidden ? ('hidden-gap' as const) : ('gap' as const)))
  return [...byKind].flatMap(([kind, gaps]) =>
    gaps.map((gap): Source => {
      const { setting } = gap.report
      const { center, radiusMeters } = gap
      return {
        ...always,
        key: gap.id,
        kind,
        profile: 'gap',
        network: gap.network,
        reach: { kind: 'circle', center, radiusMeters, ...(setting === undefined ? {} : { setting }) },
        middle: center,
        radiusMeters,
        rate: (ms) => standingPerHour(world, kind, ms) / hourMs / gaps.length,
        ...(kind === 'gap' ? { root: { kind: 'gap', id: gap.id } as const } : {}),
      }
    }),
  )
}

function crowdsOf(world: SimWorld): Crowd[] {
  const { sites } = world.inventory
  const all = sites.reduce((sum, { id }) => sum + (world.weightOf.get(id) ?? 1), 0)
  return sites.map(({ id, network }) => {
    const reach: Reach = { kind: 'site', siteId: id }
    return { ...extentOf(world, reach), key: id, network, reach, share: (world.weightOf.get(id) ?? 1) / all }
  })
}

function extentOf(world: SimWorld, reach: Reach): Pick<Source, 'middle' | 'radiusMeters'> {
  if (reach.kind === 'circle') return { middle: reach.center, radiusMeters: reach.radiusMeters }
  const site = world.inventory.siteById.get(reach.siteId)
  if (site === undefined) throw new RangeError(`no such site: ${reach.siteId}`)
  return { middle: site.point, radiusMeters: site.radiusMeters }
}

/** Points are drawn once for a site or sector, however many troubles it has. */
function reachKey(reach: Reach, otherwise: string): string {
  return reach.kind === 'site' ? (reach.cellId ?? reach.siteId) : otherwise
}

function ranked(groups: readonly { readonly root?: CauseRef; readonly mass: number }[]): Answer[] {
  const sum = groups.reduce((total, { mass }) => total + mass, 0)
  if (sum === 0) return [{ refs: [], probability: 1 }]
  return groups
    .map(({ root, mass }) => ({ refs: root === undefined ? [] : [root], probability: mass / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5)
}
