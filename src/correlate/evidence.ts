import type { Evidence } from '../../schemas/attribution.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Confirmation } from '../../schemas/complaint.ts'
import { type Candidate, dependsOn } from './candidates.ts'
import { type Cause, type Complaint, type ElementNode, siteOf } from './model.ts'
import { companyDoublings, expectedCompany } from './company.ts'
import { round6 } from './round.ts'
import { stillOutNats, timeNats } from './time-fit.ts'
import { feedbackOn } from './verdicts.ts'
import type { World } from './world.ts'

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
    // The network's word beside the customer's.
    term: 'served-by',
    weigh: (complaint, candidate, ruleset) =>
      complaint.servedBy === undefined ? 0 : servedByNats(complaint, complaint.servedBy, candidate, ruleset),
    figures: ({ facts }) => ({ servedBy: facts.servedBy ?? '' }),
  },
  {
    term: 'distance',
    weigh: ({ servedBy }, { share }) => (servedBy === undefined ? Math.log(share) : 0),
    figures: ({ uncertaintyMeters }, { share, meters }) => ({
      meters,
      share: round6(share),
      uncertaintyMeters,
    }),
  },
  {
    term: 'time',
    weigh: (complaint, { cause }, ruleset) => timeNats(complaint, cause, ruleset),
    figures: ({ fromMs, uncertaintyMs }, { cause }) => ({
      afterStartMs: fromMs - cause.startMs,
      uncertaintyMs,
    }),
  },
  {
    term: 'still-out',
    weigh: (complaint, { cause }, ruleset) => stillOutNats(complaint, cause, ruleset),
    figures: ({ reportedMs }, { cause: { endMs } }) =>
      reportedMs > endMs ? { afterEndMs: reportedMs - endMs } : {},
  },
  {
    term: 'pattern',
    weigh: (complaint, { cause }, ruleset) => patternNats(complaint, cause, ruleset),
    figures: ({ facts: { trouble } }) => ({ pattern: trouble.pattern ?? '' }),
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
]

/** By Bayes' rule, the shares that the place gives weighed with how often the network names the element that really served. */
function servedByNats(
  complaint: Complaint,
  servedBy: ElementNode,
  { share, served }: Candidate,
  { weights }: Ruleset,
): number {
  const own = Math.max(leastOwnShare, shareServedBy(complaint, servedBy))
  const right = Math.exp(weights.servedBy)
  const wrong = Math.exp(weights.servedByOther)
  const all = own * right + (1 - own) * wrong
  return Math.log(served ? (own * right) / all : (share * wrong) / all)
}

/** The share at the stated place of the element that the network names, or of its site. */
function shareServedBy({ hits, point }: Complaint, servedBy: ElementNode): number {
  if (point === undefined) return 1
  const site = siteOf(servedBy)
  return hits.find(({ node }) => node === site || node === servedBy)?.share ?? 0
}
/** The network names an element that the place speaks against: one of the two is wrong. */
const leastOwnShare = 0.1

/** How the trouble comes: failures strike at once, what is merely bad comes and goes, and a gap is always there. */
function patternNats({ facts }: Complaint, cause: Cause, { weights, told }: Ruleset): number {
  const { pattern } = facts.trouble
  if (cause.kind === 'gap')
    return pattern === 'chronic' ? weights.chronicGap : pattern === 'sudden' ? weights.suddenGap : 0
  if (told === undefined) return 0
  const fails = cause.kind !== 'alarm' || cause.impact.effect === 'down'
  if (pattern === 'sudden') return fails ? told.suddenFailure : told.suddenDegraded
  if (pattern === 'intermittent') return fails ? told.intermittentFailure : told.intermittentDegraded
  return 0
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
