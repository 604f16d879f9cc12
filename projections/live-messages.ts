import type { PerceivedSeverity } from '../schemas/alarm.ts'
import { decisionTypes, machineTypes } from '../schemas/event.ts'
import type { LonLat } from '../schemas/geo.ts'
import type { LiveMessage, LiveTopic } from '../schemas/live.ts'
import { actById } from './act.ts'
import { alarmsOnElement } from './alarm-queries.ts'
import { alarms } from './alarm-row.ts'
import { clusterById, clusters, clustersByStatus, type ClusterView } from './cluster.ts'
import { attributionById, complaintById } from './complaint-queries.ts'
import { elementById } from './element-queries.ts'
import { key } from './key.ts'
import { outageById, outagesByStatus, type OutageView } from './outage-queries.ts'
import { outages } from './outage.ts'
import { dispatch, type ByType, type ProjectedEvent } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** The most outages and the most clusters of a snapshot; the rest are read from their lists. */
export const maxSnapshotEntries = 500

/** Something that messages are about. */
interface LiveRef {
  readonly topic: Exclude<LiveTopic, 'feed'>
  readonly id: string
}

const complaint = (id: string): LiveRef => ({ topic: 'complaint', id })
const outage = (id: string): LiveRef => ({ topic: 'outage', id })
const cluster = (id: string): LiveRef => ({ topic: 'cluster', id })
const element = (id: string): LiveRef => ({ topic: 'element', id })
const maybe = <Id>(id: Id | undefined, ref: (id: Id) => LiveRef): readonly LiveRef[] =>
  id === undefined ? [] : [ref(id)]

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

/** Whom an event changes, read from the rows that already hold it. */
const touched: ByType<[Rows], readonly LiveRef[]> = {
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
  EndEstimated: ({ data: { about } }) => (about.kind === 'outage' ? [outage(about.id)] : []),
  ClusterOpened: ({ data }) => [cluster(data.clusterId), ...data.complaintIds.map(complaint)],
  ComplaintClustered: complaintRefs,
  ClustersMerged: twoClusters,
  ClusterMergedByHand: twoClusters,
  ClusterClosed: ({ data }) => [cluster(data.clusterId)],
  ClusterSplitByHand: ({ data }) => [
    cluster(data.clusterId),
    cluster(data.newClusterId),
    ...data.complaintIds.map(complaint),
  ],
  DecisionUndone: ({ data }, rows) => {
    const act = actById(rows, data.eventId)?.act
    if (act === undefined) return []
    if ('complaintId' in act.data) return complaintRefs({ data: act.data }, rows)
    if ('outageId' in act.data) return [outage(act.data.outageId)]
    if ('intoId' in act.data) return twoClusters({ data: act.data })
    if ('newClusterId' in act.data) return [cluster(act.data.clusterId), cluster(act.data.newClusterId)]
    return []
  },
}

const own: ReadonlySet<string> = new Set([...decisionTypes, ...machineTypes])

/** What to tell after these events, which the rows hold: how each entity stands that they touched, each once. */
export function liveMessagesOf(events: readonly ProjectedEvent[], rows: Rows): readonly LiveMessage[] {
  const refs = new Map<string, LiveRef>()
  const newestOf = new Map<string, ProjectedEvent>()
  for (const event of events) {
    for (const ref of dispatch(touched, event, rows) ?? []) refs.set(`${ref.topic} ${ref.id}`, ref)
    if (!own.has(event.type)) newestOf.set(event.meta.source, event)
  }
  const messages: LiveMessage[] = []
  for (const ref of refs.values()) {
    const message = messageOf(rows, ref)
    if (message !== undefined) messages.push(message)
  }
  for (const [source, { recordedAt, occurredAt }] of newestOf) {
    const lagMs = Date.parse(recordedAt) - Date.parse(occurredAt)
    messages.push({ type: 'feed', source, recordedAt, occurredAt, lagMs })
  }
  return messages
}

/** How things stand, for a client that begins anew: the newest open outages and clusters. */
export function liveSnapshot(rows: Rows): readonly LiveMessage[] {
  const request = { limit: maxSnapshotEntries }
  return [
    ...outagesByStatus(rows, 'open', request).items.map(outageMessage),
    ...clustersByStatus(rows, 'open', request).items.map(clusterMessage),
  ]
}

function messageOf(rows: Rows, { topic, id }: LiveRef): LiveMessage | undefined {
  switch (topic) {
    case 'outage': {
      const view = outageById(rows, id)
      if (view === undefined) return undefined
      const row = view.outageId === id ? undefined : rowOf(rows, outages, key(id))
      return outageMessage(row === undefined ? view : { ...view, ...row })
    }
    case 'cluster': {
      const view = clusterById(rows, id)
      if (view === undefined) return undefined
      const row = view.clusterId === id ? undefined : rowOf(rows, clusters, key(id))
      return clusterMessage(row === undefined ? view : { ...view, ...row })
    }
    case 'complaint':
      return complaintMessage(rows, id)
    case 'element':
      return elementMessage(rows, id)
  }
}

function outageMessage(view: OutageView): LiveMessage {
  const { outageId, status, state, title, root, elementId, since, expectedEnd, point, box } = view
  const { complaints, customers, elements, alarms: alarmCount, acknowledged, assigned, mergedInto } = view
  return {
    type: 'outage',
    outageId,
    status,
    state,
    title,
    root,
    elementId,
    since,
    expectedEnd,
    point,
    box,
    complaints,
    customers,
    elements,
    alarms: alarmCount,
    acknowledged: acknowledged !== undefined,
    assignee: assigned?.at(-1)?.assignee,
    mergedInto: mergedInto?.id,
  }
}

function clusterMessage(view: ClusterView): LiveMessage {
  const { clusterId, status, family, network, service, center, openedAt, complaints, customers } = view
  return {
    type: 'cluster',
    clusterId,
    status,
    family,
    network,
    service,
    center,
    openedAt,
    complaints,
    customers,
    mergedInto: view.mergedInto?.id,
  }
}

/** Thousandths of a degree: about a hundred metres. */
const maskScale = 1_000

function masked([lon, lat]: LonLat): LonLat {
  return [Math.round(lon * maskScale) / maskScale, Math.round(lat * maskScale) / maskScale]
}

function complaintMessage(rows: Rows, id: string): LiveMessage | undefined {
  const view = complaintById(rows, id)
  if (view === undefined) return undefined
  const { complaintId, status, facts, attribution, outageId, clusterId, repeatOf } = view
  const { reportedAt, service, network, symptom, place } = facts
  return {
    type: 'complaint',
    complaintId,
    status,
    reportedAt,
    service,
    network,
    symptom,
    point: place && masked(place.location.point),
    verdict: attribution?.verdict,
    root: attribution?.root,
    band: attribution?.band,
    state: attribution?.state,
    outageId,
    clusterId,
    repeatOf,
  }
}

const byWorst: readonly PerceivedSeverity[] = ['CRITICAL', 'MAJOR', 'MINOR', 'WARNING', 'INDETERMINATE']

function elementMessage(rows: Rows, elementId: string): LiveMessage {
  const { active, recent } = alarmsOnElement(rows, elementId)
  const facts = elementById(rows, elementId)?.facts
  return {
    type: 'element',
    elementId,
    name: facts?.name,
    point: facts?.location?.point,
    alarms: active.length,
    worst: byWorst.find((severity) => active.some(({ perceivedSeverity }) => perceivedSeverity === severity)),
    lastClearedAt: recent.at(-1)?.clearedAt,
  }
}
