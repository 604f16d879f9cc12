import { nothingToDo, type Decision, type Fact } from './decider.ts'

export type ComplaintFact = Fact<
  | 'ComplaintReceived'
  | 'ComplaintAmended'
  | 'ComplaintWithdrawn'
  | 'CauseConfirmed'
  | 'CauseRejected'
  | 'ReplyGiven'
  | 'ComplaintDispatched'
  | 'ComplaintResolved'
  | 'CallbackMade'
>

export interface ComplaintState {
  readonly known: boolean
  readonly withdrawn: boolean
  /** The work order that it went out with; an order without a number is the empty text. */
  readonly orderId?: string
  readonly resolution?: string
}

/** What the decider must be told that does not lie in the complaint's own stream. */
export interface ComplaintContext {
  /** The attribution in force. */
  readonly attributionId?: string | undefined
}

export const initialComplaint: ComplaintState = { known: false, withdrawn: false }

export function evolveComplaint(state: ComplaintState, fact: ComplaintFact): ComplaintState {
  switch (fact.type) {
    case 'ComplaintReceived':
      return { ...state, known: true }
    case 'ComplaintWithdrawn':
      return { ...state, withdrawn: true }
    case 'ComplaintDispatched':
      return { ...state, orderId: fact.data.orderId ?? '' }
    case 'ComplaintResolved':
      return { ...state, resolution: fact.data.resolution }
    case 'ComplaintAmended':
    case 'CauseConfirmed':
    case 'CauseRejected':
    case 'ReplyGiven':
    case 'CallbackMade':
      return state
  }
}

/**
 * What people do with a complaint. An act on an answer that has changed since it was on the screen is not taken: the
 * caller sees the new one first. A work order goes out once; sent again without another number it changes nothing.
 */
export function decideComplaint(
  wish: ComplaintFact,
  state: ComplaintState,
  context: ComplaintContext,
): Decision<ComplaintFact> {
  const { complaintId } = wish.data
  const accepted: Decision<ComplaintFact> = { kind: 'accepted', facts: [wish] }
  if (wish.type === 'ComplaintReceived') {
    return state.known ? { kind: 'conflict', detail: `Complaint ${complaintId} is known already.` } : accepted
  }
  if (!state.known) return { kind: 'unknown', detail: `No complaint ${complaintId}.` }
  if (state.withdrawn) {
    return wish.type === 'ComplaintWithdrawn'
      ? nothingToDo
      : { kind: 'conflict', detail: `Complaint ${complaintId} is withdrawn.` }
  }
  switch (wish.type) {
    case 'CauseConfirmed':
    case 'CauseRejected':
    case 'ReplyGiven':
      return isOutdated(wish.data.attributionId, context)
        ? { kind: 'changed', attributionId: context.attributionId ?? '' }
        : accepted
    case 'ComplaintDispatched':
      return state.orderId === undefined || (wish.data.orderId ?? state.orderId) !== state.orderId
        ? accepted
        : nothingToDo
    case 'ComplaintResolved':
      return state.resolution === wish.data.resolution && wish.data.note === undefined
        ? nothingToDo
        : accepted
    case 'ComplaintAmended':
    case 'ComplaintWithdrawn':
    case 'CallbackMade':
      return accepted
  }
}

function isOutdated(seen: string | undefined, { attributionId }: ComplaintContext): boolean {
  return seen !== undefined && attributionId !== undefined && seen !== attributionId
}
