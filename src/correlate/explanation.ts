import type { CauseState } from '../../schemas/attribution.ts'
import type { Candidate } from './candidates.ts'
import type { Cause, Complaint, Step } from './model.ts'
import { weigh } from './evidence.ts'
import { stepsToRoot } from './roots.ts'
import { round6 } from './round.ts'
import { standingVerdicts } from './verdicts.ts'
import type { World } from './world.ts'

/** Candidates with one root: one explanation, however many alarms show it. */
export interface Explanation {
  readonly root: Cause
  /** The candidate that fits best, from which the chain starts. */
  readonly best: Candidate
  readonly steps: readonly Step[]
  readonly nats: number
  readonly members: readonly Candidate[]
  probability: number
}

/** Candidates by root, without those whose root or self a person rejected for this complaint; sorted by the root's key. */
export function explain(complaint: Complaint, candidates: readonly Candidate[], world: World): Explanation[] {
  const byRoot = new Map<Cause, Draft>()
  const { rejected, confirmed } = saidOf(complaint, world)
  // What was said of this complaint goes before what was said of an outage.
  const isOut = (cause: Cause): boolean =>
    rejected.has(cause) || (cause.ruling === 'rejected' && cause !== confirmed)
  for (const candidate of candidates) {
    if (isOut(candidate.cause)) continue
    const steps = stepsToRoot(candidate.cause, world.topology, world.causes, world.ruleset)
    const root = steps.at(-1)?.cause ?? candidate.cause
    if (isOut(root)) continue
    const nats = weigh(complaint, candidate, world)
    const group = byRoot.get(root)
    if (group === undefined) {
      byRoot.set(root, { root, best: candidate, steps, nats, members: [candidate], probability: 0 })
      continue
    }
    group.members.push(candidate)
    if (nats < group.nats || (nats === group.nats && candidate.cause.key > group.best.cause.key)) continue
    group.best = candidate
    group.steps = steps
    group.nats = nats
  }
  return [...byRoot.values()].sort((a, b) => (a.root.key < b.root.key ? -1 : 1))
}

/** An explanation while its candidates are gathered. */
type Draft = { -readonly [Field in keyof Explanation]: Explanation[Field] } & {
  readonly members: Candidate[]
}

/** The causes that people rejected and confirmed for this complaint. */
function saidOf(
  complaint: Complaint,
  { causes }: World,
): { readonly rejected: ReadonlySet<Cause | undefined>; readonly confirmed: Cause | undefined } {
  const { rejected, confirmed } = standingVerdicts(complaint)
  return {
    rejected: rejected.size === 0 ? nothing : new Set([...rejected].map((key) => causes.find(key))),
    confirmed: confirmed === undefined ? undefined : causes.find(confirmed),
  }
}

const nothing: ReadonlySet<undefined> = new Set()

/** Softmax over explanations and "no known cause"; answers the latter's probability. Rounded, they still sum to one. */
export function shareOut(explanations: readonly Explanation[], noneNats: number): number {
  const strongest = explanations.reduce((max, { nats }) => Math.max(max, nats), noneNats)
  const none = Math.exp(noneNats - strongest)
  const sum = explanations.reduce((total, { nats }) => total + Math.exp(nats - strongest), none)
  let left = 1
  for (const explanation of explanations) {
    explanation.probability = round6(Math.exp(explanation.nats - strongest) / sum)
    left -= explanation.probability
  }
  return Math.max(0, round6(left))
}

/**
 * The state that may be told: of all that shows this root at the complaint's place the worst, since "restored" while
 * one alarm stands would be false. A root that works or power caused is over when what it broke is.
 */
export function stateSeen({ root, members }: Explanation, nowMs: number, { ruleset }: World): CauseState {
  const involved = root.kind === 'alarm' && root.impact.effect === 'down' ? [root] : []
  const states = [...members.map(({ cause }) => cause), ...involved].map((cause) =>
    stateOf(cause, nowMs, ruleset.times.dwellMs),
  )
  return (
    (['standing', 'ongoing', 'watched', 'restored', 'planned'] as const).find((state) =>
      states.includes(state),
    ) ?? 'ongoing'
  )
}

/** The state of one cause: a clear counts as restored once it has held for the dwell (观察期). */
export function stateOf(cause: Cause, nowMs: number, dwellMs: number): CauseState {
  if (cause.kind === 'gap' && cause.endMs > nowMs) return 'standing'
  if (cause.startMs > nowMs) return 'planned'
  if (cause.endMs > nowMs) return 'ongoing'
  return cause.endMs + dwellMs > nowMs ? 'watched' : 'restored'
}
