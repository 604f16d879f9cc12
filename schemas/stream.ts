import type { Event } from './event.ts'

/** The shard of the engine's decisions; regions will bring more. */
export const decisionStream = (shard: number): string => `decisions-${shard}`

/** What lies in such a stream is no input of the engine, also where a later release wrote what this one cannot read. */
export const isDecisionStream = (stream: string): boolean => stream.startsWith('decisions-')

/** What the engine of a shard could not take. */
export const parkedStream = (shard: number): string => `parked-${shard}`

/**
 * The stream that an event belongs to. What people act on has one stream an id; alarms come in volume and share one a
 * source and UTC day; a source's inventory is one stream. Stored: a change here is a migration.
 */
export function streamOf(event: Event): string {
  switch (event.type) {
    case 'ElementRegistered':
    case 'ElementChanged':
    case 'ElementRetired':
    case 'ElementLinked':
    case 'ElementUnlinked':
      return `inventory-${event.meta.source}`
    case 'AlarmRaised':
    case 'AlarmChanged':
    case 'AlarmCleared':
      return `alarms-${event.meta.source}-${event.occurredAt.slice(0, 10)}`
    case 'CutoverPlanned':
    case 'CutoverRescheduled':
    case 'CutoverStarted':
    case 'CutoverFinished':
    case 'CutoverCancelled':
      return `cutover-${event.data.cutoverId}`
    case 'CoverageGapReported':
    case 'CoverageGapChanged':
    case 'CoverageGapClosed':
      return `gap-${event.data.gapId}`
    case 'AdvisoryPublished':
    case 'AdvisoryWithdrawn':
      return `advisory-${event.data.advisoryId}`
    case 'AlarmAcknowledged':
    case 'AlarmShelved':
    case 'AlarmUnshelved':
      return `alarm-${event.data.alarmSource}/${event.data.alarmId}`
    case 'EndEstimated':
    case 'NoteAdded':
    case 'NoticeMuted':
    case 'NoticeUnmuted':
      return `${event.data.about.kind}-${event.data.about.id}`
    case 'ComplaintReceived':
    case 'ComplaintAmended':
    case 'ComplaintWithdrawn':
    case 'CauseConfirmed':
    case 'CauseRejected':
    case 'ReplyGiven':
    case 'ComplaintDispatched':
    case 'ComplaintResolved':
    case 'CallbackMade':
      return `complaint-${event.data.complaintId}`
    case 'CustomersSilentReported':
      return `silent-${event.data.reportId}`
    case 'OutageAcknowledged':
    case 'OutageAssigned':
    case 'OutageConfirmed':
    case 'OutageRejected':
    case 'OutageWorded':
    case 'OutageMergedByHand':
      return `outage-${event.data.outageId}`
    case 'ClusterMergedByHand':
      return `cluster-${event.data.intoId}`
    case 'ClusterSplitByHand':
    case 'ClusterAcknowledged':
    case 'ClusterAssigned':
      return `cluster-${event.data.clusterId}`
    case 'GapCandidateAccepted':
    case 'GapCandidateDismissed':
      return `gap-candidate-${event.data.candidateId}`
    case 'OrderOpened':
    case 'OrderUpdated':
    case 'OrderResolved':
    case 'OrderReturned':
    case 'OrderReopened':
      return `order-${event.data.orderId}`
    case 'FeedFellSilent':
    case 'FeedReturned':
    case 'FeedHeard':
    case 'FeedAcknowledged':
      return `feed-${event.data.source}`
    case 'DecisionUndone':
      return `undone-${event.data.eventId}`
    case 'RulesetActivated':
      return 'rulesets'
    case 'ClockTicked':
      return 'clock'
    case 'CorrelatorStarted':
    case 'CorrelatorReported':
      return decisionStream(event.data.shard)
    case 'InputParked':
      return parkedStream(event.data.shard)
    case 'SignedIn':
    case 'SignInRefused':
    case 'SignedOut':
    case 'AccessRefused':
    case 'PersonalDataSeen':
    case 'PersonalDataErased':
    case 'DataExported':
    case 'UserAdded':
    case 'UserChanged':
    case 'UserRemoved':
      return `audit-${event.occurredAt.slice(0, 10)}`
    case 'CauseAttributed':
    case 'AlarmCorrelated':
    case 'OutageOpened':
    case 'OutageChanged':
    case 'OutageEnded':
    case 'ClusterOpened':
    case 'ComplaintClustered':
    case 'ClustersMerged':
    case 'ClusterClosed':
    case 'OutageSuspected':
    case 'SuspicionResolved':
    case 'GapCandidateFound':
      return decisionStream(0)
  }
}
