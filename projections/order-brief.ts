import { maxEvidenceIds, maxPlaceNames, type OrderAbout, type OrderOpened } from '../schemas/order.ts'
import { clusterById } from './cluster.ts'
import { complaintsOfCluster, complaintsOfOutage } from './complaint-queries.ts'
import type { ComplaintRow } from './complaint-row.ts'
import { elementById } from './element-queries.ts'
import { elementsOfOutage, outageById } from './outage-queries.ts'
import { boxOfPoint, union, type Box } from './quadkey.ts'
import type { Rows } from './rows.ts'

/** Members looked at for symptoms, names of places and what else they belong to: the newest. */
const maxMembersRead = 500

/** What whoever gets an order must know: where, when, and what speaks for it. */
export type OrderBrief = Omit<OrderOpened, 'orderId' | 'to' | 'note'>

/** `undefined` where there is no such outage or cluster. `about` names what the id stands for now. */
export function orderBrief(rows: Rows, { kind, id }: OrderAbout): OrderBrief | undefined {
  return kind === 'outage' ? ofOutage(rows, id) : ofCluster(rows, id)
}

function ofOutage(rows: Rows, id: string): OrderBrief | undefined {
  const outage = outageById(rows, id)
  if (outage === undefined) return undefined
  const { outageId, title, network, services, root, elementId, expectedEnd, since, point, box } = outage
  const { complaints, customers, elements, alarms, subscribers } = outage
  const read = complaintsOfOutage(rows, outageId, { limit: maxMembersRead }).items
  const affected = elementsOfOutage(rows, outageId, { limit: maxEvidenceIds }).items
  const element = elementId === undefined ? undefined : elementById(rows, elementId)
  return {
    about: { kind: 'outage', id: outageId },
    title,
    services: [...services],
    ...(network === undefined ? {} : { network }),
    place: {
      ...(point && { point: [point[0], point[1]] }),
      ...(box && { box: [box[0], box[1], box[2], box[3]] }),
      ...(elementId === undefined ? {} : { elementId }),
      ...(element && { elementName: element.facts.name }),
      names: placeNames(read),
    },
    time: { since, ...lastReport(read), ...(expectedEnd === undefined ? {} : { expectedEnd }) },
    evidence: {
      root: { kind: root.kind, id: root.id },
      complaints,
      customers,
      elements,
      alarms,
      ...(subscribers === undefined ? {} : { subscribers }),
      ...evidenceOf(read),
      elementIds: affected.map(({ elementId: affectedId }) => affectedId),
    },
  }
}

function ofCluster(rows: Rows, id: string): OrderBrief | undefined {
  const cluster = clusterById(rows, id)
  if (cluster === undefined) return undefined
  const { clusterId, family, network, service, center, since, openedAt, complaints, customers } = cluster
  const read = complaintsOfCluster(rows, clusterId, { limit: maxMembersRead }).items
  const box = boxOf(read)
  const names = placeNames(read)
  return {
    about: { kind: 'cluster', id: clusterId },
    title: `${names[0] ?? clusterId}: ${family}`,
    services: service === undefined ? [] : [service],
    ...(network === undefined ? {} : { network }),
    place: {
      point: [center[0], center[1]],
      ...(box && { box: [box[0], box[1], box[2], box[3]] }),
      names,
    },
    time: { since: since ?? openedAt, ...lastReport(read) },
    evidence: { complaints, customers, elements: 0, alarms: 0, ...evidenceOf(read), elementIds: [] },
  }
}

function boxOf(read: readonly ComplaintRow[]): Box | undefined {
  return read
    .flatMap(({ facts }) => (facts.place === undefined ? [] : [boxOfPoint(facts.place.location.point)]))
    .reduce<Box | undefined>((sum, box) => (sum === undefined ? box : union(sum, box)), undefined)
}

function evidenceOf(
  read: readonly ComplaintRow[],
): Pick<OrderOpened['evidence'], 'symptoms' | 'complaintIds'> {
  const counts = countEach(read.flatMap(({ facts }) => facts.symptom ?? []))
  return {
    symptoms: counts.map(([symptom, complaints]) => ({ symptom, complaints })),
    complaintIds: read.slice(0, maxEvidenceIds).map(({ complaintId }) => complaintId),
  }
}

function lastReport(read: readonly ComplaintRow[]): { lastReportAt?: string } {
  const last = read.map(({ facts }) => facts.reportedAt).reduce((a, b) => (a > b ? a : b), '')
  return last === '' ? {} : { lastReportAt: last }
}

/** A customer's home is in no order. */
function placeNames(read: readonly ComplaintRow[]): string[] {
  const names = read.flatMap(({ facts: { place } }) => (place?.source === 'home' ? [] : (place?.name ?? [])))
  return countEach(names)
    .slice(0, maxPlaceNames)
    .map(([name]) => name)
}

/** The most frequent first; alike ones in the order of their texts. */
function countEach<Text extends string>(texts: readonly Text[]): (readonly [Text, number])[] {
  const counts = new Map<Text, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}
