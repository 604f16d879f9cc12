import type { CauseRef } from '../../schemas/attribution.ts'
import type { LonLat } from '../../schemas/geo.ts'
import { noticedAtOnceShare, noticeMeanMs } from '../../src/simulate/complaint-calls.ts'
import { flatMeters } from '../../src/simulate/flat-earth.ts'
import { grouped } from '../../src/simulate/grouped.ts'
import type { Effect, Reach, Setting } from '../../src/simulate/incident.ts'
import type { DayParams } from '../../src/simulate/simulate-day.ts'
import { symptomTables, type SymptomProfile, type TroubleKind } from '../../src/simulate/sim-params.ts'
import type { SimWorld } from '../../src/simulate/sim-world.ts'
import { complaintsPerHour } from '../../src/simulate/standing-calls.ts'
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

/** Something that brings complaints, with its true rate and reach. */
interface Source extends TimedCause {
  readonly key: string
  readonly network: string
  readonly reach: Reach
  readonly middle: LonLat
  readonly radiusMeters: number
  readonly root: CauseRef
}

/** The customers of one site, who have trouble of their own; a part of all customers. */
interface Crowd extends Pick<Source, 'key' | 'network' | 'reach' | 'middle' | 'radiusMeters'> {
  readonly share: number
}

/**
 * The best that could be answered, complaint by complaint: the posterior over every trouble that left a trace in the events,
 * and "none", under the simulator's own distributions of place, time, symptom and the rest of what is told. It knows of
 * each trace what really lay behind it: extent, span and intensity, or that it hurt nobody. Of troubles without a trace it
 * knows how frequent they are, not where. Calls are weighed one by one: the true intensities stand in for what company would tell,
 * so that it bounds any engine from above as nearly as can be computed.
 */
export function oracle(
  world: SimWorld,
  day: Pick<DayParams, 'startMs' | 'days'>,
  complaints: readonly ToldComplaint[],
): Map<string, readonly Answer[]> {
  const places = placeLikelihood(world)
  const passing = grouped(
    effectsOfDay(world, day).flatMap((effect) => sourcesOf(world, effect)),
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

/** Customers anywhere, with trouble of their own or of a kind that left no trace: told alike of every site. */
function crowdMass(world: SimWorld, places: Likelihood, crowds: readonly Crowd[], told: Told): number {
  const where = crowds.reduce(
    (sum, crowd) => sum + (isFar(crowd, told) ? 0 : crowd.share * whereMass(places, crowd, told)),
    0,
  )
  const what = untraced.reduce((sum, { kind, profile, part }) => {
    const rate = (ms: number): number => (part(world) * complaintsPerHour(world, kind, ms)) / hourMs
    return sum + whatMass(world, { kind, profile, ...always, rate }, told)
  }, 0)
  return where * what
}

/** What leaves no trace, as parts of the complaints of each kind. */
const untraced: readonly {
  readonly kind: TroubleKind
  readonly profile: SymptomProfile
  readonly part: (world: SimWorld) => number
}[] = [
  { kind: 'background', profile: 'background', part: () => 1 },
  { kind: 'not-network', profile: 'background', part: () => 1 },
  { kind: 'customer-side', profile: 'background', part: () => 1 },
  { kind: 'hidden-gap', profile: 'gap', part: () => 1 },
  { kind: 'sleeping-cell', profile: 'down', part: () => 1 },
  { kind: 'cell-fault', profile: 'down', part: ({ params }) => params.delivery.missingShare },
  { kind: 'degradation', profile: 'degraded', part: ({ params }) => params.delivery.missingShare },
  { kind: 'link-flap', profile: 'degraded', part: ({ params }) => params.delivery.missingShare },
]

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

function sourcesOf(world: SimWorld, effect: Effect): Source[] {
  const [root] = effect.accepted
  if (root === undefined) return []
  const spanMs = effect.toMs - effect.fromMs
  const { expectedComplaints: expected, kind, profile, network, reach, fromMs, toMs } = effect
  const atOnce = effect.sudden ? noticedAtOnceShare * (1 - Math.exp(-spanMs / noticeMeanMs)) : 0
  const even = (1 - atOnce) / spanMs
  const steep = effect.sudden ? noticedAtOnceShare / noticeMeanMs : 0
  const source: Source = {
    kind,
    profile,
    network,
    reach,
    fromMs,
    toMs,
    ...extentOf(world, reach),
    key: reachKey(reach, effect.key),
    rate: (ms) => expected * (even + steep * Math.exp(-(ms - fromMs) / noticeMeanMs)),
    root,
  }
  return [source]
}

const always = { fromMs: -Infinity, toMs: Infinity }

function gapSources(world: SimWorld): Source[] {
  const gaps = world.gaps.filter(({ hidden }) => !hidden)
  return gaps.map((gap): Source => {
    const { setting } = gap.report
    const { center, radiusMeters } = gap
    return {
      ...always,
      key: gap.id,
      kind: 'gap',
      profile: 'gap',
      network: gap.network,
      reach: { kind: 'circle', center, radiusMeters, ...(setting === undefined ? {} : { setting }) },
      middle: center,
      radiusMeters,
      rate: (ms) => complaintsPerHour(world, 'gap', ms) / hourMs / gaps.length,
      root: { kind: 'gap', id: gap.id },
    }
  })
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
