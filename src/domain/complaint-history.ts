import type { Event } from '../../schemas/event.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import {
  decideComplaint,
  evolveComplaint,
  initialComplaint,
  type ComplaintContext,
  type ComplaintFact,
} from './complaint.ts'
import type { Decision } from './decider.ts'

const complaintTypes: ReadonlySet<Event['type']> = new Set([
  'ComplaintReceived',
  'ComplaintAmended',
  'ComplaintWithdrawn',
  'CauseConfirmed',
  'CauseRejected',
  'ReplyGiven',
  'ComplaintDispatched',
  'ComplaintResolved',
  'CallbackMade',
])

export function isComplaintFact(event: Event): event is Event & ComplaintFact {
  return complaintTypes.has(event.type)
}

/** What a complaint's stream leads a wish to. */
export function judgeComplaint(
  history: readonly Event[],
  wish: ComplaintFact,
  context: ComplaintContext,
): Decision<ComplaintFact> {
  const state = history.filter(isComplaintFact).reduce(evolveComplaint, initialComplaint)
  return decideComplaint(wish, state, context)
}

/** The complaint as last amended; nothing where the stream does not begin with one. */
export function complaintFacts(history: readonly Event[]): ComplaintReceived | undefined {
  let facts: ComplaintReceived | undefined
  for (const event of history) {
    if (event.type === 'ComplaintReceived') facts ??= event.data
    else if (event.type === 'ComplaintAmended' && facts !== undefined) {
      const amended: Record<string, unknown> = { ...facts, ...event.data.set }
      for (const name of event.data.unset ?? []) delete amended[name]
      facts = amended as ComplaintReceived
    }
  }
  return facts
}
