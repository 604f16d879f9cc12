import type { Evidence } from '../../schemas/attribution.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Confirmation } from '../../schemas/complaint.ts'
import { type Candidate, dependsOn } from './candidates.ts'
import type { Cause, Complaint } from './model.ts'
import { companyDoublings, expectedCompany } from './company.ts'
import { round6 } from './round.ts'
import { feedbackOn } from './verdicts.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000

/** One thing that is known of a complaint and a cause: what it weighs, and the figures that it was weighed by. */
interface Term {
  readonly term: Evidence['term']
  /** Nats; zero where it is unknown or says nothing. */
  readonly weigh: (complaint: Complaint, candidate: Candidate, ruleset: Ruleset) => number
  readonly figures: (complaint: Complaint, candidate: Candidate, ruleset: Ruleset) => Evidence['figures']
}

/**
 * How much better a cause explains a complaint than "no known cause" does, in nats: the sum of log likelihood ratios of
 * what is known, each unknown being neutral. The model is one of rates: where a cause holds, complaints come
 * `intensity` times as often as without it, thinned by place, time and symptom; company then corrects the intensity by
 * what was really seen.
 */
export function weigh(complaint: Complaint, candidate: Candidate, world: World): number {
  let total = 0
  for (const { weigh: weighTerm } of terms) total += round6(weighTerm(complaint, candidate, world.ruleset))
  for (const confirmation of complaint.facts.confirmations ?? none)
    total += round6(weighConfirmation(confirmation, candidate, world))
  return round6(total)
}

const none: readonly Confirmation[] = []

/** The same sum, item by item. */
export function itemise(complaint: Complaint, candidate: Candidate, world: World): Evidence[] {
  const { ruleset } = world
  const items: Evidence[] = []
  for (const { term, weigh: weighTerm, figures } of terms) {
    const weightNats = round6(weighTerm(complaint, candidate, ruleset))
    if (weightNats !== 0) items.push({ term, weightNats, figures: figures(complaint, candidate, ruleset) })
  }
  for (const confirmation of complaint.facts.confirmations ?? none) {
    const { about, answer } = confirmation
    const weightNats = round6(weighConfirmation(confirmation, candidate, world))
    if (weightNats !== 0)
      items.push({ term: 'confirmation', weightNats, figures: { about: about.id, answer } })
  }
  return items
}

/** In the order in which they are read out. */
const terms: readonly Term[] = [
  {
    term: 'impact',
    weigh: (_, { cause }) => cause.impact.intensityNats,
    figures: (_, { cause: { impact } }) => ({
      rule: impact.rule,
      intensity: Math.round(Math.exp(impact.intensityNats) * 100) / 100,
    }),
  },
  { term: 'severity', weigh: (_, { cause }) => cause.severityNats, figures: () => ({}) },
  {
    term: 'served-by',
    weigh: ({ servedBy }, { served }, { weights }) =>
      served ? weights.servedBy : servedBy === undefined ? 0 : weights.servedByOther,
    figures: ({ facts }) => ({ servedBy: facts.servedBy ?? '' }),
  },
  {
    // The network's own word on who served the customer beats all geometry.
    term: 'distance',
    weigh: ({ servedBy }, { share, served }) => (served || servedBy !== undefined ? 0 : Math.log(share)),
    figures: ({ uncertaintyMeters }, { share, meters }) => ({
      meters,
      share: round6(share),
      uncertaintyMeters,
    }),
  },
  {
    term: 'time',
    weigh: weighTime,
    figures: ({ fromMs, uncertaintyMs }, { cause }) => ({
      afterStartMs: fromMs - cause.startMs,
      uncertaintyMs,
    }),
  },
  {
    term: 'still-out',
    weigh: ({ facts, reportedMs }, { cause }, { weights, times }) =>
      facts.stillOut === 'yes' && cause.endMs + times.dwellMs < reportedMs ? weights.stillOutAfterEnd : 0,
    figures: ({ reportedMs }, { cause }) => ({ afterEndMs: reportedMs - cause.endMs }),
  },
  {
    term: 'symptom',
    weigh: ({ symptom }, { cause }) => (symptom === undefined ? 0 : cause.impact.symptomNats[symptom]),
    figures: ({ symptom }) => ({ symptom: symptom ?? '' }),
  },
  {
    // Gaps and the like collect complaints for years; their company in the window says nothing of this one.
    term: 'company',
    weigh: (complaint, { cause }, ruleset) =>
      cause.kind === 'gap'
        ? 0
        : ruleset.weights.companyDoubling * companyDoublings(othersOf(complaint, cause), cause, ruleset),
    figures: (complaint, { cause }, ruleset) => ({
      customers: othersOf(complaint, cause),
      expected: round6(expectedCompany(cause, ruleset)),
      sites: cause.sites,
    }),
  },
  {
    term: 'feedback',
    weigh: (complaint, { cause }, { weights }) =>
      weights.feedback * clamp(feedbackOn(cause, complaint), weights.feedbackMax),
    figures: (complaint, { cause }) => ({ confirmedLessRejected: feedbackOn(cause, complaint) }),
  },
  {
    term: 'setting',
    weigh: ({ facts: { setting } }, { cause: { settingOnly } }, { weights }) => {
      if (settingOnly === undefined || setting === undefined) return 0
      return settingOnly === setting ? weights.settingMatch : weights.settingMismatch
    },
    figures: ({ facts: { setting } }) => ({ setting: setting ?? '' }),
  },
  {
    term: 'pattern',
    weigh: ({ facts: { trouble } }, { cause }, { weights }) => {
      if (cause.kind !== 'gap') return 0
      return trouble.pattern === 'chronic'
        ? weights.chronicGap
        : trouble.pattern === 'sudden'
          ? weights.suddenGap
          : 0
    },
    figures: ({ facts: { trouble } }) => ({ pattern: trouble.pattern ?? '' }),
  },
]

