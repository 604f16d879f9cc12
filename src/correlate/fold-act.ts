import type { DataOf, EventOf } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { type Cause, causeKey, type Complaint, type Verdict } from './model.ts'
import { settleServing } from './placing.ts'
import { ruleOutage, unruleOutage } from './rule-outage.ts'
import { complaintsNear, touchCause, touchComplaint, weighAgain } from './touch.ts'
import type { Window } from './window.ts'
import { laterStated } from './stated-end.ts'

/** Verdicts that can still be undone; the oldest is forgotten first. */
const maxVerdicts = 100_000
/** Verdicts kept on one complaint, and of one cause; the oldest is forgotten first. */
const maxVerdictsOfOne = 200

/** What people say of decisions and of ends. People win: what they confirm or reject binds the complaint. */
export class ActBook {
  private readonly verdicts = new Map<string, Verdict>()
  /** The causes that were confirmed or rejected on their outages, by event id. */
  private readonly rulings = new Map<string, string>()

  take(
    event: EventOf<
      | 'CauseConfirmed'
      | 'CauseRejected'
      | 'OutageConfirmed'
      | 'OutageRejected'
      | 'DecisionUndone'
      | 'EndEstimated'
    >,
    window: Window,
  ): void {
    switch (event.type) {
      case 'CauseConfirmed':
      case 'CauseRejected': {
        const { complaintId, cause } = event.data
        const complaint = window.complaints.byId.get(complaintId)
        if (complaint === undefined) return
        const verdict = {
          complaintId,
          causeKey: causeKey(cause.kind, cause.id),
          confirmed: event.type === 'CauseConfirmed',
        }
        this.verdicts.set(event.id, verdict)
        dropOldest(this.verdicts, maxVerdicts)
        complaint.verdicts.set(event.id, verdict)
        dropOldest(complaint.verdicts, maxVerdictsOfOne)
        judged(complaint, verdict.causeKey, window)
        return
      }
      case 'OutageConfirmed':
      case 'OutageRejected': {
        settleServing(window)
        const cause = ruleOutage(event, window)
        if (cause === undefined) return
        this.rulings.set(event.id, cause.key)
        dropOldest(this.rulings, maxVerdicts)
        return
      }
      case 'DecisionUndone': {
        const { eventId } = event.data
        const ruled = window.causes.find(this.rulings.get(eventId) ?? '')
        if (ruled !== undefined) {
          settleServing(window)
          this.rulings.delete(eventId)
          return unruleOutage(eventId, ruled, window)
        }
        const verdict = this.verdicts.get(eventId)
        this.verdicts.delete(eventId)
        const complaint = verdict && window.complaints.byId.get(verdict.complaintId)
        if (verdict === undefined || complaint?.verdicts.delete(eventId) !== true) return
        judged(complaint, verdict.causeKey, window)
        return
      }
      case 'EndEstimated': {
        settleServing(window)
        const { about, expectedEnd } = event.data
        for (const cause of causesMeant(about, window)) {
          const estimate = { statedMs: toMs(event.occurredAt), endMs: toMs(expectedEnd) }
          cause.estimatedEnd = laterStated(cause.estimatedEnd, estimate)
          touchCause(window, { cause, fromMs: cause.startMs })
        }
        return
      }
    }
  }
}

/** What stands of people's verdicts on a complaint has changed: weigh it, and all to whom the cause's name matters. */
function judged(complaint: Complaint, key: string, window: Window): void {
  weighAgain(window, complaint)
  const cause = window.causes.find(key)
  if (cause === undefined) return
  const last = [...complaint.verdicts.values()].findLast(({ causeKey: of }) => of === key)
  if (last === undefined) cause.verdicts.delete(complaint.id)
  else cause.verdicts.set(complaint.id, last.confirmed ? 1 : -1)
  dropOldest(cause.verdicts, maxVerdictsOfOne)
  for (const near of complaintsNear(window, cause)) touchComplaint(window, near)
}

function dropOldest<Key>(map: Map<Key, unknown>, max: number): void {
  const [oldest] = map.keys()
  if (map.size > max && oldest !== undefined) map.delete(oldest)
}

function causesMeant(about: DataOf<'EndEstimated'>['about'], window: Window): Cause[] {
  switch (about.kind) {
    case 'outage': {
      const root = window.outages.byId.get(about.id)?.root
      return root === undefined ? [] : [root]
    }
    case 'cutover':
    case 'advisory': {
      const cause = window.causes.byKey.get(`${about.kind}:${about.id}`)
      return cause === undefined ? [] : [cause]
    }
    case 'element':
      return (window.topology.node(about.id)?.causes ?? []).filter((cause) => cause.endMs > window.nowMs)
  }
}
