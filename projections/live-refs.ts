import type { LiveTopic } from '../schemas/live.ts'
import { actById } from './act.ts'
import { alarms } from './alarm-row.ts'
import { attributionById, complaintById } from './complaint-queries.ts'
import { key } from './key.ts'
import { orders } from './order.ts'
import type { ByType } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** Something that messages are about. */
export interface LiveRef {
  readonly topic: LiveTopic
  readonly id: string
}

const complaint = (id: string): LiveRef => ({ topic: 'complaint', id })
const outage = (id: string): LiveRef => ({ topic: 'outage', id })
const cluster = (id: string): LiveRef => ({ topic: 'cluster', id })
const element = (id: string): LiveRef => ({ topic: 'element', id })
const maybe = <Id>(id: Id | undefined, ref: (id: Id) => LiveRef): readonly LiveRef[] =>
  id === undefined ? [] : [ref(id)]

const feed = (id: string): LiveRef => ({ topic: 'feed', id })
const feedAlone = ({ data }: { readonly data: { readonly source: string } }) => [feed(data.source)]
const order = (id: string): LiveRef => ({ topic: 'order', id })

type AboutComplaint = { readonly data: { readonly complaintId: string } }
type AboutOutage = { readonly data: { readonly outageId: string } }

/** The complaint, with the outage and cluster that count it. */
function complaintRefs({ data: { complaintId } }: AboutComplaint, rows: Rows): readonly LiveRef[] {
  const view = complaintById(rows, complaintId)
  return [complaint(complaintId), ...maybe(view?.outageId, outage), ...maybe(view?.clusterId, cluster)]
}

const complaintAlone = ({ data }: AboutComplaint) => [complaint(data.complaintId)]
const outageAlone = ({ data }: AboutOutage) => [outage(data.outageId)]
const twoClusters = ({ data }: { readonly data: { readonly intoId: string; readonly fromId: string } }) => [
  cluster(data.intoId),
  cluster(data.fromId),
]

const clusterAlone = ({ data }: { readonly data: { readonly clusterId: string } }) => [
  cluster(data.clusterId),
]

/** What a note, a mute or an estimate is about. */
function refsAbout({
  data: { about },
}: {
  readonly data: { readonly about: { readonly kind: string; readonly id: string } }
}): readonly LiveRef[] {
  switch (about.kind) {
    case 'outage':
      return [outage(about.id)]
    case 'cluster':
      return [cluster(about.id)]
    case 'complaint':
      return [complaint(about.id)]
    case 'feed':
      return [feed(about.id)]
    default:
      return []
  }
}

/** The order, with all that shows it. Its complaints show it by what they belong to. */
function orderRefs(
  { data: { orderId } }: { readonly data: { readonly orderId: string } },
  rows: Rows,
): readonly LiveRef[] {
  const about = rowOf(rows, orders, key(orderId))?.about ?? []
  return [order(orderId), ...about.map(({ kind, id }) => (kind === 'outage' ? outage(id) : cluster(id)))]
}

/** Whom an event changes, read from the rows that already hold it. */
export const touched: ByType<[Rows], readonly LiveRef[]> = {
  AlarmRaised: ({ data }) => [element(data.elementId)],
  AlarmChanged: ({ data, meta }, rows) =>
    maybe(rowOf(rows, alarms, key(meta.source, data.alarmId))?.elementId, element),
  AlarmCleared: ({ data, meta }, rows) => {
    const { alarmId, elementId } = data
    if (alarmId === undefined) return maybe(elementId, element)
    return maybe(rowOf(rows, alarms, key(meta.source, alarmId))?.elementId, element)
  },
  AlarmCorrelated: ({ data }) => maybe(data.outageId, outage),
  ComplaintReceived: complaintAlone,
  ComplaintAmended: complaintAlone,
  ComplaintWithdrawn: complaintRefs,
  CauseAttributed: (event, rows) => {
    const { supersedes } = event.data
    const before = supersedes === undefined ? undefined : attributionById(rows, supersedes)
    return [...complaintRefs(event, rows), ...maybe(before?.attribution.outageId, outage)]
  },
  ReplyGiven: complaintAlone,
  CallbackMade: complaintRefs,
  ComplaintDispatched: complaintAlone,
  ComplaintResolved: complaintAlone,
  OutageOpened: outageAlone,
  OutageChanged: outageAlone,
  OutageEnded: ({ data }) => [outage(data.outageId), ...maybe(data.into, outage)],
  OutageAcknowledged: outageAlone,
  OutageAssigned: outageAlone,
  OutageConfirmed: outageAlone,
  OutageRejected: outageAlone,
  OutageWorded: outageAlone,
  OutageMergedByHand: ({ data }) => [outage(data.outageId), outage(data.into)],
  EndEstimated: refsAbout,
  NoticeMuted: refsAbout,
  NoticeUnmuted: refsAbout,
  NoteAdded: refsAbout,
  FeedFellSilent: feedAlone,
  FeedReturned: feedAlone,
  FeedAcknowledged: feedAlone,
  OrderOpened: orderRefs,
  OrderUpdated: orderRefs,
  OrderResolved: orderRefs,
  OrderReturned: orderRefs,
  OrderReopened: orderRefs,
  ClusterOpened: ({ data }) => [cluster(data.clusterId), ...data.complaintIds.map(complaint)],
  ComplaintClustered: complaintRefs,
  ClustersMerged: twoClusters,
  ClusterMergedByHand: twoClusters,
  ClusterClosed: clusterAlone,
  ClusterAcknowledged: clusterAlone,
  ClusterAssigned: clusterAlone,
  ClusterSplitByHand: ({ data }) => [
    cluster(data.clusterId),
    cluster(data.newClusterId),
    ...data.complaintIds.map(complaint),
  ],
  DecisionUndone: ({ data }, rows) => {
    const act = actById(rows, data.eventId)?.act
    if (act === undefined) return []
    if ('complaintId' in act.data) return complaintRefs({ data: act.data }, rows)
    if ('outageId' in act.data)
      return [outage(act.data.outageId), ...('into' in act.data ? [outage(act.data.into)] : [])]
    if ('intoId' in act.data) return twoClusters({ data: act.data })
    if ('newClusterId' in act.data) return [cluster(act.data.clusterId), cluster(act.data.newClusterId)]
    if ('clusterId' in act.data) return clusterAlone({ data: act.data })
    if ('source' in act.data) return feedAlone({ data: act.data })
    if ('about' in act.data) return refsAbout({ data: act.data })
    return []
  },
}
