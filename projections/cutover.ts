import type { CutoverFinished, CutoverPlanned } from '../schemas/cutover.ts'
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
import { projection, table, type Draft, type ProjectedEvent, type Table } from './projection.ts'
import { boxOfArea, type Box } from './quadkey.ts'
import { rowOf, type Rows } from './rows.ts'
import { storyOf, tell, type StoryEntry } from './story.ts'

export type CutoverStatus = 'planned' | 'started' | 'finished' | 'cancelled'

/** Planned work as it stands. Table `cutover`, key: cutover id. */
export interface CutoverRow {
  readonly cutoverId: string
  readonly status: CutoverStatus
  /** With the window as last rescheduled. Absent while only a step of it was reported. */
  readonly plan?: CutoverPlanned | undefined
  readonly source: string
  readonly startedAt?: string | undefined
  readonly finishedAt?: string | undefined
  readonly outcome?: CutoverFinished['outcome'] | undefined
  readonly cancelledAt?: string | undefined
  readonly rescheduled: number
  readonly estimates?: readonly (ActRef & { readonly expectedEnd: string })[] | undefined
}

export const cutovers = table<CutoverRow>('cutover')
const cutoverStories = table<StoryEntry>('cutover.story')
/** Key: status, inverted planned start, cutover id. */
const cutoverList = table<ListEntry>('cutover.list')
/** Key: element id, inverted planned start, cutover id. */
const ofElement = table<ListEntry>('cutover.of-element')
/** Those with an area, filed under the status. */
const cutoverMap = table<MapEntry>('cutover.map')

export const cutoverProjection = projection('cutover', 1, {
  CutoverPlanned: (event, rows) => step(event, rows, (row) => ({ ...row, plan: event.data })),
  CutoverRescheduled: (event, rows) => {
    const { plannedStart, plannedEnd } = event.data
    step(event, rows, (row) => ({
      ...row,
      plan: row.plan && { ...row.plan, plannedStart, plannedEnd },
      rescheduled: row.rescheduled + 1,
    }))
  },
  CutoverStarted: (event, rows) => step(event, rows, (row) => ({ ...row, startedAt: event.occurredAt })),
  CutoverFinished: (event, rows) =>
    step(event, rows, (row) => ({ ...row, finishedAt: event.occurredAt, outcome: event.data.outcome })),
  CutoverCancelled: (event, rows) => step(event, rows, (row) => ({ ...row, cancelledAt: event.occurredAt })),
  EndEstimated: (event, rows) => {
    const { about, expectedEnd } = event.data
    if (about.kind !== 'cutover') return
    const estimate = { ...actRef(event), expectedEnd }
    change(rows, about.id, (row) => ({ ...row, estimates: addAct(row.estimates, estimate) }))
    tell(event, rows, cutoverStories, about.id, event.data)
  },
  NoteAdded: (event, rows) => {
    const { kind, id } = event.data.about
    if (kind === 'cutover') tell(event, rows, cutoverStories, id, event.data)
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type !== 'EndEstimated' || undone.data.about.kind !== 'cutover') return
    change(rows, undone.data.about.id, (row) => ({
      ...row,
      estimates: withoutAct(row.estimates, undone.id),
    }))
    tell(event, rows, cutoverStories, undone.data.about.id, event.data)
  },
})

type StepEvent = ProjectedEvent & { readonly data: { readonly cutoverId: string } }

/** Steps may come in any order: what is reported of a cutover not yet planned is kept for when it is. */
function step(event: StepEvent, rows: Draft, to: (row: CutoverRow) => CutoverRow): void {
  const { cutoverId } = event.data
  const row = rows.get(cutovers, key(cutoverId)) ?? {
    cutoverId,
    status: 'planned',
    source: event.meta.source,
    rescheduled: 0,
  }
  put(rows, to(row))
  tell(event, rows, cutoverStories, cutoverId, event.data)
}

function change(rows: Draft, cutoverId: string, to: (row: CutoverRow) => CutoverRow): void {
  const row = rows.get(cutovers, key(cutoverId))
  if (row !== undefined) put(rows, to(row))
}

function put(rows: Draft, changed: CutoverRow): void {
  const row = { ...changed, status: statusOf(changed) }
  const before = rows.get(cutovers, key(row.cutoverId))
  rows.put(cutovers, key(row.cutoverId), row)
  moveEntries(rows, row.cutoverId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function statusOf({ cancelledAt, finishedAt, startedAt }: CutoverRow): CutoverStatus {
  if (finishedAt !== undefined) return 'finished'
  if (cancelledAt !== undefined) return 'cancelled'
  return startedAt === undefined ? 'planned' : 'started'
}

function placesOf({ cutoverId, status, plan }: CutoverRow): Places {
  if (plan === undefined) return nowhere
  const newest = newestFirst(plan.plannedStart)
  const lists: (readonly [Table<ListEntry>, string])[] = [[cutoverList, key(status, newest, cutoverId)]]
  for (const elementId of new Set(plan.elementIds)) lists.push([ofElement, key(elementId, newest, cutoverId)])
  return {
    lists,
    map: plan.area && { table: cutoverMap, under: status, box: boxOfArea(plan.area) },
  }
}

export function cutoverById(rows: Rows, cutoverId: string): CutoverRow | undefined {
  return rowOf(rows, cutovers, key(cutoverId))
}

/** The latest planned start first. */
export function cutoversByStatus(rows: Rows, status: CutoverStatus, request: PageRequest): Page<CutoverRow> {
  return pageOfList(rows, cutoverList, [[status]], request, (id) => cutoverById(rows, id))
}

/** Of any status, the latest planned start first. */
export function cutoversOfElement(rows: Rows, elementId: string, request: PageRequest): Page<CutoverRow> {
  return pageOfList(rows, ofElement, [[elementId]], request, (id) => cutoverById(rows, id))
}

/** Those that have an area of their own, and it meets the box. */
export function cutoversInBox(
  rows: Rows,
  status: CutoverStatus,
  box: Box,
  request: PageRequest,
): Page<CutoverRow> {
  return pageOfBox(rows, cutoverMap, status, box, request, (id) => cutoverById(rows, id))
}

export function cutoverStory(rows: Rows, cutoverId: string, request: PageRequest): Page<StoryEntry> {
  return storyOf(rows, cutoverStories, cutoverId, request)
}

/** Whether work is going on: it was started and not ended, or nobody said and it is in its window. */
export function cutoverInForce({ status, plan }: CutoverRow, nowMs: number): boolean {
  if (status === 'started') return true
  if (status !== 'planned' || plan === undefined) return false
  return Date.parse(plan.plannedStart) <= nowMs && nowMs < Date.parse(plan.plannedEnd)
}
