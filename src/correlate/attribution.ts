import type { Alternative, Assessment, Evidence } from '../../schemas/attribution.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Candidate } from './candidates.ts'
import { type Complaint, refOf } from './model.ts'
import { chainOf, detailOf, withoutCause } from './chain.ts'
import { weigh } from './evidence.ts'
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
  const frame = {
    noneProbability,
    alternatives: others
      .slice(0, maxAlternatives)
      .map((explanation) => alternativeOf(complaint, explanation, leader ?? ranked[0], world)),
    restProbability: round6(
      others.slice(maxAlternatives).reduce((sum, { probability }) => sum + probability, 0),
    ),
    band,
    ruleset: ruleset.version,
    engineVersion,
    ...(complaint.tooLate && { tooLate: true as const }),
    ...(complaint.repeatOf !== undefined && { repeatOf: complaint.repeatOf }),
  }
  if (judgement.verdict === 'explained') return { ...frame, ...explained(complaint, judgement, nowMs, world) }
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
): Pick<Attribution, 'verdict' | 'chain' | 'probability' | 'evidence' | 'words' | 'detail'> &
  Partial<Attribution> {
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
    evidence: itemise(complaint, best, world),
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

function itemise(complaint: Complaint, candidate: Candidate, world: World): Evidence[] {
  const items: Evidence[] = []
  weigh(complaint, candidate, world, items)
  return items
}

function alternativeOf(
  complaint: Complaint,
  explanation: Explanation,
  leader: Explanation | undefined,
  world: World,
): Alternative {
  const evidence = itemise(complaint, explanation.best, world)
  const against = leader === undefined || leader === explanation ? [] : itemise(complaint, leader.best, world)
  const lost = lostBy(evidence, against)
  return {
    cause: refOf(explanation.best.cause),
    root: refOf(explanation.root),
    title: explanation.best.cause.title,
    probability: explanation.probability,
    evidence,
    ...(lost !== undefined && { lostBy: lost }),
  }
}

/** The term in which one lies furthest behind the other. */
function lostBy(mine: readonly Evidence[], theirs: readonly Evidence[]): Evidence['term'] | undefined {
  const lead = new Map<Evidence['term'], number>()
  for (const { term, weightNats } of theirs) lead.set(term, (lead.get(term) ?? 0) + weightNats)
  for (const { term, weightNats } of mine) lead.set(term, (lead.get(term) ?? 0) - weightNats)
  const [worst] = [...lead].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return worst !== undefined && worst[1] > 0 ? worst[0] : undefined
}
