import type { Event } from '../schemas/event.ts'
import type { Area, LonLat } from '../schemas/geo.ts'
import type { Thing } from './region-view.ts'

/**
 * What an event is about, as far as it matters who may record it: a thing that must lie wholly in the recorder's regions
 * (`held`), one that they must see, one that may be new and must be theirs where it is not, ground that must be theirs, or what
 * only the whole network has.
 */
export type Subject =
  | { readonly need: 'held' | 'seen' | 'new'; readonly thing: Thing }
  | { readonly need: 'ground'; readonly area: Area }
  | { readonly need: 'point'; readonly point: LonLat }
  | { readonly need: 'act'; readonly eventId: string }
  | { readonly need: 'whole'; readonly why: string }

const held = (kind: Thing['kind'], id: string): Subject => ({ need: 'held', thing: { kind, id } })
const seen = (kind: Thing['kind'], id: string): Subject => ({ need: 'seen', thing: { kind, id } })
const fresh = (kind: Thing['kind'], id: string): Subject => ({ need: 'new', thing: { kind, id } })
const whole = (why: string): readonly Subject[] => [{ need: 'whole', why }]
const aFeed = 'a source of events is of the whole network'
const areaOf = (area: Area | undefined): readonly Subject[] =>
  area === undefined ? [] : [{ need: 'ground', area }]
const elementsOf = (ids: readonly string[]): readonly Subject[] => ids.map((id) => held('element', id))
const parts = (kind: Thing['kind'], ids: readonly string[]) => ids.map((id) => held(kind, id))

type Placed = {
  readonly location?: { readonly point: LonLat } | undefined
  readonly parent?: string | undefined
  readonly servedBy?: string | undefined
}

/** By its position, else by what it hangs on. */
function placed({ location, parent, servedBy = parent }: Placed): readonly Subject[] {
  if (location !== undefined) return [{ need: 'point', point: location.point }]
  if (servedBy !== undefined) return [held('element', servedBy)]
  return whole(
    'without a location, or an element of your regions that it hangs on, nobody can say whose it is',
  )
}