/**
 * Near the start: customers notice a failure when it begins. Later inside it: fewer do, the longer it lasts. Before its
 * start or after its end: against it, by the square of the deviation, as of a normally distributed error.
 */
function weighTime(
  { fromMs, uncertaintyMs }: Complaint,
  { cause }: Candidate,
  { weights, times }: Ruleset,
): number {
  if (cause.kind === 'gap') return 0
  const sinceStartMs = fromMs - cause.startMs
  const deviation =
    (Math.max(0, -sinceStartMs, fromMs - cause.endMs) /
      Math.max(1, times.onsetSlackMs + uncertaintyMs / 2)) **
    2
  const onset = Math.abs(sinceStartMs) <= times.onsetSlackMs + uncertaintyMs
  // A vague time near the start says less than an exact one.
  const sharpness = Math.min(1, (2 * times.onsetSlackMs) / Math.max(1, times.onsetSlackMs + uncertaintyMs))
  const fit = onset
    ? weights.timeOnset * sharpness
    : weights.timeInside + weights.timeAge * Math.log2(1 + Math.max(0, sinceStartMs) / hourMs)
  return fit + weights.timeOutside * deviation
}

/** "Yes, near that one" speaks for its causes and against all others; "no" only against its own. */
function weighConfirmation({ about, answer }: Confirmation, { cause }: Candidate, world: World): number {
  if (answer === 'unknown') return 0
  const { weights } = world.ruleset
  const meant = isMeant(cause, about, world)
  if (answer === 'yes') return meant ? weights.confirmedYes : weights.confirmedNo / 2
  return meant ? weights.confirmedNo : 0
}

/** Customers in the cause's company, the complaint's own left out. */
function othersOf({ customer }: Complaint, { company }: Cause): number {
  return company.size - (company.has(customer) ? 1 : 0)
}

/** Is it the named thing itself, or a failure of what serves there: of the element, its cells, what they depend on? */
function isMeant(cause: Cause, { kind, id }: Confirmation['about'], { topology }: World): boolean {
  if (kind !== 'element') return kind === cause.kind && id === cause.id
  const node = topology.node(id)
  if (node === undefined) return false
  return dependsOn(node, cause, topology) || cause.nodes.some(({ parent }) => parent === node)
}

const clamp = (value: number, bound: number): number => Math.max(-bound, Math.min(bound, value))
