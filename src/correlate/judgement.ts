import type { Band, CauseState } from '../../schemas/attribution.ts'
import { type Candidate, candidatesFor, confirmedCandidate } from './candidates.ts'
import { crowdsFor } from './crowds.ts'
import { explain, type Explanation, shareOut, stateSeen } from './explanation.ts'
import type { Cause, Complaint } from './model.ts'
import { isAnswerable } from './question.ts'
import { standingVerdicts } from './verdicts.ts'
import { rootOf } from './roots.ts'
import type { World } from './world.ts'

/** What the facts say of a complaint, before any of it is put into words. */
export type Judgement = {
  /** Every explanation, the most probable first. */
  readonly ranked: readonly Explanation[]
  readonly noneProbability: number
  readonly band: Band
} & (
  | { readonly verdict: 'notNetwork' | 'customerSide' | 'unexplained' }
  | {
      readonly verdict: 'explained'
      readonly leader: Explanation
      readonly state: CauseState
      /** A person's word made it the leader. */
      readonly confirmed: boolean
      /** So it did, and the evidence speaks for another one. */
      readonly disputed: boolean
      /** It is over, and the customer says that it is not. */
      readonly stillOut: boolean
    }
)

/**
 * Judges a complaint by the facts of a moment. Deterministic: candidates are summed in the order of their keys (E1). Most
 * complaints that a fact touches come to the same judgement as before, so this is kept apart from wording it.
 */
export function judge(complaint: Complaint, nowMs: number, world: World): Judgement {
  const { ruleset } = world
  const { scope, stillOut: said } = complaint.facts
  if (scope !== 'network') return { verdict: scope, ranked: [], noneProbability: 1, band: 'say' }

  const explanations = explain(complaint, candidatesOf(complaint, world), world)
  const noneProbability = shareOut(explanations, ruleset.weights.none)
  const ranked = explanations.sort(
    (a, b) => b.probability - a.probability || (a.root.key < b.root.key ? -1 : 1),
  )
  const named = confirmedCause(complaint, world)
  const confirmed =
    named &&
    ranked.find(({ root, members }) => root === named || members.some(({ cause }) => cause === named))
  const [strongest] = ranked
  const leader = confirmed ?? strongest
  if (
    leader === undefined ||
    (confirmed === undefined &&
      (leader.probability < ruleset.bands.askProbability || leader.probability < noneProbability))
  ) {
    const placeless = complaint.point === undefined && complaint.servedBy === undefined
    return { verdict: 'unexplained', ranked, noneProbability, band: placeless ? 'ask' : 'dispatch' }
  }

  const sure = (explanation: Explanation | undefined): boolean =>
    explanation !== undefined && explanation.probability >= ruleset.bands.sayProbability
  const state = stateSeen(leader, nowMs, world)
  const stillOut = state === 'restored' && said === 'yes'
  const isNamed = confirmed !== undefined || isRuled(leader)
  const certain = isNamed || sure(leader)
  const answerable = certain || isAnswerable(complaint, ranked, world)
  return {
    verdict: 'explained',
    ranked,
    noneProbability,
    leader,
    state,
    band: stillOut || !answerable ? 'dispatch' : certain ? 'say' : 'ask',
    confirmed: isNamed,
    disputed: confirmed !== undefined && strongest !== leader && sure(strongest),
    stillOut,
  }
}

/** People confirmed it on its outage: that holds for whoever joins. */
function isRuled({ root, members }: Explanation): boolean {
  return root.ruling === 'confirmed' || members.some(({ cause }) => cause.ruling === 'confirmed')
}

function withCrowds(complaint: Complaint, world: World): readonly Candidate[] {
  const found = candidatesFor(complaint, world.topology, world.causes, world.ruleset)
  const crowds = crowdsFor(complaint, found, world)
  if (crowds.length === 0) return found
  const better = new Set(crowds.map(({ cause }) => cause))
  return [...found.filter(({ cause }) => !better.has(cause)), ...crowds]
}

/** What fits the complaint, and what a person confirmed whether it fits or not. */
function candidatesOf(complaint: Complaint, world: World): readonly Candidate[] {
  const candidates = withCrowds(complaint, world)
  const confirmed = confirmedCause(complaint, world)
  if (confirmed === undefined) return candidates
  const isThere = candidates.some(
    ({ cause }) =>
      cause === confirmed || rootOf(cause, world.topology, world.causes, world.ruleset) === confirmed,
  )
  if (isThere) return candidates
  return [...candidates, confirmedCandidate(confirmed)]
}

function confirmedCause(complaint: Complaint, { causes }: World): Cause | undefined {
  const { confirmed } = standingVerdicts(complaint)
  return confirmed === undefined ? undefined : causes.find(confirmed)
}
