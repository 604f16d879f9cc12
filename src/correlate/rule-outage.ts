import type { EventOf } from '../../schemas/event.ts'
import { type Cause, causeKey, type Complaint } from './model.ts'
import { touchCause, weighAgain } from './touch.ts'
import type { Window } from './window.ts'

/** Words on one cause that are kept; the oldest is forgotten first. */
const maxRulings = 50

/**
 * A person's word on an outage's cause. Confirmed, it binds the complaints that the outage has, as if it had been said of each,
 * and each that joins it later; rejected, it is proposed to nobody any more, and lies behind nothing.
 */
export function ruleOutage(
  { id, type, data: { cause: ref } }: EventOf<'OutageConfirmed' | 'OutageRejected'>,
  window: Window,
): Cause | undefined {
  const cause = window.causes.find(causeKey(ref.kind, ref.id))
  if (cause === undefined) return undefined
  cause.rulings ??= new Map()
  cause.rulings.set(id, type === 'OutageConfirmed')
  const [oldest] = cause.rulings.keys()
  if (cause.rulings.size > maxRulings && oldest !== undefined) cause.rulings.delete(oldest)
  applyRulings(cause, window)
  return cause
}

/** Takes such a word back, and with it what it bound. */
export function unruleOutage(eventId: string, cause: Cause, window: Window): void {
  if (cause.rulings?.delete(eventId) !== true) return
  for (const complaint of window.complaints.byId.values())
    if (complaint.verdicts.delete(eventId)) weighAgain(window, complaint)
  applyRulings(cause, window)
  // An outage that people declared is opened by no alarm and no complaint.
  if (cause.kind === 'advisory' && cause.correlation.dueMs === Infinity)
    window.deadlines.set(cause.correlation, window.nowMs + window.ruleset.times.settleMs)
}

function applyRulings(cause: Cause, window: Window): void {
  const last = [...(cause.rulings?.values() ?? [])].at(-1)
  cause.ruling = last === undefined ? undefined : last ? 'confirmed' : 'rejected'
  for (const complaint of window.complaints.byId.values()) {
    if (!rests(complaint, cause, window)) continue
    bindMember(complaint, window)
    weighAgain(window, complaint)
  }
  touchCause(window, { cause, fromMs: cause.startMs })
}

/** Binds a complaint to the cause of its outage where people confirmed that. */
export function bindMember(complaint: Complaint, window: Window): void {
  for (const key of [complaint.answer?.root, complaint.answer?.direct]) {
    const cause = key === undefined ? undefined : window.causes.find(key)
    if (cause?.ruling !== 'confirmed') continue
    const eventId = [...(cause.rulings ?? [])].findLast(([, confirmed]) => confirmed)?.[0]
    if (eventId === undefined || complaint.verdicts.has(eventId)) return
    complaint.verdicts.set(eventId, { complaintId: complaint.id, causeKey: cause.key, confirmed: true })
    return
  }
}

function rests({ answer }: Complaint, cause: Cause, { causes }: Window): boolean {
  return [answer?.root, answer?.direct].some((key) => key !== undefined && causes.find(key) === cause)
}
