import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Cause, Complaint } from './model.ts'
import type { Candidate } from './candidates.ts'

const hourMs = 3_600_000
/** A cause younger than this is taken as this old, or its first complaint would already be a crowd. */
const minHours = 0.25
/** From this share of a place's customers on, a complaint there counts as company. */
const minCompanyShare = 0.15
/** A symptom less likely than this under the cause (nats against background) is another trouble. */
const minSymptomNats = -1

/**
 * Is the complaint company for a cause: near it, begun in its first hours, and alike? A matter of facts alone; what
 * either was attributed to plays no part, so that no error feeds itself and order does not matter (E4).
 */
export function isCompany(
  complaint: Complaint,
  { cause, share, served }: Candidate,
  { times }: Ruleset,
): boolean {
  if (complaint.aside || complaint.facts.scope !== 'network' || complaint.shared || cause.kind === 'gap')
    return false
  if (share < minCompanyShare && !served) return false
  const slackMs = times.onsetSlackMs + complaint.uncertaintyMs
  if (complaint.fromMs < cause.startMs - slackMs || complaint.fromMs > cause.startMs + times.companyMs)
    return false
  if (complaint.fromMs > cause.endMs + slackMs) return false
  return complaint.symptom === undefined || cause.impact.symptomNats[complaint.symptom] >= minSymptomNats
}

/** Customers to be expected among a cause's company though it hurt nobody. */
export function expectedCompany(cause: Cause, { coverage, times }: Ruleset): number {
  // Up to the last of them: how long it will go on nobody knows, and what is not over yet has had no time to be quiet.
  const lastMs = Math.min(cause.endMs, cause.company.lastMs)
  const hours = Math.max(minHours, Math.min(times.companyMs, lastMs - cause.startMs) / hourMs)
  return coverage.backgroundPerSiteHour * cause.sites * hours
}

/** How often the customers who fit the cause double what was to be expected without it, within the ruleset's bounds. */
export function companyDoublings(others: number, cause: Cause, ruleset: Ruleset): number {
  const { companyMinDoublings, companyMaxDoublings } = ruleset.weights
  const doublings = Math.round(Math.log2((1 + others) / (1 + expectedCompany(cause, ruleset))))
  return Math.max(companyMinDoublings, Math.min(companyMaxDoublings, doublings))
}

/** What a change of company did to the figure that it weighs: nothing, only more for everyone, or less for someone. */
export type Shift = 'none' | 'more' | 'less'

/** Counts a complaint in. */
export function join(cause: Cause, complaint: Complaint, ruleset: Ruleset): Shift {
  if (complaint.counted.has(cause)) return 'none'
  return shiftBy(cause, ruleset, () => {
    cause.company.add(complaint)
    complaint.counted.add(cause)
  })
}

/** Counts a complaint out. */
export function leave(cause: Cause, complaint: Complaint, ruleset: Ruleset): Shift {
  if (!complaint.counted.delete(cause)) return 'none'
  return shiftBy(cause, ruleset, () => cause.company.delete(complaint))
}

/** Nobody is counted any more; the caller counts anew, or the cause is gone. */
export function disband(cause: Cause): void {
  for (const complaint of cause.company.complaints) complaint.counted.delete(cause)
  cause.company.clear()
}

/**
 * What the company weighs, for those in it (who do not count themselves) and for others. In whole doublings and capped:
 * so a cause's complaints are weighed again a few times in all, however many come (E6).
 */
export function shiftBy(cause: Cause, ruleset: Ruleset, change: () => void): Shift {
  const [members, others] = weightsOf(cause, ruleset)
  change()
  const [membersNow, othersNow] = weightsOf(cause, ruleset)
  if (members === membersNow && others === othersNow) return 'none'
  return membersNow >= members && othersNow >= others ? 'more' : 'less'
}

function weightsOf(cause: Cause, ruleset: Ruleset): readonly [number, number] {
  const others = cause.company.size
  return [companyDoublings(Math.max(0, others - 1), cause, ruleset), companyDoublings(others, cause, ruleset)]
}
