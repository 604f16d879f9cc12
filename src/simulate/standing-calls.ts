import { pick, poisson } from './draws.ts'
import { callsOfOne } from './complaint-calls.ts'
import type { SimulatedEvent } from './feed-event.ts'
import type { Effect } from './incident.ts'
import { rhythmAt } from './incident-scene.ts'
import type { Random } from './random.ts'
import type { SimSite } from './sim-inventory.ts'
import type { SymptomProfile, TroubleKind } from './sim-params.ts'
import type { SimGap, SimWorld } from './sim-world.ts'

type StandingKind = Extract<
  TroubleKind,
  'gap' | 'hidden-gap' | 'background' | 'not-network' | 'customer-side'
>
const standingKinds: readonly StandingKind[] = [
  'gap',
  'hidden-gap',
  'background',
  'not-network',
  'customer-side',
]
const hourMs = 3_600_000

/** Complaints of one hour that no incident brings: gaps in coverage, customers' own trouble, and plain bad luck. */
export function standingCalls(world: SimWorld, hourStartMs: number, random: Random): SimulatedEvent[] {
  return standingKinds.flatMap((kind) => {
    const mean = complaintsPerHour(world, kind, hourStartMs)
    return Array.from({ length: poisson(random, mean) }).flatMap((_, index) => {
      const effect = standingEffect(world, kind, hourStartMs, `${kind}/${hourStartMs}/${index}`, random)
      return effect === undefined ? [] : callsOfOne(world, effect, random)
    })
  })
}

/** First calls of a kind to be expected in the hour around a moment. */
export function complaintsPerHour(world: SimWorld, kind: TroubleKind, atMs: number): number {
  return ((world.params.complaintsPerDay * world.params.shares[kind]) / 24) * rhythmAt(world, atMs)
}

function standingEffect(
  world: SimWorld,
  kind: StandingKind,
  fromMs: number,
  key: string,
  random: Random,
): Effect | undefined {
  switch (kind) {
    case 'gap':
    case 'hidden-gap': {
      const gaps = world.gaps.filter(({ hidden }) => hidden === (kind === 'hidden-gap'))
      return gaps.length === 0 ? undefined : gapEffect(pick(random, gaps), fromMs)
    }
    case 'background':
    case 'not-network':
    case 'customer-side':
      return customerEffect(kind, weightedSite(world, random), fromMs, key)
  }
}

function gapEffect(gap: SimGap, fromMs: number): Effect {
  const { setting } = gap.report
  return {
    key: gap.id,
    kind: gap.hidden ? 'hidden-gap' : 'gap',
    reach: {
      kind: 'circle',
      center: gap.center,
      radiusMeters: gap.radiusMeters,
      ...(setting === undefined ? {} : { setting }),
    },
    network: gap.network,
    fromMs,
    toMs: fromMs + hourMs,
    sudden: false,
    expectedComplaints: 1,
    profile: 'gap',
    accepted: gap.hidden ? [] : [{ kind: 'gap', id: gap.id }],
    outageId: gap.id,
  }
}

function customerEffect(
  kind: 'background' | 'not-network' | 'customer-side',
  site: SimSite,
  fromMs: number,
  key: string,
): Effect {
  const profile: SymptomProfile = 'background'
  return {
    key,
    kind,
    reach: { kind: 'site', siteId: site.id },
    network: site.network,
    fromMs,
    toMs: fromMs + hourMs,
    sudden: false,
    expectedComplaints: 1,
    profile,
    accepted: [],
    outageId: key,
  }
}

/** A site, by how many customers it has. */
function weightedSite(world: SimWorld, random: Random): SimSite {
  const most = Math.max(...world.weightOf.values())
  for (;;) {
    const site = pick(random, world.inventory.sites)
    if (random.next() * most <= (world.weightOf.get(site.id) ?? 1)) return site
  }
}
