import type { Alternative, Assessment, Evidence } from '../../schemas/attribution.ts'
import { toInstant } from '../../schemas/instant.ts'
import { type Candidate, candidatesFor } from './candidates.ts'
import { type Cause, type Complaint, refOf } from './model.ts'
import { chainOf, detailOf } from './chain.ts'
import { weigh } from './evidence.ts'
import { explain, type Explanation, shareOut, stateSeen } from './explanation.ts'
import { questionFor, whereQuestion } from './question.ts'
import { round6 } from './round.ts'
import { say, scriptFor } from './words.ts'
import type { World } from './world.ts'

export interface Attribution {
  readonly assessment: Omit<Assessment, 'outageId'>
  /** Root and direct cause of what is said; none where nothing explains. */
  readonly root: Cause | undefined
  readonly direct: Cause | undefined
}

/** Alternatives kept with their evidence; the rest is summed. */
const maxAlternatives = 5

/** What the facts say of a complaint at a moment. Deterministic: candidates are summed in the order of their keys (E1). */
export function attribute(
  complaint: Complaint,
  candidates: readonly Candidate[],
  nowMs: number,
  world: World,
  engineVersion: string,
): Attribution {
  const { ruleset } = world
  const frame = {
    ruleset: ruleset.version,
    engineVersion,
    ...(complaint.tooLate && { tooLate: true as const }),
    ...repeat(complaint),
  }
  const nothing = { chain: [], evidence: [], alternatives: [], probability: 0, restProbability: 0, ...frame }
  const { scope } = complaint.facts
  if (scope !== 'network') {
    const words = say(ruleset, scope === 'notNetwork' ? 'not-network' : 'customer-side')
    const detail = detailOf([], words, complaint.facts.scopeReason)
    const assessment = { ...nothing, verdict: scope, noneProbability: 1, band: 'say', words, detail } as const
    return { assessment, root: undefined, direct: undefined }
  }

  const explanations = explain(complaint, candidates, world)
  const noneProbability = shareOut(explanations, ruleset.weights.none)
  const ranked = explanations.sort(
    (a, b) => b.probability - a.probability || (a.root.key < b.root.key ? -1 : 1),
  )
  const confirmed = ranked.find(
    ({ root, best }) => complaint.confirmed === root.key || complaint.confirmed === best.cause.key,
  )
  const leader = confirmed ?? ranked[0]
  const explained =
    leader !== undefined && (confirmed !== undefined || leader.probability >= ruleset.bands.askProbability)
  const others = explained ? ranked.filter((explanation) => explanation !== leader) : ranked
  const alternatives = others.slice(0, maxAlternatives)
  const shared = {
    ...frame,
    noneProbability,
    alternatives: alternatives.map((explanation) => alternativeOf(complaint, explanation, leader, world)),
    restProbability: round6(
      others.slice(maxAlternatives).reduce((sum, { probability }) => sum + probability, 0),
    ),
  }
  if (!explained) {
    const placeless = complaint.point === undefined && complaint.servedBy === undefined
    const words = say(ruleset, 'none')
    const ask = placeless ? whereQuestion(ruleset) : undefined
    const assessment = {
      ...nothing,
      ...shared,
      verdict: 'unexplained',
      band: placeless ? 'ask' : 'dispatch',
      ...(ask && { question: ask }),
      words,
      detail: detailOf([], words),
    } as const
    return { assessment, root: undefined, direct: undefined }
  }

  const state = stateSeen(leader, nowMs, world)
  const chain = chainOf(leader, nowMs, world)
  const stillOut = state === 'restored' && complaint.facts.stillOut === 'yes'
  const expectedEndMs = leader.root.expectedEndMs ?? leader.best.cause.expectedEndMs
  const script = stillOut
    ? { words: say(ruleset, 'still-out') }
    : scriptFor(leader.root, expectedEndMs, state, nowMs, world)
  const certain = confirmed !== undefined || leader.probability >= ruleset.bands.sayProbability
  const band = stillOut ? 'dispatch' : certain ? 'say' : 'ask'
  const strongest = ranked[0]
  const disputed =
    confirmed !== undefined &&
    strongest !== leader &&
    (strongest?.probability ?? 0) >= ruleset.bands.sayProbability
  const assessment = {
    ...shared,
    verdict: 'explained',
    direct: refOf(leader.best.cause),
    root: refOf(leader.root),
    chain,
    probability: leader.probability,
    evidence: itemise(complaint, leader.best, world),
    state,
    band,
    ...(band === 'ask' && { question: questionFor(complaint, ranked, world) }),
    words: script.words,
    ...(script.wordsUntilMs !== undefined && { wordsUntil: toInstant(script.wordsUntilMs) }),
    ...(script.wordsAfter !== undefined && { wordsAfter: script.wordsAfter }),
    ...(script.expectedEndMs !== undefined && { expectedEnd: toInstant(script.expectedEndMs) }),
    detail: detailOf(chain, script.words),
    ...(confirmed !== undefined && { confirmed: true as const }),
    ...(disputed && { disputed: true as const }),
  } as const
  return { assessment, root: leader.root, direct: leader.best.cause }
}

function itemise(complaint: Complaint, candidate: Candidate, world: World): Evidence[] {
  const items: Evidence[] = []
  weigh(complaint, candidate, world.ruleset, items)
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

function repeat({ repeatOf }: Complaint): { repeatOf?: string } {
  return repeatOf === undefined ? {} : { repeatOf }
}

/** Candidates and attribution in one. */
export function assess(
  complaint: Complaint,
  nowMs: number,
  world: World,
  engineVersion: string,
): Attribution {
  const candidates = candidatesFor(complaint, world.topology, world.causes, world.ruleset)
  return attribute(complaint, candidates, nowMs, world, engineVersion)
}