/** Every type says what it is about: a new one that does not is no program. */
export function subjectsOf({
  type,
  data,
  meta: { source },
}: Pick<Event, 'type' | 'data'> & { readonly meta: { readonly source: string } }): readonly Subject[] {
  const event = { type, data } as Event
  switch (event.type) {
    case 'ElementRegistered':
      return [fresh('element', event.data.elementId), ...placed(event.data)]
    case 'ElementChanged': {
      const { elementId, set } = event.data
      const moves = set.location !== undefined || set.parent !== undefined
      return [held('element', elementId), ...(moves ? placed(set) : [])]
    }
    case 'ElementRetired':
      return [held('element', event.data.elementId)]
    case 'ElementLinked':
    case 'ElementUnlinked':
      return [held('element', event.data.elementId), seen('element', event.data.dependsOn)]
    case 'AlarmRaised':
      return [held('element', event.data.elementId)]
    case 'AlarmChanged':
      return [held('alarm', `${source}/${event.data.alarmId}`)]
    case 'AlarmCleared': {
      const { alarmId, elementId = '' } = event.data
      return [alarmId === undefined ? held('element', elementId) : held('alarm', `${source}/${alarmId}`)]
    }
    case 'AlarmAcknowledged':
    case 'AlarmShelved':
    case 'AlarmUnshelved':
      return [held('alarm', `${event.data.alarmSource}/${event.data.alarmId}`)]
    case 'CutoverPlanned': {
      const { cutoverId, elementIds, area } = event.data
      return [fresh('cutover', cutoverId), ...elementsOf(elementIds), ...areaOf(area)]
    }
    case 'CutoverRescheduled':
    case 'CutoverStarted':
    case 'CutoverFinished':
    case 'CutoverCancelled':
      return [held('cutover', event.data.cutoverId)]
    case 'CoverageGapReported':
      return [fresh('gap', event.data.gapId), ...areaOf(event.data.area)]
    case 'CoverageGapChanged':
      return [held('gap', event.data.gapId), ...areaOf(event.data.set.area)]
    case 'CoverageGapClosed':
      return [held('gap', event.data.gapId)]
    case 'AdvisoryPublished': {
      const { advisoryId, elementIds, area } = event.data
      return [fresh('advisory', advisoryId), ...elementsOf(elementIds), ...areaOf(area)]
    }
    case 'AdvisoryWithdrawn':
      return [held('advisory', event.data.advisoryId)]
    case 'EndEstimated':
      return [held(event.data.about.kind, event.data.about.id)]
    case 'NoteAdded':
      return [seen(event.data.about.kind, event.data.about.id)]
    // Whoever calls is listened to, wherever the trouble is.
    case 'ComplaintReceived':
      return []
    case 'ComplaintAmended':
    case 'ComplaintWithdrawn':
    case 'ReplyGiven':
    case 'ComplaintDispatched':
    case 'ComplaintResolved':
    case 'CauseRejected':
      return [held('complaint', event.data.complaintId)]
    case 'CallbackMade': {
      const { complaintId, outageId } = event.data
      return [held('complaint', complaintId), ...(outageId === undefined ? [] : [seen('outage', outageId)])]
    }
    case 'CauseConfirmed': {
      const { complaintId, batchId } = event.data
      return [held('complaint', complaintId), ...(batchId === undefined ? [] : [fresh('batch', batchId)])]
    }
    case 'CustomersSilentReported':
      return event.data.customers.flatMap(placed)
    case 'OutageAcknowledged':
    case 'OutageAssigned':
    case 'OutageConfirmed':
    case 'OutageRejected':
    case 'OutageWorded':
      return [held('outage', event.data.outageId)]
    case 'NoticeMuted':
    case 'NoticeUnmuted': {
      const { kind, id } = event.data.about
      return kind === 'feed' ? whole(aFeed) : [held(kind, id)]
    }
    case 'FeedAcknowledged':
      return whole(aFeed)
    case 'ClusterAcknowledged':
    case 'ClusterAssigned':
      return [held('cluster', event.data.clusterId)]
    case 'OutageMergedByHand':
      return parts('outage', [event.data.outageId, event.data.into])
    case 'ClusterMergedByHand':
      return parts('cluster', [event.data.intoId, event.data.fromId])
    case 'ClusterSplitByHand': {
      const { clusterId, newClusterId, complaintIds } = event.data
      return [held('cluster', clusterId), fresh('cluster', newClusterId), ...parts('complaint', complaintIds)]
    }
    case 'GapCandidateAccepted':
    case 'GapCandidateDismissed': {
      const { candidateId, gapId } = event.data
      return [held('gap candidate', candidateId), ...(gapId === undefined ? [] : [seen('gap', gapId)])]
    }
    case 'DecisionUndone':
      return [{ need: 'act', eventId: event.data.eventId }]
    case 'OrderOpened':
      return [held(event.data.about.kind, event.data.about.id)]
    case 'OrderUpdated': {
      const { orderId, joins } = event.data
      return [held('order', orderId), ...(joins === undefined ? [] : [held(joins.kind, joins.id)])]
    }
    case 'OrderResolved':
    case 'OrderReturned':
    case 'OrderReopened':
      return [held('order', event.data.orderId)]
    // The server says these of its callers and sources; no route takes them.
    case 'SignedIn':
    case 'FeedFellSilent':
    case 'FeedReturned':
    case 'FeedHeard':
    case 'SignInRefused':
    case 'SignedOut':
    case 'AccessRefused':
    case 'PersonalDataSeen':
    case 'PersonalDataErased':
    case 'DataExported':
    case 'UserAdded':
    case 'UserChanged':
    case 'UserRemoved':
      return []
    case 'RulesetActivated':
      return whole('rules hold for the whole network')
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
    case 'ClockTicked':
    case 'CorrelatorStarted':
    case 'CorrelatorReported':
    case 'InputParked':
      return whole('engine and server alone say this')
  }
}
