import type { Alternative, Assessment, Evidence } from '../../schemas/attribution.ts'
import { toInstant } from '../../schemas/instant.ts'
import { type Complaint, refOf } from './model.ts'
import { chainOf, detailOf, withoutCause } from './chain.ts'
import { itemise } from './evidence.ts'
import type { Explanation } from './explanation.ts'
import type { Judgement } from './judgement.ts'
import { questionFor, whereQuestion } from './question.ts'
import { round6 } from './round.ts'
import { say, scriptFor } from './words.ts'
import type { World } from './world.ts'

/** An assessment, but for the outage, which is the decision's to find or open. */
type Attribution = Omit<Assessment, 'outageId'>

/** Alternatives kept with their evidence; the rest is summed. */
const maxAlternatives = 5

/** Puts a judgement into words, evidence and figures. */
export function attribution(
  complaint: Complaint,
  judgement: Judgement,
  nowMs: number,
  world: World,
  engineVersion: string,
): Attribution {
  const { ruleset } = world
  const { ranked, noneProbability, band } = judgement
  const leader = judgement.verdict === 'explained' ? judgement.leader : undefined
  const others = ranked.filter((explanation) => explanation !== leader)
  const strongest = leader ?? ranked[0]
  const evidence = strongest === undefined ? [] : itemise(complaint, strongest.best, world)
  const frame = {
    noneProbability,
    alternatives: others
      .slice(0, maxAlternatives)
      .map((explanation) =>
        explanation === strongest
          ? alternativeOf(explanation, evidence, [])
          : alternativeOf(explanation, itemise(complaint, explanation.best, world), evidence),
      ),
    restProbability: round6(
      others.slice(maxAlternatives).reduce((sum, { probability }) => sum + probability, 0),
    ),
    band,
    ruleset: ruleset.version,
    engineVersion,
    ...(complaint.tooLate && { tooLate: true as const }),
    ...(complaint.repeatOf !== undefined && { repeatOf: complaint.repeatOf }),
  }
  if (judgement.verdict === 'explained')
    return { ...frame, evidence, ...explained(complaint, judgement, nowMs, world) }
  // Nothing but the place is missing: the agent asks for it, and promises nothing.
  const question = band === 'ask' ? whereQuestion(ruleset) : undefined
  const words = question?.words ?? say(ruleset, wordsWithoutCause[judgement.verdict])
  return {
    ...frame,
    verdict: judgement.verdict,
    chain: [],
    evidence: [],
    probability: 0,
    ...(question !== undefined && { question }),
    words,
    detail: withoutCause(words, complaint.facts.scopeReason),
  }
}

const wordsWithoutCause = {
  unexplained: 'none',
  notNetwork: 'not-network',
  customerSide: 'customer-side',
} as const

function explained(
  complaint: Complaint,
  {
    leader,
    ranked,
    state,
    band,
    confirmed,
    disputed,
    stillOut,
  }: Extract<Judgement, { verdict: 'explained' }>,
  nowMs: number,
  world: World,
): Pick<Attribution, 'verdict' | 'chain' | 'probability' | 'words' | 'detail'> & Partial<Attribution> {
  const { root, best } = leader
  const chain = chainOf(leader, nowMs, world)
  const script = stillOut
    ? { words: say(world.ruleset, 'still-out') }
    : scriptFor(leader, state, nowMs, world)
  return {
    verdict: 'explained',
    direct: refOf(best.cause),
    root: refOf(root),
    chain,
    probability: leader.probability,
    state,
    ...(band === 'ask' && { question: questionFor(complaint, ranked, world) }),
    words: script.words,
    ...(script.wordsUntilMs !== undefined && { wordsUntil: toInstant(script.wordsUntilMs) }),
    ...(script.wordsAfter !== undefined && { wordsAfter: script.wordsAfter }),
    ...(script.expectedEndMs !== undefined && { expectedEnd: toInstant(script.expectedEndMs) }),
    detail: detailOf(chain, world.ruleset.timeZone),
    ...(confirmed && { confirmed: true as const }),
    ...(disputed && { disputed: true as const }),
  }
}

function alternativeOf(
  { best, root, probability }: Explanation,
  evidence: readonly Evidence[],
  against: readonly Evidence[],
): Alternative {
  const lost = lostBy(evidence, against)
  return {
    cause: refOf(best.cause),
    root: refOf(root),
    title: best.cause.title,
    probability,
    evidence: [...evidence],
    ...(lost !== undefined && { lostBy: lost }),
  }
}

/** The term in which one lies furthest behind the other. */
function lostBy(mine: readonly Evidence[], theirs: readonly Evidence[]): Evidence['term'] | undefined {
  let worst: Evidence['term'] | undefined
  let furthest = 0
  for (const { term } of [...theirs, ...mine]) {
    const behind = sumOf(theirs, term) - sumOf(mine, term)
    if (behind > furthest || (behind === furthest && worst !== undefined && term < worst))
      [worst, furthest] = [term, behind]
  }
  return worst
}

function sumOf(evidence: readonly Evidence[], of: Evidence['term']): number {
  return evidence.reduce((sum, { term, weightNats }) => (term === of ? sum + weightNats : sum), 0)
}
