import type { CauseRef } from '../../schemas/attribution.ts'
import type { DataOf, EventOf } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Cause } from './model.ts'
import { settleServing } from './placing.ts'
import { complaintsNear, touchCause, touchComplaint } from './touch.ts'
import type { Window } from './window.ts'

/** A person's word on a cause, kept so that it can be taken back. */
interface Verdict {
  readonly complaintId: string
  readonly causeKey: string
  readonly confirmed: boolean
}

/** Verdicts that can still be undone; the oldest is forgotten first. */
const maxVerdicts = 100_000

/** What people say of decisions and of ends. People win: what they confirm or reject binds the complaint. */
export class ActBook {
  private readonly verdicts = new Map<string, Verdict>()

  take(
    event: EventOf<'CauseConfirmed' | 'CauseRejected' | 'DecisionUndone' | 'EndEstimated'>,
    window: Window,
  ): void {
    switch (event.type) {
      case 'CauseConfirmed':
      case 'CauseRejected': {
        const verdict = {
          complaintId: event.data.complaintId,
          causeKey: keyOf(event.data.cause),
          confirmed: event.type === 'CauseConfirmed',
        }
        this.verdicts.set(event.id, verdict)
        const [oldest] = this.verdicts.keys()
        if (this.verdicts.size > maxVerdicts && oldest !== undefined) this.verdicts.delete(oldest)
        apply(verdict, 1, window)
        return
      }
      case 'DecisionUndone': {
        const verdict = this.verdicts.get(event.data.eventId)
        if (verdict === undefined) return
        this.verdicts.delete(event.data.eventId)
        apply(verdict, -1, window)
        return
      }
      case 'EndEstimated': {
        settleServing(window)
        const { about, expectedEnd } = event.data
        for (const cause of causesMeant(about, window)) {
          cause.expectedEndMs = toMs(expectedEnd)
          touchCause(window, { cause, fromMs: cause.startMs })
        }
        return
      }
    }
  }
}

function apply({ complaintId, causeKey, confirmed }: Verdict, step: 1 | -1, window: Window): void {
  const complaint = window.complaints.byId.get(complaintId)
  if (complaint !== undefined) {
    if (confirmed) complaint.confirmed = step === 1 ? causeKey : undefined
    else if (step === 1) complaint.rejected.add(causeKey)
    else complaint.rejected.delete(causeKey)
    touchComplaint(window, complaint)
  }
  const cause = window.causes.byKey.get(causeKey)
  if (cause === undefined) return
  cause.feedback += confirmed ? step : -step
  for (const near of complaintsNear(window, cause)) touchComplaint(window, near)
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

const keyOf = (cause: CauseRef): string => `${cause.kind}:${cause.id}`
