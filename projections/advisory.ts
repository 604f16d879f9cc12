import type { AdvisoryPublished } from '../schemas/advisory.ts'
import { actRef, actUndoneBy, addAct, withoutAct, type ActRef } from './act.ts'
import { key, newestFirst } from './key.ts'
import {
  moveEntries,
  nowhere,
  pageOfBox,
  pageOfList,
  type ListEntry,
  type MapEntry,
  type Places,
} from './listing.ts'
import type { Page, PageRequest } from './page.ts'
import { projection, table, type Draft, type Table } from './projection.ts'
import { boxOfArea, type Box } from './quadkey.ts'
import { rowOf, type Rows } from './rows.ts'
import { storyOf, tell, type StoryEntry } from './story.ts'

export type AdvisoryStatus = 'published' | 'withdrawn'

/** Hand-published information as it stands. Table `advisory`, key: advisory id. */
export interface AdvisoryRow {
  readonly advisoryId: string
  readonly status: AdvisoryStatus
  readonly facts: AdvisoryPublished
  readonly source: string
  readonly actor: string
  /** `from`, or else when it was published. */
  readonly since: string
  readonly withdrawnAt?: string | undefined
  readonly estimates?: readonly (ActRef & { readonly expectedEnd: string })[] | undefined
}

export const advisories = table<AdvisoryRow>('advisory')
const advisoryStories = table<StoryEntry>('advisory.story')
/** Key: status, inverted `since`, advisory id. */
const advisoryList = table<ListEntry>('advisory.list')
/** Key: element id, inverted `since`, advisory id. Published ones only. */
const ofElement = table<ListEntry>('advisory.of-element')
/** Those with an area, filed under the status. */
const advisoryMap = table<MapEntry>('advisory.map')

export const advisoryProjection = projection('advisory', 1, {
  AdvisoryPublished: (event, rows) => {
    const { advisoryId, from } = event.data
    put(rows, {
      advisoryId,
      status: 'published',
      facts: event.data,
      source: event.meta.source,
      actor: event.meta.actor,
      since: from ?? event.occurredAt,
    })
    tell(event, rows, advisoryStories, advisoryId, event.data)
  },
  AdvisoryWithdrawn: (event, rows) => {
    const { advisoryId } = event.data
    change(rows, advisoryId, (row) => ({ ...row, status: 'withdrawn', withdrawnAt: event.occurredAt }))
    tell(event, rows, advisoryStories, advisoryId, event.data)
  },
  EndEstimated: (event, rows) => {
    const { about, expectedEnd } = event.data
    if (about.kind !== 'advisory') return
    const estimate = { ...actRef(event), expectedEnd }
    change(rows, about.id, (row) => ({ ...row, estimates: addAct(row.estimates, estimate) }))
    tell(event, rows, advisoryStories, about.id, event.data)
  },
  NoteAdded: (event, rows) => {
    const { kind, id } = event.data.about
    if (kind === 'advisory') tell(event, rows, advisoryStories, id, event.data)
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type !== 'EndEstimated' || undone.data.about.kind !== 'advisory') return
    change(rows, undone.data.about.id, (row) => ({
      ...row,
      estimates: withoutAct(row.estimates, undone.id),
    }))
    tell(event, rows, advisoryStories, undone.data.about.id, event.data)
  },
})

function change(rows: Draft, advisoryId: string, to: (row: AdvisoryRow) => AdvisoryRow): void {
  const row = rows.get(advisories, key(advisoryId))
  if (row !== undefined) put(rows, to(row))
}

function put(rows: Draft, row: AdvisoryRow): void {
  const before = rows.get(advisories, key(row.advisoryId))
  rows.put(advisories, key(row.advisoryId), row)
  moveEntries(rows, row.advisoryId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function placesOf({ advisoryId, status, since, facts }: AdvisoryRow): Places {
  const newest = newestFirst(since)
  const lists: (readonly [Table<ListEntry>, string])[] = [[advisoryList, key(status, newest, advisoryId)]]
  if (status === 'published') {
    for (const id of new Set(facts.elementIds)) lists.push([ofElement, key(id, newest, advisoryId)])
  }
  return {
    lists,
    map: facts.area && { table: advisoryMap, under: status, box: boxOfArea(facts.area) },
  }
}

export function advisoryById(rows: Rows, advisoryId: string): AdvisoryRow | undefined {
  return rowOf(rows, advisories, key(advisoryId))
}

/** The latest first. Published ones may be over or yet to come: see `advisoryInForce`. */
export function advisoriesByStatus(
  rows: Rows,
  status: AdvisoryStatus,
  request: PageRequest,
): Page<AdvisoryRow> {
  return pageOfList(rows, advisoryList, [[status]], request, (id) => advisoryById(rows, id))
}

/** Published ones that name the element, the latest first. */
export function advisoriesOfElement(rows: Rows, elementId: string, request: PageRequest): Page<AdvisoryRow> {
  return pageOfList(rows, ofElement, [[elementId]], request, (id) => advisoryById(rows, id))
}

export function advisoriesInBox(
  rows: Rows,
  status: AdvisoryStatus,
  box: Box,
  request: PageRequest,
): Page<AdvisoryRow> {
  return pageOfBox(rows, advisoryMap, status, box, request, (id) => advisoryById(rows, id))
}

export function advisoryStory(rows: Rows, advisoryId: string, request: PageRequest): Page<StoryEntry> {
  return storyOf(rows, advisoryStories, advisoryId, request)
}

export function advisoryInForce({ status, since, facts }: AdvisoryRow, nowMs: number): boolean {
  const untilMs = facts.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(facts.to)
  return status === 'published' && Date.parse(since) <= nowMs && nowMs < untilMs
}
