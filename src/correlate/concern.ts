import type { Ruleset } from '../../schemas/ruleset.ts'
import { fitsFacts } from './candidates.ts'
import type { Shift } from './company.ts'
import type { Bearing, Cause, Complaint } from './model.ts'
import { round6 } from './round.ts'
import { type Lasting, stillOutNats, timeNats } from './time-fit.ts'
import type { Window } from './window.ts'

/** Whether a complaint near a cause may be judged otherwise now. */
export type Concern = (complaint: Complaint) => boolean

export const everyone: Concern = () => true

export function bearingOf({
  startMs,
  endMs,
  confirmedMs,
  impact,
  severityNats,
  services,
  sites,
}: Cause): Bearing {
  return { startMs, endMs, confirmedMs, impact, severityNats, services, sites }
}

/**
 * Whom an alarm concerns that is new, or that ended or came back: of all facts these are the most frequent, and change the
 * judgement of few. What else can change (rings, works, published things, an alarm's own facts) concerns everyone near.
 */
export function concernOf(cause: Cause, before: Bearing | undefined, shift: Shift, window: Window): Concern {
  const { nowMs, ruleset } = window
  const onRing = cause.nodes.some(({ ringNeighbours }) => ringNeighbours.size > 0)
  if (cause.kind !== 'alarm' || cause.retired || onRing) return everyone
  if (before === undefined) return (complaint) => isAbout(complaint, cause, window)
  // Of one that is over customers hear as much.
  const isOver = Math.min(before.endMs, cause.endMs) + ruleset.times.dwellMs <= nowMs
  if (!isSameButForEnd(before, cause) || isOver) return everyone
  const was = { kind: cause.kind, network: cause.network, ...before }
  return (complaint) =>
    fitsFacts(complaint, was, ruleset) !== fitsFacts(complaint, cause, ruleset) ||
    (isAbout(complaint, cause, window) &&
      (shiftFor(complaint, cause, shift) !== 0 ||
        endNats(complaint, was, ruleset) !== endNats(complaint, cause, ruleset)))
}

/** All that a cause's end weighs for a complaint. */
function endNats(complaint: Complaint, cause: Lasting, ruleset: Ruleset): number {
  return round6(timeNats(complaint, cause, ruleset)) + round6(stillOutNats(complaint, cause, ruleset))
}

/** The cause may explain the complaint; or a person said something of that, and facts alone do not tell. */
export function isAbout(complaint: Complaint, cause: Cause, { ruleset }: Window): boolean {
  return complaint.verdicts.size > 0 || fitsFacts(complaint, cause, ruleset)
}

/** By how much the company's figure has changed for a complaint. */
export function shiftFor({ customer }: Complaint, { company }: Cause, { members, others }: Shift): number {
  return company.has(customer) ? members : others
}

/** Ended after all who are counted began, an alarm keeps its company: nobody else fits it now. */
export function isCompanyKept(cause: Cause, before: Bearing | undefined): boolean {
  return (
    before !== undefined &&
    cause.kind === 'alarm' &&
    !cause.retired &&
    isSameButForEnd(before, cause) &&
    cause.endMs < before.endMs &&
    cause.endMs >= cause.company.lastMs
  )
}

function isSameButForEnd(before: Bearing, after: Bearing): boolean {
  return (
    before.endMs !== after.endMs &&
    before.startMs === after.startMs &&
    before.impact === after.impact &&
    before.severityNats === after.severityNats &&
    before.services === after.services &&
    before.sites === after.sites
  )
}
