import type { CoverageGapReported, GapCandidateAct } from '../schemas/coverage-gap.ts'
import type { GapCandidateFound } from '../schemas/cluster.ts'
import { actRef, actUndoneBy, type ActRef } from './act.ts'
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
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'
import { boxOfArea, type Box } from './quadkey.ts'
import { rowOf, type Rows } from './rows.ts'
import { storyOf, tell, type StoryEntry } from './story.ts'

export type GapStatus = 'open' | 'closed'

/** A coverage gap as it stands. Table `gap`, key: gap id. */
export interface GapRow {
  readonly gapId: string
  readonly status: GapStatus
  readonly facts: CoverageGapReported
  readonly source: string
  readonly reportedAt: string
  readonly closedAt?: string | undefined
}

export type CandidateStatus = 'found' | 'accepted' | 'dismissed'

/** Where unexplained complaints keep coming back. Table `gap.candidate`, key: candidate id. */
export interface CandidateRow extends GapCandidateFound {
  readonly status: CandidateStatus
  readonly foundAt: string
  readonly act?: (ActRef & Pick<GapCandidateAct, 'gapId'>) | undefined
}

export const gaps = table<GapRow>('gap')
const candidates = table<CandidateRow>('gap.candidate')
const gapStories = table<StoryEntry>('gap.story')
/** Key: status, inverted report time, gap id. */
const gapList = table<ListEntry>('gap.list')
/** Key: status, inverted time of finding, candidate id. */
const candidateList = table<ListEntry>('gap.candidate-list')
/** Filed under the status. */
const gapMap = table<MapEntry>('gap.map')

export const gapProjection = projection('gap', 1, {
  CoverageGapReported: (event, rows) => {
    const { gapId } = event.data
    put(rows, {
      gapId,
      status: 'open',
      facts: event.data,
      source: event.meta.source,
      reportedAt: event.recordedAt,
    })
    tell(event, rows, gapStories, gapId, event.data)
  },
  CoverageGapChanged: (event, rows) => {
    const { gapId, set, unset = [] } = event.data
    const row = rows.get(gaps, key(gapId))
    if (row !== undefined) {
      const facts: Record<string, unknown> = { ...row.facts, ...set }
      for (const name of unset) delete facts[name]
      put(rows, { ...row, facts: facts as CoverageGapReported })
    }
    tell(event, rows, gapStories, gapId, event.data)
  },
  CoverageGapClosed: (event, rows) => {
    const { gapId } = event.data
    const row = rows.get(gaps, key(gapId))
    if (row !== undefined) put(rows, { ...row, status: 'closed', closedAt: event.occurredAt })
    tell(event, rows, gapStories, gapId, event.data)
  },
  NoteAdded: (event, rows) => {
    const { kind, id } = event.data.about
    if (kind === 'gap') tell(event, rows, gapStories, id, event.data)
  },
  GapCandidateFound: (event, rows) => {
    putCandidate(rows, { ...event.data, status: 'found', foundAt: event.recordedAt })
  },
  GapCandidateAccepted: answerCandidate,
  GapCandidateDismissed: answerCandidate,
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone === undefined || !('candidateId' in undone.data)) return
    const row = rows.get(candidates, key(undone.data.candidateId))
    if (row?.act?.eventId === undone.id) putCandidate(rows, { ...row, status: 'found', act: undefined })
  },
})

function answerCandidate(
  event: ProjectedEventOf<'GapCandidateAccepted' | 'GapCandidateDismissed'>,
  rows: Draft,
): void {
  const { candidateId, gapId } = event.data
  const row = rows.get(candidates, key(candidateId))
  if (row === undefined) return
  const status = event.type === 'GapCandidateAccepted' ? 'accepted' : 'dismissed'
  putCandidate(rows, { ...row, status, act: { ...actRef(event), gapId } })
}

function putCandidate(rows: Draft, row: CandidateRow): void {
  const at = key(row.candidateId)
  const before = rows.get(candidates, at)
  const placesOf = ({ status, foundAt }: CandidateRow): Places => ({
    lists: [[candidateList, key(status, newestFirst(foundAt), row.candidateId)]],
  })
  rows.put(candidates, at, row)
  moveEntries(rows, row.candidateId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function put(rows: Draft, row: GapRow): void {
  const before = rows.get(gaps, key(row.gapId))
  rows.put(gaps, key(row.gapId), row)
  moveEntries(rows, row.gapId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function placesOf({ gapId, status, reportedAt, facts }: GapRow): Places {
  return {
    lists: [[gapList, key(status, newestFirst(reportedAt), gapId)]],
    map: { table: gapMap, under: status, box: boxOfArea(facts.area) },
  }
}

export function gapById(rows: Rows, gapId: string): GapRow | undefined {
  return rowOf(rows, gaps, key(gapId))
}

/** The latest reported first. */
export function gapsByStatus(rows: Rows, status: GapStatus, request: PageRequest): Page<GapRow> {
  return pageOfList(rows, gapList, [[status]], request, (id) => gapById(rows, id))
}

export function gapsInBox(rows: Rows, status: GapStatus, box: Box, request: PageRequest): Page<GapRow> {
  return pageOfBox(rows, gapMap, status, box, request, (id) => gapById(rows, id))
}

export function gapStory(rows: Rows, gapId: string, request: PageRequest): Page<StoryEntry> {
  return storyOf(rows, gapStories, gapId, request)
}

export function candidateById(rows: Rows, candidateId: string): CandidateRow | undefined {
  return rowOf(rows, candidates, key(candidateId))
}

/** The latest found first. */
export function candidatesByStatus(
  rows: Rows,
  status: CandidateStatus,
  request: PageRequest,
): Page<CandidateRow> {
  return pageOfList(rows, candidateList, [[status]], request, (id) => candidateById(rows, id))
}
