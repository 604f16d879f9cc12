import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Cause, Complaint } from './model.ts'

/** What of a cause its time is made of. */
export type Lasting = Pick<Cause, 'kind' | 'startMs' | 'endMs' | 'impact'>

const hourMs = 3_600_000
/** Nobody tells a time more exactly. */
const leastMs = 60_000
/** A stated uncertainty is a bound rather than a deviation: most are nearer. */
const deviationOfStated = 0.8
/** The slope of the logistic function that comes nearest to the normal distribution (Bowling et al. 2009). */
const logisticSlope = 1.702

/**
 * How well a complaint's time fits a cause, in nats against a trouble at any time: the part of the told time (normally
 * distributed about what is said, with a tail where nobody asked how sure it is) that lies within the cause's time, worth
 * less the older the trouble is, and more where it is close to the start, for customers notice a failure when it begins.
 */
export function timeNats(complaint: Complaint, cause: Lasting, { weights, times, told }: Ruleset): number {
  if (cause.kind === 'gap') return 0
  const { fromMs, uncertaintyMs, timeStated } = complaint
  const bounded = complaint.facts.trouble.uncertaintyMs !== undefined || !timeStated
  const tailShare = bounded ? 0 : (told?.roughTimeShare ?? 0)
  const nearMs = Math.max(leastMs, uncertaintyMs * deviationOfStated)
  const farMs = nearMs * (told?.roughTimeFactor ?? 1)
  /** How probably the trouble began after a moment. */
  const after = (ms: number): number =>
    (1 - tailShare) * normalBelow((fromMs - ms) / nearMs) + tailShare * normalBelow((fromMs - ms) / farMs)

  const begun = after(cause.startMs)
  // What was withdrawn before it began holds at no time.
  const within = Math.max(0, begun - after(cause.endMs))
  const onset = Math.max(0, begun - after(Math.min(cause.endMs, cause.startMs + times.onsetSlackMs)))
  const hours = Math.max(0, fromMs - cause.startMs) / hourMs
  const worth = Math.exp(
    weights.timeInside + weights.timeAge * Math.log2(1 + hours) + lostClearNats(cause, hours, told),
  )
  // Of what is badly, nobody can say when it began to be.
  const isSudden = cause.kind !== 'alarm' || cause.impact.effect === 'down'
  const more = isSudden ? Math.max(0, Math.exp(weights.timeOnset) - 1) : 0
  return Math.max(weights.timeOutside, Math.log(worth * within + more * onset))
}

/** How well it fits that the customer is still out, or is no longer, at the time of the call. */
export function stillOutNats(
  { facts: { stillOut }, reportedMs }: Complaint,
  { endMs }: Lasting,
  { weights, times, told }: Ruleset,
): number {
  const afterEndMs = reportedMs - endMs
  if (stillOut === 'no') return (afterEndMs > 0 ? told?.overAfterEnd : told?.overDuring) ?? 0
  if (stillOut !== 'yes') return 0
  if (afterEndMs <= 0) return told?.stillOutDuring ?? 0
  return afterEndMs > times.dwellMs ? weights.stillOutAfterEnd : 0
}

/** An alarm that stands for much longer than such troubles last is a clear that got lost. */
function lostClearNats({ kind, endMs, impact }: Lasting, hours: number, told: Ruleset['told']): number {
  if (told === undefined || kind !== 'alarm' || endMs !== Infinity) return 0
  const usualHours = (impact.effect === 'down' ? told.usualOutageMs : told.usualDegradedMs) / hourMs
  return hours <= usualHours ? 0 : told.lostClear * Math.log2(hours / usualHours)
}

const normalBelow = (deviations: number): number => 1 / (1 + Math.exp(-logisticSlope * deviations))
