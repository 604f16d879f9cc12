import type { CauseAttributed } from '../../schemas/attribution.ts'
import { attribution } from './attribution.ts'
import { mayOpen, openOutage } from './decide-outage.ts'
import type { Desk } from './desk.ts'
import { judge, type Judgement } from './judgement.ts'
import type { Complaint } from './model.ts'
import { complaintsNear } from './touch.ts'
import { standingVerdicts } from './verdicts.ts'
import type { Window } from './window.ts'

/** A new or touched complaint: what it is attributed to now, if that differs from what was logged. */
export function decideComplaint(
  complaint: Complaint,
  window: Window,
  desk: Desk,
  engineVersion: string,
): void {
  window.weighings += 1
  if (isSettledByPeople(complaint, window)) return
  const judgement = judge(complaint, window.nowMs, window)
  const changed = changesOf(complaint, judgement)
  if (joins(complaint, judgement)) changed.push('outage')
  if (complaint.answer !== undefined && changed.length === 0) return
  const outageId = outageFor(complaint, judgement, window, desk)
  desk.log('CauseAttributed', complaint.id, {
    ...attribution(complaint, judgement, window.nowMs, window, engineVersion),
    complaintId: complaint.id,
    ...(outageId !== undefined && { outageId }),
    ...(complaint.answer !== undefined && { supersedes: complaint.answer.eventId, changed }),
  })
}

/** A person confirmed the cause, and nothing is known of that any more: what was said stands. */
function isSettledByPeople(complaint: Complaint, { causes }: Window): boolean {
  const { confirmed } = standingVerdicts(complaint)
  if (confirmed === undefined || causes.find(confirmed) !== undefined) return false
  return complaint.answer?.root === confirmed || complaint.answer?.direct === confirmed
}

/** What of a revision matters to anyone: the rest is not worth a second story. */
function changesOf({ answer }: Complaint, next: Judgement): NonNullable<CauseAttributed['changed']> {
  if (answer === undefined) return []
  const { root, state, disputed } =
    next.verdict === 'explained'
      ? { root: next.leader.root.key, state: next.state, disputed: next.disputed }
      : { root: undefined, state: undefined, disputed: false }
  const changed: NonNullable<CauseAttributed['changed']> = []
  if (answer.verdict !== next.verdict) changed.push('verdict')
  if (answer.root !== root) changed.push('root')
  if (told(answer.state) !== told(state)) changed.push('state')
  if (answer.band !== next.band) changed.push('band')
  if (answer.disputed !== disputed) changed.push('disputed')
  return changed
}

/** A clear that has not held yet changes nothing for the customer: it is not restored. */
const told = (state: CauseAttributed['state']): string | undefined =>
  state === 'watched' ? 'ongoing' : state

/** What its answer names has an outage by now. */
function joins({ answer }: Complaint, next: Judgement): boolean {
  if (answer === undefined || answer.outageId !== undefined || next.verdict !== 'explained') return false
  const { root } = next.leader
  return root.kind !== 'gap' && root.outageId !== undefined
}

/** The outage of a root: the one it has, or, once there is reason enough, a new one. Gaps are no outages. */
function outageFor(
  complaint: Complaint,
  judgement: Judgement,
  window: Window,
  desk: Desk,
): string | undefined {
  if (judgement.verdict !== 'explained' || judgement.leader.root.kind === 'gap') return undefined
  const { root } = judgement.leader
  if (!mayOpen(root, window) || !isReason(complaint, judgement, window)) return root.outageId
  return openOutage(root, 'complaint', window, desk)
}

/**
 * Whether a complaint is reason to show its cause as an outage: the engine is sure enough to say it; or the element serves nobody
 * just now, which is an outage whoever complains; or it is as sure that at least one of those is right whose answers name that cause.
 */
function isReason(
  complaint: Complaint,
  judgement: Extract<Judgement, { verdict: 'explained' }>,
  window: Window,
): boolean {
  if (judgement.band === 'say') return true
  if (judgement.band !== 'ask') return false
  const { root, best, probability } = judgement.leader
  if (best.cause.kind === 'alarm' && best.cause.impact.effect === 'down' && best.cause.endMs > window.nowMs)
    return true
  const doubts = new Map<string, number>([[complaint.customer, 1 - probability]])
  for (const { id, customer, answer } of complaintsNear(window, root)) {
    if (id === complaint.id || answer?.root !== root.key || answer.band === 'dispatch') continue
    doubts.set(customer, Math.min(doubts.get(customer) ?? 1, 1 - answer.probability))
  }
  let allWrong = 1
  for (const customer of [...doubts.keys()].sort()) allWrong *= doubts.get(customer) ?? 1
  return 1 - allWrong >= window.ruleset.bands.sayProbability
}
