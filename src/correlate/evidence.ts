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

/**
 * How much better a cause explains a complaint than "no known cause" does, in nats: the sum of log likelihood ratios of
 * what is known, each unknown being neutral. The model is one of rates: where a cause holds, complaints come
 * `intensity` times as often as without it, thinned by place, time and symptom; company then corrects the intensity by
 * what was really seen. Pass `items` to have the evidence itemised.
 */
export function weigh(complaint: Complaint, candidate: Candidate, world: World, items?: Evidence[]): number {
  const { cause } = candidate
  const { ruleset } = world
  let total = 0
  const add = (term: Evidence['term'], weight: number, figures: () => Evidence['figures']): void => {
    const weightNats = round6(weight)
    if (weightNats === 0) return
    total += weightNats
    items?.push({ term, weightNats, figures: figures() })
  }
  add('impact', cause.impact.intensityNats, () => ({
    rule: cause.impact.rule,
    intensity: Math.round(Math.exp(cause.impact.intensityNats) * 100) / 100,
  }))
  add('severity', cause.severityNats, () => ({}))
  weighPlace(complaint, candidate, ruleset, add)
  weighTime(complaint, cause, ruleset, add)
  if (complaint.symptom !== undefined) {
    const { symptom } = complaint
    add('symptom', cause.impact.symptomNats[symptom], () => ({ symptom }))
  }
  weighCompany(complaint, cause, ruleset, add)
  weighWords(complaint, candidate, world, add)
  return round6(total)
}

type Add = (term: Evidence['term'], weight: number, figures: () => Evidence['figures']) => void

function weighPlace(
  complaint: Complaint,
  { share, meters, served }: Candidate,
  { weights }: Ruleset,
  add: Add,
): void {
  if (served) return add('served-by', weights.servedBy, () => ({ servedBy: complaint.facts.servedBy ?? '' }))
  if (complaint.servedBy !== undefined)
    return add('served-by', weights.servedByOther, () => ({ servedBy: complaint.facts.servedBy ?? '' }))
  add('distance', Math.log(share), () => ({
    meters,
    share: round6(share),
    uncertaintyMeters: complaint.uncertaintyMeters,
  }))
}

/**
 * Near the start: customers notice a failure when it begins. Later inside it: fewer do, the longer it lasts. Before its
 * start or after its end: against it, by the square of the deviation, as of a normally distributed error.
 */
function weighTime(complaint: Complaint, cause: Cause, { weights, times }: Ruleset, add: Add): void {
  const { fromMs, uncertaintyMs } = complaint
  if (cause.kind !== 'gap') {
    const sinceStartMs = fromMs - cause.startMs
    const deviation =
      (Math.max(0, -sinceStartMs, fromMs - cause.endMs) /
        Math.max(1, times.onsetSlackMs + uncertaintyMs / 2)) **
      2
    const onset = Math.abs(sinceStartMs) <= times.onsetSlackMs + uncertaintyMs
    // A vague time near the start says less than an exact one.
    const sharpness = Math.min(1, (2 * times.onsetSlackMs) / Math.max(1, times.onsetSlackMs + uncertaintyMs))
    const age = weights.timeInside + weights.timeAge * Math.log2(1 + Math.max(0, sinceStartMs) / hourMs)
    const weight = (onset ? weights.timeOnset * sharpness : age) + weights.timeOutside * deviation
    add('time', weight, () => ({ afterStartMs: sinceStartMs, uncertaintyMs }))
  }
  if (complaint.facts.stillOut === 'yes' && cause.endMs + times.dwellMs < complaint.reportedMs)
    add('still-out', weights.stillOutAfterEnd, () => ({ afterEndMs: complaint.reportedMs - cause.endMs }))
}

function weighCompany(complaint: Complaint, cause: Cause, ruleset: Ruleset, add: Add): void {
  const others = cause.company.size - (cause.company.has(complaint.customer) ? 1 : 0)
  const doublings = companyDoublings(others, cause, ruleset)
  // Gaps and the like collect complaints for years; their company in the window says nothing of this one.
  if (cause.kind !== 'gap')
    add('company', ruleset.weights.companyDoubling * doublings, () => ({
      customers: others,
      expected: round6(expectedCompany(cause, ruleset)),
      sites: cause.sites,
    }))
  const feedback = feedbackOn(cause, complaint)
  add('feedback', ruleset.weights.feedback * clamp(feedback, ruleset.weights.feedbackMax), () => ({
    confirmedLessRejected: feedback,
  }))
}

/** What the customer said of the place, the setting and how the trouble comes. */
function weighWords(complaint: Complaint, { cause }: Candidate, world: World, add: Add): void {
  const { weights } = world.ruleset
  const { confirmations, setting, trouble } = complaint.facts
  for (const { about, answer } of confirmations ?? []) {
    if (answer === 'unknown') continue
    const meant = isMeant(cause, about, world)
    // "Yes, near that one" speaks for its causes and against all others; "no" only against its own.
    if (answer === 'yes')
      add('confirmation', meant ? weights.confirmedYes : weights.confirmedNo / 2, () => ({
        about: about.id,
        answer,
      }))
    else if (meant) add('confirmation', weights.confirmedNo, () => ({ about: about.id, answer }))
  }
  if (cause.kind !== 'gap') return
  const indoors = cause.settingOnly
  if (indoors !== undefined && setting !== undefined)
    add('setting', indoors === setting ? weights.settingMatch : weights.settingMismatch, () => ({ setting }))
  if (trouble.pattern === 'chronic') add('pattern', weights.chronicGap, () => ({ pattern: 'chronic' }))
  if (trouble.pattern === 'sudden') add('pattern', weights.suddenGap, () => ({ pattern: 'sudden' }))
}

/** Is it the named thing itself, or a failure of what serves there: of the element, its cells, what they depend on? */
function isMeant(cause: Cause, { kind, id }: Confirmation['about'], { topology }: World): boolean {
  if (kind !== 'element') return kind === cause.kind && id === cause.id
  const node = topology.node(id)
  if (node === undefined) return false
  return dependsOn(node, cause, topology) || cause.nodes.some(({ parent }) => parent === node)
}

const clamp = (value: number, bound: number): number => Math.max(-bound, Math.min(bound, value))
