import type { CauseRef } from '../schemas/attribution.ts'
import { careOf } from './care.ts'
import { outageMembers } from './complaint-row.ts'
import { key, prefix } from './key.ts'
import { fromKnown, pageOfBox, pageOfList } from './listing.ts'
import type { Counts } from './members.ts'
import { countsOf, headOf, partsOf } from './merged.ts'
import { orderInShort, orderOfParts, type OrderInShort } from './order.ts'
import { affectedElements, extents, type AffectedElement, type Extent } from './outage-extent.ts'
import {
  outageList,
  outageMap,
  outages,
  outagesOfCause,
  outageStories,
  type OutageRow,
  type OutageStatus,
} from './outage.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import type { Box } from './quadkey.ts'
import { rowOf, type Rows } from './rows.ts'
import type { StillOut } from './still-out.ts'
import { storyOf, type StoryEntry } from './story.ts'

/**
 * An outage with all that was merged into it. A customer or an element of two merged parts counts in both.
 * `outageId` may differ from the one asked for: then that one was merged.
 */
export interface OutageView extends Omit<OutageRow, 'own' | 'joined'>, Counts, Extent {
  /** A person's estimate goes before what the plan says. */
  readonly expectedEnd?: string | undefined
  readonly order?: OrderInShort | undefined
  /** The ids under which complaints and elements are listed. */
  readonly parts: readonly string[]
  /** Where it stands: its state while it is open. */
  readonly stage: OutageStage
}

export type OutageStage = OutageRow['state'] | 'ended'

/** The outage that an id stands for now, or `undefined` where there is none. */
export function outageById(rows: Rows, outageId: string): OutageView | undefined {
  return outageRow(rows, headOf(rows, outages, outageId))
}

function outageRow(rows: Rows, outageId: string): OutageView | undefined {
  const row = rowOf(rows, outages, key(outageId))
  if (row === undefined) return undefined
  const parts = partsOf(rows, outages, outageId)
  const { own: _own, joined: _joined, ...known } = row
  const { estimates, expectedEnd, stillOut } = row
  const { also: _also, ...held } = stillOut ?? {}
  return {
    ...known,
    ...(stillOut === undefined ? {} : { state: 'open', ended: undefined, stillOut: held as StillOut }),
    expectedEnd: estimates?.at(-1)?.expectedEnd ?? expectedEnd,
    ...careOf(rows, outages, parts),
    ...countsOf(rows, outageMembers.counts, parts),
    ...extentOf(rows, parts),
    order: orderInShort(orderOfParts(rows, 'outage', parts)),
    parts,
    stage: row.status === 'ended' ? 'ended' : stillOut === undefined ? row.state : 'open',
  }
}

function extentOf(rows: Rows, parts: readonly string[]): Extent {
  const sum = { elements: 0, alarms: 0 }
  for (const part of parts) {
    const extent = rowOf(rows, extents, key(part))
    sum.elements += extent?.elements ?? 0
    sum.alarms += extent?.alarms ?? 0
  }
  return sum
}

/** Open ones by `since`, ended ones by their end, newest first; those merged into others are left out. */
export function outagesByStatus(rows: Rows, status: OutageStatus, request: PageRequest): Page<OutageView> {
  const from = status === 'ended' ? fromKnown(rows, status) : undefined
  return pageOfList(rows, outageList, [[status]], request, (id) => outageRow(rows, id), from)
}

/** Outages that serve ground in a box, in no order that means anything. */
export function outagesInBox(
  rows: Rows,
  status: OutageStatus,
  box: Box,
  request: PageRequest,
): Page<OutageView> {
  return pageOfBox(rows, outageMap, status, box, request, (id) => outageRow(rows, id))
}

/** Every outage of which this is or was the root, merged ones too. */
export function outagesByCause(rows: Rows, cause: CauseRef, request: PageRequest): Page<OutageView> {
  return pageOfList(rows, outagesOfCause, [[cause.kind, cause.id]], request, (id) => outageRow(rows, id))
}

/** The elements whose alarms hang on the outage, by id within each merged part. */
export function elementsOfOutage(rows: Rows, outageId: string, request: PageRequest): Page<AffectedElement> {
  const parts = partsOf(rows, outages, headOf(rows, outages, outageId))
  return pageOf(
    rows,
    affectedElements,
    parts.map((part) => prefix(part)),
    request,
    (row) => row,
  )
}

export function outageStory(rows: Rows, outageId: string, request: PageRequest): Page<StoryEntry> {
  return storyOf(rows, outageStories, outageId, request)
}
