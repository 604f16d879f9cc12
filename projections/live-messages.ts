import type { PerceivedSeverity } from '../schemas/alarm.ts'
import { ownTypes } from '../schemas/event.ts'
import type { LonLat } from '../schemas/geo.ts'
import type { LiveMessage } from '../schemas/live.ts'
import { alarmsOnElement } from './alarm-queries.ts'
import { clusterById, clusters, clustersByStatus, type ClusterView } from './cluster.ts'
import { complaintById } from './complaint-queries.ts'
import { elementById } from './element-queries.ts'
import { openSilences, silenceOf } from './feed-silence.ts'
import { newestOfFeed } from './feed.ts'
import { key } from './key.ts'
import { touched, type LiveRef } from './live-refs.ts'
import { liveDesk, liveWords, orderMessage } from './live-people.ts'
import { muteSaid } from './mute.ts'
import { orderById, ordersByStatus, unresolvedOrders } from './order-queries.ts'
import { outageById, outagesByStatus, type OutageView } from './outage-queries.ts'
import { outages } from './outage.ts'
import { dispatch, type ProjectedEvent } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** The most outages, clusters and orders of a snapshot, each; the rest are read from their lists. */
export const maxSnapshotEntries = 500

/** When something happened and when it came. */
type Heard = Pick<ProjectedEvent, 'recordedAt' | 'occurredAt'>

const own: ReadonlySet<string> = new Set(ownTypes)

/** What to tell after these events, which the rows hold: how each entity stands that they touched, each once. */
export function liveMessagesOf(events: readonly ProjectedEvent[], rows: Rows): readonly LiveMessage[] {
  const refs = new Map<string, LiveRef>()
  const newestOf = new Map<string, Heard>()
  for (const event of events) {
    for (const ref of dispatch(touched, event, rows) ?? []) refs.set(`${ref.topic} ${ref.id}`, ref)
    if (!own.has(event.type)) newestOf.set(event.meta.source, event)
  }
  for (const source of newestOf.keys()) refs.set(`feed ${source}`, { topic: 'feed', id: source })
  const messages: LiveMessage[] = []
  for (const ref of refs.values()) {
    const message =
      ref.topic === 'feed' ? feedMessage(rows, ref.id, newestOf.get(ref.id)) : liveMessageOf(rows, ref)
    if (message !== undefined) messages.push(message)
  }
  return messages
}

/** How things stand, for a client that begins anew: the newest open outages and clusters, and orders that are not resolved. */
export function liveSnapshot(rows: Rows): readonly LiveMessage[] {
  const request = { limit: maxSnapshotEntries }
  return [
    ...outagesByStatus(rows, 'open', request).items.map((view) => outageMessage(rows, view)),
    ...clustersByStatus(rows, 'open', request).items.map((view) => clusterMessage(rows, view)),
    ...ordersByStatus(rows, unresolvedOrders, request).items.map(orderMessage),
    ...openSilences(rows).flatMap(({ source }) => feedMessage(rows, source) ?? []),
  ]
}

/** How a source stands: the newest that came of it, else since when it is silent. */
function feedMessage(rows: Rows, source: string, newest?: Heard): LiveMessage | undefined {
  const silence = silenceOf(rows, source)
  const heard = newest ?? newestOfFeed(rows, source)
  const at = heard ?? (silence && { recordedAt: silence.since, occurredAt: silence.since })
  if (at === undefined) return undefined
  const mute = silence && muteSaid(rows, 'feed', source)
  return {
    type: 'feed',
    source,
    recordedAt: at.recordedAt,
    occurredAt: at.occurredAt,
    lagMs: Date.parse(at.recordedAt) - Date.parse(at.occurredAt),
    silent: silence && {
      since: silence.since,
      reason: silence.reason,
      acknowledged: silence.acknowledged !== undefined,
      muted: mute && { reason: mute.reason, until: mute.until, at: mute.at, actor: mute.actor },
    },
  }
}

/** How one entity stands; `undefined` where the rows do not know it. */
export function liveMessageOf(rows: Rows, { topic, id }: LiveRef): LiveMessage | undefined {
  switch (topic) {
    case 'outage': {
      const view = outageById(rows, id)
      if (view === undefined) return undefined
      const row = view.outageId === id ? undefined : rowOf(rows, outages, key(id))
      return outageMessage(rows, row === undefined ? view : { ...view, ...row, parts: [id] })
    }
    case 'cluster': {
      const view = clusterById(rows, id)
      if (view === undefined) return undefined
      const row = view.clusterId === id ? undefined : rowOf(rows, clusters, key(id))
      return clusterMessage(rows, row === undefined ? view : { ...view, ...row, parts: [id] })
    }
    case 'order': {
      const view = orderById(rows, id)
      return view && orderMessage(view)
    }
    case 'complaint':
      return complaintMessage(rows, id)
    case 'element':
      return elementMessage(rows, id)
    case 'feed':
      return feedMessage(rows, id)
  }
}

function outageMessage(rows: Rows, view: OutageView): LiveMessage {
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
    ...liveDesk(rows, 'outage', view.parts, view.order),
    ...liveWords(view),
    mergedInto: mergedInto?.id,
  }
}

function clusterMessage(rows: Rows, view: ClusterView): LiveMessage {
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
    acknowledged: view.acknowledged !== undefined,
    assignee: view.assigned?.at(-1)?.assignee,
    ...liveDesk(rows, 'cluster', view.parts, view.order),
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
  const { complaintId, status, facts, attribution, outageId, clusterId, repeatOf, notes } = view
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
    notes,
  }
}

const byWorst: readonly PerceivedSeverity[] = ['CRITICAL', 'MAJOR', 'MINOR', 'WARNING', 'INDETERMINATE']

function elementMessage(rows: Rows, elementId: string): LiveMessage | undefined {
  const { active, recent } = alarmsOnElement(rows, elementId)
  const facts = elementById(rows, elementId)?.facts
  if (facts === undefined && active.length === 0 && recent.length === 0) return undefined
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
