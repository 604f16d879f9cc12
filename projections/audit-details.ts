import type { DataOf, EventType } from '../schemas/event.ts'
import type { ProjectedEvent } from './projection.ts'

type Told = { readonly [T in EventType]?: readonly (keyof DataOf<T> & string)[] }

/**
 * What the audit log tells of an act beside what it was about. Notes, words to customers and all that was typed of a complaint
 * may hold personal data and are left out; of what is no customer's, the reason stands as in its story. A type that is not here
 * tells nothing.
 */
const told: Told = {
  OutageAssigned: ['assignee'],
  OutageConfirmed: ['cause'],
  OutageRejected: ['cause'],
  OutageMergedByHand: ['into', 'reason'],
  OutageWorded: ['until'],
  EndEstimated: ['expectedEnd'],
  NoticeMuted: ['until', 'reason'],
  ClusterAssigned: ['assignee'],
  ClusterMergedByHand: ['intoId', 'fromId', 'reason'],
  ClusterSplitByHand: ['newClusterId', 'reason'],
  AlarmShelved: ['until'],
  CauseConfirmed: ['cause', 'batchId'],
  CauseRejected: ['cause'],
  ReplyGiven: ['told', 'language', 'statedEnd'],
  ComplaintDispatched: ['orderId', 'to'],
  ComplaintResolved: ['resolution'],
  CallbackMade: ['outcome', 'againAt'],
  OrderOpened: ['to'],
  OrderUpdated: ['externalId', 'progress', 'assignee', 'expectedEnd', 'joins'],
  OrderResolved: ['resolution', 'cause', 'root'],
  OrderReturned: ['reason'],
  OrderReopened: ['reason'],
  CutoverPlanned: ['title', 'plannedStart', 'plannedEnd', 'work'],
  CutoverRescheduled: ['plannedStart', 'plannedEnd', 'reason'],
  CutoverStarted: ['reason'],
  CutoverFinished: ['outcome'],
  CutoverCancelled: ['reason'],
  CoverageGapReported: ['kind'],
  GapCandidateAccepted: ['gapId'],
  GapCandidateDismissed: ['gapId'],
  AdvisoryPublished: ['advisoryType', 'title', 'from', 'to'],
}

/** The most characters of one text. */
const maxDetailChars = 200

/** `undefined` where there is nothing to tell. */
export function detailsOfAct({ type, data }: Pick<ProjectedEvent, 'type' | 'data'>): object | undefined {
  const said: Readonly<Record<string, unknown>> = data
  const details = (told[type] ?? []).flatMap((field) =>
    said[field] === undefined ? [] : [[field, cut(said[field])] as const],
  )
  return details.length === 0 ? undefined : Object.fromEntries(details)
}

function cut(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= maxDetailChars) return value
  // By code points, lest half a character stay.
  return `${Array.from(value)
    .slice(0, maxDetailChars - 1)
    .join('')}…`
}
