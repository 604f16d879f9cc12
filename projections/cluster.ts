import type { ClusterClosed, ClusterOpened } from '../schemas/cluster.ts'
import { actUndoneBy } from './act.ts'
import { acknowledgedBy, assignedBy, careOf, withoutCare, type Care } from './care.ts'
import { clusterMembers, complaints } from './complaint-row.ts'
import { key, newestFirst } from './key.ts'
import {
  fromKnown,
  moveEntries,
  nowhere,
  pageOfBox,
  pageOfList,
  type ListEntry,
  type MapEntry,
  type Places,
} from './listing.ts'
import type { Counts } from './members.ts'
import { absorb, countsOf, headOf, leadsTo, partsOf, type Merge, type Mergeable } from './merged.ts'
import { orderInShort, orderOfParts, type OrderInShort } from './order.ts'
import type { Page, PageRequest } from './page.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'
import { boxOfPoint, type Box } from './quadkey.ts'
import { spellKeys } from './spell.ts'
import { rowOf, type Rows } from './rows.ts'
import { storyOf, tell, type StoryEntry } from './story.ts'

export type ClusterStatus = 'open' | 'closed'

/** A cluster as it stands, with people's merges and splits laid over the engine's. Table `cluster`, key: cluster id. */
export interface ClusterRow
  extends Mergeable, Care, Pick<ClusterOpened, 'family' | 'network' | 'service' | 'center'> {
  readonly clusterId: string
  readonly status: ClusterStatus
  readonly openedAt: string
  /** The first report of those that it was opened for. */
  readonly since?: string | undefined
  readonly backfilled?: true | undefined
  readonly closed?: { readonly at: string; readonly reason: ClusterClosed['reason'] } | undefined
  /** Made by a person out of members of another. */
  readonly splitFrom?: { readonly clusterId: string; readonly eventId: string } | undefined
}

export const clusters = table<ClusterRow>('cluster')
const clusterStories = table<StoryEntry>('cluster.story')
/** Key: status, inverted time of opening (of closed ones: of closing), cluster id. What became part of another is in no list. */
const clusterList = table<ListEntry>('cluster.list')
/** By when they were open, as `spell.ts` files it. What became part of another is left out. */
export const clusterSpells = table<ListEntry>('cluster.spell')
/** Filed under the status, at the centre. */
const clusterMap = table<MapEntry>('cluster.map')

/** Clusters; who is in them stands with the complaints. */
export const clusterProjection = projection('cluster', 3, {
  ClusterOpened: (event, rows) => {
    const { clusterId, family, network, service, center, complaintIds } = event.data
    put(rows, {
      ...rows.get(clusters, key(clusterId)),
      clusterId,
      family,
      network,
      service,
      center,
      status: 'open',
      openedAt: event.recordedAt,
      since: firstReport(rows, complaintIds),
      backfilled: event.meta.backfilled,
      closed: undefined,
    })
    tell(event, rows, clusterStories, clusterId, { family, network, service, center })
  },
  ClustersMerged: merge,
  ClusterMergedByHand: merge,
  ClusterClosed: (event, rows) => {
    const { clusterId, reason } = event.data
    change(rows, clusterId, (row) => ({ ...row, status: 'closed', closed: { at: event.recordedAt, reason } }))
    tell(event, rows, clusterStories, clusterId, event.data)
  },
  ClusterSplitByHand: (event, rows) => {
    const { clusterId, newClusterId, complaintIds } = event.data
    const from = rows.get(clusters, key(clusterId))
    if (from !== undefined && rows.get(clusters, key(newClusterId)) === undefined) {
      const { family, network, service, center } = from
      put(rows, {
        clusterId: newClusterId,
        family,
        network,
        service,
        center,
        status: 'open',
        openedAt: event.recordedAt,
        since: firstReport(rows, complaintIds),
        splitFrom: { clusterId, eventId: event.id },
      })
    }
    tellBoth(event, rows, clusterId, newClusterId)
  },
  ClusterAcknowledged: (event, rows) => {
    const { clusterId } = event.data
    change(rows, clusterId, (row) => acknowledgedBy(row, event))
    tell(event, rows, clusterStories, clusterId, event.data)
  },
  ClusterAssigned: (event, rows) => {
    const { clusterId, assignee } = event.data
    change(rows, clusterId, (row) => assignedBy(row, event, assignee))
    tell(event, rows, clusterStories, clusterId, event.data)
  },
  NoteAdded: (event, rows) => {
    const { kind, id } = event.data.about
    if (kind === 'cluster') tell(event, rows, clusterStories, id, event.data)
  },
  NoticeMuted: tellOfNotice,
  NoticeUnmuted: tellOfNotice,
  DecisionUndone: undo,
})

function tellOfNotice(event: ProjectedEventOf<'NoticeMuted' | 'NoticeUnmuted'>, rows: Draft): void {
  const { kind, id } = event.data.about
  if (kind === 'cluster') tell(event, rows, clusterStories, id, event.data)
}

function firstReport(rows: Draft, complaintIds: readonly string[]): string | undefined {
  let first: string | undefined
  for (const id of complaintIds) {
    const reportedAt = rows.get(complaints, key(id))?.facts.reportedAt
    if (reportedAt !== undefined && (first === undefined || reportedAt < first)) first = reportedAt
  }
  return first
}

