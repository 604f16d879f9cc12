import type { z } from 'zod'
import {
  causeVerdict,
  callbackMade,
  complaintDispatched,
  complaintResolved,
  decisionUndone,
  noteAdded,
  replyGiven,
} from './act.ts'
import { advisoryPublished, advisoryWithdrawn } from './advisory.ts'
import { alarmAct, alarmChanged, alarmCleared, alarmRaised, alarmShelved } from './alarm.ts'
import { alarmCorrelated, causeAttributed } from './attribution.ts'
import {
  accessRefused,
  dataExported,
  personalDataErased,
  personalDataSeen,
  signedIn,
  signedOut,
  signInRefused,
  userAdded,
  userChanged,
  userRemoved,
} from './audit.ts'
import {
  clusterAcknowledged,
  clusterAssigned,
  clusterClosed,
  clusterMergedByHand,
  clusterOpened,
  clusterSplitByHand,
  clustersMerged,
  complaintClustered,
  gapCandidateFound,
} from './cluster.ts'
import {
  complaintAmended,
  complaintReceived,
  complaintWithdrawn,
  customersSilentReported,
} from './complaint.ts'
import {
  coverageGapChanged,
  coverageGapClosed,
  coverageGapReported,
  gapCandidateAct,
} from './coverage-gap.ts'
import { cutoverFinished, cutoverPlanned, cutoverRescheduled, cutoverStep } from './cutover.ts'
import { elementChanged, elementLink, elementRegistered, elementRetired } from './element.ts'
import type { Envelope } from './envelope.ts'
import { feedAcknowledged, feedFellSilent, feedHeard, feedReturned } from './feed.ts'
import {
  clockTicked,
  correlatorReported,
  correlatorStarted,
  inputParked,
  rulesetActivated,
} from './machine.ts'
import { noticeMuted, noticeUnmuted } from './notice.ts'
import { orderOpened, orderReopened, orderResolved, orderReturned, orderUpdated } from './order.ts'
import {
  endEstimated,
  outageAcknowledged,
  outageAssigned,
  outageChanged,
  outageEnded,
  outageMergedByHand,
  outageOpened,
  outageSuspected,
  outageVerdict,
  outageWorded,
  suspicionResolved,
} from './outage.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** Every event's `data`, by type. The schemas take what senders write and give what is stored; they take that too. */
export const eventData = {
  ElementRegistered: elementRegistered,
  ElementChanged: elementChanged,
  ElementRetired: elementRetired,
  ElementLinked: elementLink,
  ElementUnlinked: elementLink,
  AlarmRaised: alarmRaised,
  AlarmChanged: alarmChanged,
  AlarmCleared: alarmCleared,
  CutoverPlanned: cutoverPlanned,
  CutoverRescheduled: cutoverRescheduled,
  CutoverStarted: cutoverStep,
  CutoverFinished: cutoverFinished,
  CutoverCancelled: cutoverStep,

  CoverageGapReported: coverageGapReported,
  CoverageGapChanged: coverageGapChanged,
  CoverageGapClosed: coverageGapClosed,
  AdvisoryPublished: advisoryPublished,
  AdvisoryWithdrawn: advisoryWithdrawn,
  AlarmAcknowledged: alarmAct,
  AlarmShelved: alarmShelved,
  AlarmUnshelved: alarmAct,
  EndEstimated: endEstimated,

  ComplaintReceived: complaintReceived,
  ComplaintAmended: complaintAmended,
  ComplaintWithdrawn: complaintWithdrawn,
  CustomersSilentReported: customersSilentReported,

  CauseAttributed: causeAttributed,
  AlarmCorrelated: alarmCorrelated,
  OutageOpened: outageOpened,
  OutageChanged: outageChanged,
  OutageEnded: outageEnded,
  ClusterOpened: clusterOpened,
  ComplaintClustered: complaintClustered,
  ClustersMerged: clustersMerged,
  ClusterClosed: clusterClosed,
  OutageSuspected: outageSuspected,
  SuspicionResolved: suspicionResolved,
  GapCandidateFound: gapCandidateFound,

  CauseConfirmed: causeVerdict,
  CauseRejected: causeVerdict,
  ReplyGiven: replyGiven,
  ComplaintDispatched: complaintDispatched,
  ComplaintResolved: complaintResolved,
  CallbackMade: callbackMade,
  OutageAcknowledged: outageAcknowledged,
  OutageAssigned: outageAssigned,
  OutageConfirmed: outageVerdict,
  OutageRejected: outageVerdict,
  OutageWorded: outageWorded,
  OutageMergedByHand: outageMergedByHand,
  NoticeMuted: noticeMuted,
  NoticeUnmuted: noticeUnmuted,
  FeedAcknowledged: feedAcknowledged,
  ClusterMergedByHand: clusterMergedByHand,
  ClusterSplitByHand: clusterSplitByHand,
  ClusterAcknowledged: clusterAcknowledged,
  ClusterAssigned: clusterAssigned,
  GapCandidateAccepted: gapCandidateAct,
  GapCandidateDismissed: gapCandidateAct,
  NoteAdded: noteAdded,
  DecisionUndone: decisionUndone,

  OrderOpened: orderOpened,
  OrderUpdated: orderUpdated,
  OrderResolved: orderResolved,
  OrderReturned: orderReturned,
  OrderReopened: orderReopened,

  SignedIn: signedIn,
  SignInRefused: signInRefused,
  SignedOut: signedOut,
  AccessRefused: accessRefused,
  PersonalDataSeen: personalDataSeen,
  PersonalDataErased: personalDataErased,
  DataExported: dataExported,
  UserAdded: userAdded,
  UserChanged: userChanged,
  UserRemoved: userRemoved,

  RulesetActivated: rulesetActivated,
  ClockTicked: clockTicked,
  FeedFellSilent: feedFellSilent,
  FeedReturned: feedReturned,
  FeedHeard: feedHeard,
  CorrelatorStarted: correlatorStarted,
  CorrelatorReported: correlatorReported,
  InputParked: inputParked,
} as const

