import type { DecisionType, EventOf } from '../../schemas/event.ts'
import { type Cause, causeKey } from './model.ts'
import { bindMember } from './rule-outage.ts'
import { touchMembers, touchOutage } from './touch.ts'
import type { Window } from './window.ts'

/** Folds one of the engine's own decisions. Logged decisions are facts: on restart they are folded, never taken again. */
export function foldDecision(event: EventOf<DecisionType>, window: Window): void {
  switch (event.type) {
    case 'CauseAttributed': {
      const complaint = window.complaints.byId.get(event.data.complaintId)
      if (complaint === undefined) return
      const { verdict, root, state, band, disputed, direct, probability, outageId } = event.data
      complaint.answer = {
        eventId: event.id,
        verdict,
        direct: direct && causeKey(direct.kind, direct.id),
        root: root && causeKey(root.kind, root.id),
        state,
        band,
        disputed: disputed ?? false,
        probability,
        outageId,
      }
      bindMember(complaint, window)
      return
    }
    case 'AlarmCorrelated': {
      const { alarm, root } = event.data
      const cause = window.causes.find(causeKey(alarm.kind, alarm.id))
      if (cause !== undefined) hangOn(cause, root && causeKey(root.kind, root.id), window)
      return
    }
    case 'OutageOpened':
      window.outages.take(event)
      touchOutage(window, event.data.outageId)
      touchMembers(window, event.data.outageId)
      return
    case 'OutageChanged':
    case 'OutageEnded':
      window.outages.take(event)
      touchOutage(window, event.data.outageId)
      return
    // Clustering is a fold of the complaints themselves; suspicion and gap candidates weigh nothing.
    case 'ClusterOpened':
    case 'ComplaintClustered':
    case 'ClustersMerged':
    case 'ClusterClosed':
    case 'OutageSuspected':
    case 'SuspicionResolved':
    case 'GapCandidateFound':
      return
  }
}

function hangOn(cause: Cause, rootKey: string | undefined, window: Window): void {
  const former = cause.loggedRoot === undefined ? undefined : window.causes.find(cause.loggedRoot)
  former?.consequences.delete(cause)
  if (former?.outageId !== undefined) cause.partOf = former.outageId
  cause.loggedRoot = rootKey
  const root = rootKey === undefined ? undefined : window.causes.find(rootKey)
  if (root === undefined) return
  root.consequences.add(cause)
  touchOutage(window, root.outageId)
}