function merge(event: ProjectedEventOf<'ClustersMerged' | 'ClusterMergedByHand'>, rows: Draft): void {
  const { intoId, fromId } = event.data
  tellBoth(event, rows, intoId, fromId)
  // A merge into itself, or into its own part, would make a ring.
  if (leadsTo(rows, clusters, intoId, fromId)) return
  const byHand = event.type === 'ClusterMergedByHand' ? true : undefined
  const link = (id: string): Merge => ({ id, at: event.recordedAt, eventId: event.id, byHand })
  change(rows, intoId, (row) => ({ ...row, absorbed: absorb(row.absorbed, link(fromId)) }))
  change(rows, fromId, (row) => ({ ...row, mergedInto: link(intoId) }))
}

function undo(event: ProjectedEventOf<'DecisionUndone'>, rows: Draft): void {
  const undone = actUndoneBy(event, rows)
  if (undone?.type === 'ClusterMergedByHand') {
    const { intoId, fromId } = undone.data
    const others = ({ eventId }: Merge) => eventId !== undone.id
    change(rows, intoId, (row) => ({ ...row, absorbed: row.absorbed?.filter(others) }))
    change(rows, fromId, (row) =>
      row.mergedInto?.eventId === undone.id ? { ...row, mergedInto: undefined } : row,
    )
    tellBoth(event, rows, intoId, fromId)
  } else if (undone?.type === 'ClusterSplitByHand') {
    const { clusterId, newClusterId } = undone.data
    change(rows, newClusterId, (row) =>
      row.splitFrom?.eventId === undone.id
        ? { ...row, status: 'closed', closed: { at: event.recordedAt, reason: 'dissolved' } }
        : row,
    )
    tellBoth(event, rows, clusterId, newClusterId)
  } else if (undone?.type === 'ClusterAcknowledged' || undone?.type === 'ClusterAssigned') {
    const { clusterId } = undone.data
    change(rows, clusterId, (row) => withoutCare(row, undone.id))
    tell(event, rows, clusterStories, clusterId, event.data)
  }
}

type ActOnTwo = ProjectedEventOf<
  'ClustersMerged' | 'ClusterMergedByHand' | 'ClusterSplitByHand' | 'DecisionUndone'
>

function tellBoth(event: ActOnTwo, rows: Draft, one: string, other: string): void {
  for (const id of new Set([one, other])) tell(event, rows, clusterStories, id, event.data)
}

function change(rows: Draft, clusterId: string, to: (row: ClusterRow) => ClusterRow): void {
  const row = rows.get(clusters, key(clusterId))
  if (row !== undefined) put(rows, to(row))
}

function put(rows: Draft, row: ClusterRow): void {
  const at = key(row.clusterId)
  const before = rows.get(clusters, at)
  rows.put(clusters, at, row)
  moveEntries(rows, row.clusterId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function placesOf(row: ClusterRow): Places {
  const { clusterId, status, since, openedAt, closed, center, mergedInto } = row
  if (mergedInto !== undefined) return nowhere
  const spells = spellKeys(since ?? openedAt, closed?.at, clusterId)
  return {
    lists: [
      [clusterList, key(status, newestFirst(closed?.at ?? openedAt), clusterId)],
      ...spells.map((at) => [clusterSpells, at] as const),
    ],
    map: { table: clusterMap, under: status, box: boxOfPoint(center) },
  }
}

/** A cluster with all that became part of it. `clusterId` may differ from the one asked for: then that one was merged. */
export interface ClusterView extends ClusterRow, Counts {
  readonly order?: OrderInShort | undefined
  /** The ids under which members are listed. */
  readonly parts: readonly string[]
}

/** The cluster that an id stands for now, or `undefined` where there is none. */
export function clusterById(rows: Rows, clusterId: string): ClusterView | undefined {
  const head = headOf(rows, clusters, clusterId)
  const row = rowOf(rows, clusters, key(head))
  if (row === undefined) return undefined
  const parts = partsOf(rows, clusters, head)
  const order = orderInShort(orderOfParts(rows, 'cluster', parts))
  const care = careOf(rows, clusters, parts)
  return { ...row, ...care, ...countsOf(rows, clusterMembers.counts, parts), order, parts }
}

/** Open ones by when they were opened, closed ones by when they were closed, newest first. */
export function clustersByStatus(rows: Rows, status: ClusterStatus, request: PageRequest): Page<ClusterView> {
  const from = fromKnown(rows, status)
  return pageOfList(rows, clusterList, [[status]], request, (id) => clusterById(rows, id), from)
}

/** Clusters whose centre lies in a box, in no order that means anything. */
export function clustersInBox(
  rows: Rows,
  status: ClusterStatus,
  box: Box,
  request: PageRequest,
): Page<ClusterView> {
  return pageOfBox(rows, clusterMap, status, box, request, (id) => clusterById(rows, id))
}

export function clusterStory(rows: Rows, clusterId: string, request: PageRequest): Page<StoryEntry> {
  return storyOf(rows, clusterStories, clusterId, request)
}