export type EventType = keyof typeof eventData
export const eventTypes = Object.keys(eventData) as readonly EventType[]

/** The events that the engine writes; no sender may. */
export const decisionTypes = [
  'CauseAttributed',
  'AlarmCorrelated',
  'OutageOpened',
  'OutageChanged',
  'OutageEnded',
  'ClusterOpened',
  'ComplaintClustered',
  'ClustersMerged',
  'ClusterClosed',
  'OutageSuspected',
  'SuspicionResolved',
  'GapCandidateFound',
] as const satisfies readonly EventType[]
export type DecisionType = (typeof decisionTypes)[number]

/** The events that the machine writes about itself. */
export const machineTypes = [
  'RulesetActivated',
  'ClockTicked',
  'FeedFellSilent',
  'FeedReturned',
  'FeedHeard',
  'CorrelatorStarted',
  'CorrelatorReported',
  'InputParked',
] as const satisfies readonly EventType[]

/** Who came in, what they saw and what they took along: what is no act on the network or a complaint, and yet to be known later. */
export const accessTypes = [
  'SignedIn',
  'SignInRefused',
  'SignedOut',
  'AccessRefused',
  'PersonalDataSeen',
  'PersonalDataErased',
  'DataExported',
  'UserAdded',
  'UserChanged',
  'UserRemoved',
] as const satisfies readonly EventType[]
export type AccessType = (typeof accessTypes)[number]

/** What the engine and the server write; no sender may. */
export const ownTypes: readonly EventType[] = [...decisionTypes, ...machineTypes, ...accessTypes]

/** Who decides, said among the decisions. No input of the engine: it must not make a difference. */
export const fenceTypes = ['CorrelatorStarted', 'CorrelatorReported'] as const satisfies readonly EventType[]

const noInputs: ReadonlySet<string> = new Set([
  ...decisionTypes,
  ...fenceTypes,
  ...accessTypes,
  'InputParked' satisfies EventType,
])

/**
 * What the engine takes in. Who decides, what could not be decided and who looked at what must not make a difference: it
 * moves no time.
 */
export function isInputType(type: string): boolean {
  return !noInputs.has(type)
}

export type DataOf<T extends EventType> = z.infer<(typeof eventData)[T]>

/** One event of one type, its data typed. */
export type EventOf<T extends EventType> = T extends EventType
  ? Omit<Envelope, 'type' | 'data'> & { type: T; data: DataOf<T> }
  : never

/** The discriminated union over all types. */
export type Event = EventOf<EventType>

/** The current version of a type's data, written by this release; `upcast` brings older ones up to it. */
export function schemaVersionOf(type: EventType): number {
  return type === 'CutoverPlanned' ? 2 : 1
}
