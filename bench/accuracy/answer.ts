import type { Assessment, CauseRef } from '../../schemas/attribution.ts'
import type { ComplaintTruth } from '../../src/simulate/feed-event.ts'

/** One answer to "what was it?": the direct cause and its root, or no refs at all for "nothing that is known". */
export interface Answer {
  readonly refs: readonly CauseRef[]
  readonly probability: number
}

/** What is judged of one complaint. */
export interface Attributed {
  /** Best first, with "nothing that is known" in its place among them. */
  readonly answers: readonly Answer[]
  readonly clusterId?: string
}

/** The answers within an engine's attribution: what it decided first, the rest by probability. */
export function answersOf(
  assessment: Pick<
    Assessment,
    'verdict' | 'direct' | 'root' | 'probability' | 'noneProbability' | 'alternatives'
  >,
): Answer[] {
  const none: Answer = { refs: [], probability: assessment.noneProbability }
  const rest = assessment.alternatives.map(({ cause, root, probability }) => ({
    refs: [cause, root],
    probability,
  }))
  const refs = [assessment.direct, assessment.root].filter((ref) => ref !== undefined)
  if (assessment.verdict !== 'explained' || refs.length === 0) return [none, ...byProbability(rest)]
  return [{ refs, probability: assessment.probability }, ...byProbability([...rest, none])]
}

function byProbability(answers: readonly Answer[]): Answer[] {
  return answers.toSorted((a, b) => b.probability - a.probability)
}

/** Names any trace of the true trouble, direct or root; or nothing, where it left none. */
export function isRightAnswer(truth: ComplaintTruth, { refs }: Answer): boolean {
  if (refs.length === 0) return truth.accepted.length === 0
  return refs.some((ref) => truth.accepted.some(({ kind, id }) => kind === ref.kind && id === ref.id))
}
