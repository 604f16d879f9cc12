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

/** What of a cause its company is held against. */
type Begun = Pick<Cause, 'startMs' | 'endMs' | 'sites' | 'company'>

/** Customers to be expected among a cause's company though it hurt nobody. */
export function expectedCompany(cause: Begun, { coverage, times }: Ruleset): number {
  // Up to the last of them: how long it will go on nobody knows, and what is not over yet has had no time to be quiet.
  const lastMs = Math.min(cause.endMs, cause.company.lastMs)
  const hours = Math.max(minHours, Math.min(times.companyMs, lastMs - cause.startMs) / hourMs)
  return coverage.backgroundPerSiteHour * cause.sites * hours
}

/** How often the customers who fit the cause double what was to be expected without it, within the ruleset's bounds. */
export function companyDoublings(others: number, cause: Begun, ruleset: Ruleset): number {
  const { companyMinDoublings, companyMaxDoublings } = ruleset.weights
  const doublings = Math.round(Math.log2((1 + others) / (1 + expectedCompany(cause, ruleset))))
  return Math.max(companyMinDoublings, Math.min(companyMaxDoublings, doublings))
}

/**
 * By how much a change of company changed the figure that it weighs: for those in it, who do not count themselves, and for
 * others. In whole doublings and capped: so a cause's complaints are weighed again a few times in all, however many
 * come (E6).
 */
export interface Shift {
  readonly members: number
  readonly others: number
}

export const noShift: Shift = { members: 0, others: 0 }

/** Counts a complaint in. */
export function join(cause: Cause, complaint: Complaint, ruleset: Ruleset): Shift {
  if (complaint.counted.has(cause)) return noShift
  return shiftBy(cause, ruleset, () => countIn(cause, complaint))
}

export function countIn(cause: Cause, complaint: Complaint): void {
  cause.company.add(complaint)
  complaint.counted.add(cause)
}

/** Counts a complaint out. */
export function leave(cause: Cause, complaint: Complaint, ruleset: Ruleset): Shift {
  if (!complaint.counted.delete(cause)) return noShift
  return shiftBy(cause, ruleset, () => cause.company.delete(complaint))
}

/** Nobody is counted any more; the caller counts anew, or the cause is gone. */
export function disband(cause: Cause): void {
  for (const complaint of cause.company.complaints) complaint.counted.delete(cause)
  cause.company.clear()
}

export function shiftBy(cause: Cause, ruleset: Ruleset, change: () => void): Shift {
  return shiftFrom(cause, cause, ruleset, change)
}

/** The same, where the cause itself was another before. */
export function shiftFrom(
  before: Omit<Begun, 'company'>,
  cause: Cause,
  ruleset: Ruleset,
  change: () => void,
): Shift {
  const { startMs, endMs, sites } = before
  const former = figuresOf({ startMs, endMs, sites, company: cause.company }, ruleset)
  change()
  const now = figuresOf(cause, ruleset)
  return { members: now.members - former.members, others: now.others - former.others }
}

function figuresOf(cause: Begun, ruleset: Ruleset): Shift {
  const { size } = cause.company
  return {
    members: companyDoublings(Math.max(0, size - 1), cause, ruleset),
    others: companyDoublings(size, cause, ruleset),
  }
}
