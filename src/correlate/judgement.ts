import type { Band, CauseState } from '../../schemas/attribution.ts'
import { candidatesFor } from './candidates.ts'
import { explain, type Explanation, shareOut, stateSeen } from './explanation.ts'
import type { Complaint } from './model.ts'
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

  const candidates = candidatesFor(complaint, world.topology, world.causes, ruleset)
  const explanations = explain(complaint, candidates, world)
  const noneProbability = shareOut(explanations, ruleset.weights.none)
  const ranked = explanations.sort(
    (a, b) => b.probability - a.probability || (a.root.key < b.root.key ? -1 : 1),
  )
  const confirmed = ranked.find(
    ({ root, best }) => complaint.confirmed === root.key || complaint.confirmed === best.cause.key,
  )
  const [strongest] = ranked
  const leader = confirmed ?? strongest
  if (
    leader === undefined ||
    (confirmed === undefined && leader.probability < ruleset.bands.askProbability)
  ) {
    const placeless = complaint.point === undefined && complaint.servedBy === undefined
    return { verdict: 'unexplained', ranked, noneProbability, band: placeless ? 'ask' : 'dispatch' }
  }

  const sure = (explanation: Explanation | undefined): boolean =>
    explanation !== undefined && explanation.probability >= ruleset.bands.sayProbability
  const state = stateSeen(leader, nowMs, world)
  const stillOut = state === 'restored' && said === 'yes'
  const certain = confirmed !== undefined || sure(leader)
  return {
    verdict: 'explained',
    ranked,
    noneProbability,
    leader,
    state,
    band: stillOut ? 'dispatch' : certain ? 'say' : 'ask',
    confirmed: confirmed !== undefined,
    disputed: confirmed !== undefined && strongest !== leader && sure(strongest),
    stillOut,
  }
}
