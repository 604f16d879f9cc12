import type { Assessment, CauseAttributed } from '../../schemas/attribution.ts'
import type { AnswerAssist, AnswerComplaint, AnswerPending } from '../../schemas/answer-complaint.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { Event } from '../../schemas/event.ts'
import { outageById } from '../../projections/outage-queries.ts'
import { saidNow } from '../domain/said-now.ts'
import type { FoundPlace } from '../intake/find-place.ts'
import type { Attribution } from './complaint-rows.ts'
import { complaintView, saidByOrder } from './complaint-view.ts'
import type { Sight } from './sight.ts'
import { toldOfOutage } from './told-of-outage.ts'

/** Of what an input caused, the attribution of this complaint; the last one is in force. */
export function attributionIn(
  decisions: readonly Event[] | undefined,
  complaintId: string,
): Attribution | undefined {
  const found = decisions?.findLast(
    (event) => event.type === 'CauseAttributed' && event.data.complaintId === complaintId,
  )
  return found?.type === 'CauseAttributed' ? { id: found.id, data: found.data } : undefined
}

/** The cluster that an input's decisions put this complaint in. */
export function clusterIn(decisions: readonly Event[] | undefined, complaintId: string): string | undefined {
  let clusterId: string | undefined
  for (const event of decisions ?? []) {
    if (event.type === 'ComplaintClustered' && event.data.complaintId === complaintId) {
      clusterId = event.data.clusterId
    } else if (event.type === 'ClusterOpened' && event.data.complaintIds.includes(complaintId)) {
      clusterId = event.data.clusterId
    }
  }
  return clusterId
}

export function assistAnswer(
  sight: Sight,
  assessment: Assessment,
  facts: Facts,
  found: FoundPlace,
): AnswerAssist {
  const { wholeRows, nowMs, staleFeeds, ruleset, dataAsOf } = sight
  const { outageId } = assessment
  const isReopened = outageId !== undefined && outageById(wholeRows, outageId)?.stillOut !== undefined
  const said = saidNow(toldOfOutage(assessment, sight), { nowMs, staleFeeds, ruleset, isReopened })
  const { place } = facts
  return {
    ...said,
    // A name that may mean several places is asked about before anything is said or dispatched.
    band: found.kind === 'ambiguous' ? 'ask' : said.band,
    understood: understoodOf(facts),
    ...(place === undefined ? {} : { place: shownPlace(place) }),
    ...openPlace(found),
    dataAsOf,
    staleFeeds,
  }
}

export interface AnswerParts {
  readonly complaintId: string
  readonly attribution: Attribution
  readonly facts: Facts & Pick<ComplaintReceived, 'reportedAt'>
  readonly place: FoundPlace
  readonly clusterId?: string | undefined
  readonly duplicate?: 'same' | 'differs' | undefined
  readonly refusedId?: string | undefined
}

export function complaintAnswer(sight: Sight, parts: AnswerParts): AnswerComplaint {
  const { complaintId, attribution, facts, place, duplicate, refusedId } = parts
  const view = complaintView(sight.rows, complaintId, attribution.data.outageId, parts.clusterId)
  // What people found out is said to every member, wherever the order was given.
  const told =
    sight.rows === sight.wholeRows
      ? view
      : complaintView(sight.wholeRows, complaintId, attribution.data.outageId, parts.clusterId)
  return {
    complaintId,
    attributionId: attribution.id,
    ...assistAnswer(sight, assessmentOf(attribution.data), facts, place),
    ...(duplicate === undefined ? {} : { duplicate }),
    ...(refusedId === undefined ? {} : { refusedId }),
    ...view,
    ...saidByOrder(told, facts),
    links: {
      ...linksOf(complaintId),
      ...(view.outage === undefined ? {} : { outage: pathTo('outages', view.outage.outageId) }),
      ...(view.cluster === undefined ? {} : { cluster: pathTo('clusters', view.cluster.clusterId) }),
    },
  }
}

export function pendingAnswer(complaintId: string, place: FoundPlace): AnswerPending {
  return { complaintId, pending: true, ...openPlace(place), links: linksOf(complaintId) }
}

function pathTo(what: string, id: string): string {
  return `/v1/${what}/${encodeURIComponent(id)}`
}

function linksOf(complaintId: string): Record<string, string> {
  const self = pathTo('complaints', complaintId)
  return { self, story: `${self}/story` }
}

type Facts = Omit<ComplaintReceived, 'complaintId' | 'reportedAt' | 'customerRef'>

function assessmentOf(data: CauseAttributed): Assessment {
  const { complaintId: _id, supersedes: _supersedes, changed: _changed, ...assessment } = data
  return assessment
}

function understoodOf(facts: Facts): AnswerAssist['understood'] {
  const { service, symptom, scope, scopeReason, setting, stillOut, trouble, wordFeatures } = facts
  return { service, symptom, scope, scopeReason, setting, stillOut, trouble, wordFeatures }
}

function shownPlace(place: NonNullable<Facts['place']>): AnswerAssist['place'] {
  const { name, placeId, location } = place
  return { name, placeId, point: location.point }
}

function openPlace(found: FoundPlace): Pick<AnswerPending, 'which' | 'placeNotFound'> {
  switch (found.kind) {
    case 'unstated':
    case 'found':
      return {}
    case 'not-found':
      return { placeNotFound: found.what }
    case 'ambiguous': {
      const places = found.candidates.map(({ id, name, kind, point }) => ({
        placeId: id,
        name,
        kind,
        point: [point[0], point[1]] as [number, number],
      }))
      const words = {
        zh: `有多个地方叫“${found.name}”，请问是哪一个？`,
        en: `Several places are called "${found.name}". Which one is it?`,
      }
      return { which: { name: found.name, words, places } }
    }
  }
}
