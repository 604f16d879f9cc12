import type { CauseRef } from '../schemas/attribution.ts'
import type { Told } from '../schemas/act.ts'
import type { CallbackAct, ComplaintRow, ReplyAct } from './complaint-row.ts'

/** Why somebody is to be called back. */
export type CallbackReason = 'asked' | 'told-ongoing' | 'told-passed-on'

/** What a reply led the customer to expect: as the agent says, else by the answer that was given. */
export function expectationOf({ told, heard }: ReplyAct): Told {
  if (told !== undefined) return told
  if (heard === undefined) return 'other'
  if (heard.band === 'dispatch') return 'passed-on'
  switch (heard.state) {
    case 'planned':
    case 'ongoing':
    case 'watched':
      return 'ongoing'
    case 'restored':
      return 'restored'
    case 'standing':
    case undefined:
      return 'other'
  }
}

/**
 * Why the customer of a complaint waits for a call; `undefined` where nobody promised one. What was said last counts, and a
 * wish to be called stands. History loaded from files promises nothing any more.
 */
export function callbackReason(row: ComplaintRow): CallbackReason | undefined {
  const last = row.replies?.at(-1)
  const resolution = row.resolutions?.at(-1)?.resolution
  if (last === undefined || row.backfilled || row.status === 'withdrawn') return undefined
  if (resolution === 'not-network' || resolution === 'customer-side') return undefined
  if (row.replies?.some(({ callback }) => callback !== undefined)) return 'asked'
  const expected = expectationOf(last)
  if (expected === 'passed-on' || (row.dispatches !== undefined && expected !== 'restored')) {
    return 'told-passed-on'
  }
  return expected === 'ongoing' ? 'told-ongoing' : undefined
}

/** Whether a call ends the matter: it works again, or the customer wants no calls. */
export function endsCallback({ outcome }: CallbackAct): boolean {
  return outcome === 'fine' || outcome === 'declined'
}

/** Called back on this complaint about the outage, or before anybody knew of one. */
export function isCalledBack({ callbacks = [] }: ComplaintRow, outageId: string): boolean {
  return callbacks.some((call) => (call.outageId ?? outageId) === outageId && endsCallback(call))
}

/** The cause that the last reply named. */
export function causeHeard(row: ComplaintRow): CauseRef | undefined {
  return row.backfilled || row.status === 'withdrawn' ? undefined : row.replies?.at(-1)?.heard?.root
}

/** Whether the customer has been called since the last reply, and so been told how things stand. */
export function isToldSince({ callbacks = [] }: ComplaintRow, reply: ReplyAct): boolean {
  return callbacks.some((call) => call.position > reply.position && endsCallback(call))
}

/** Whether the customer has been called since anything was said last. */
export function isToldSinceLast(row: ComplaintRow): boolean {
  const last = row.replies?.at(-1)
  return last !== undefined && isToldSince(row, last)
}

export function isRejected({ verdicts = [] }: ComplaintRow, cause: CauseRef): boolean {
  const last = verdicts.findLast(({ cause: { kind, id } }) => kind === cause.kind && id === cause.id)
  return last?.verdict === 'rejected'
}

/** Another cause than the one heard explains it now; that the same trouble is better known changes no words. */
export function isCauseChanged({ attribution }: ComplaintRow, { heard }: ReplyAct): boolean {
  if (heard?.root === undefined || attribution === undefined) return false
  const { root, outageId } = attribution
  if (root === undefined || attribution.verdict !== 'explained') return true
  if (root.kind === heard.root.kind && root.id === heard.root.id) return false
  const isSameTrouble = outageId !== undefined && outageId === heard.outageId
  return !isSameTrouble || root.kind !== heard.root.kind
}

/** It goes on, by the answer in force. */
export function isGoingOn({ attribution }: ComplaintRow): boolean {
  return attribution?.state === 'ongoing' || attribution?.state === 'watched'
}

/** Whether what the customer was told last is wrong now, or may become so by the mere passing of time. */
export function mayBeWrong(row: ComplaintRow): boolean {
  const last = row.replies?.at(-1)
  if (last === undefined || row.backfilled || row.status === 'withdrawn' || isToldSince(row, last))
    return false
  const heard = causeHeard(row)
  return (
    (heard !== undefined && isRejected(row, heard)) ||
    isCauseChanged(row, last) ||
    (isGoingOn(row) && (last.statedEnd !== undefined || expectationOf(last) === 'restored'))
  )
}
