import { toInstant } from '../schemas/instant.ts'
import { advisoriesInBox, type AdvisoryRow } from './advisory.ts'
import { maxRecent, type AlarmBrief } from './alarm-on-element.ts'
import { alarmsOnElement } from './alarm-queries.ts'
import { complaintsOfPage, type ComplaintOfList } from './complaint-queries.ts'
import { troubledAt, troubleMap } from './complaint-row.ts'
import { cutoversInBox, cutoversOfElement, type CutoverRow } from './cutover.ts'
import { elementsInBox } from './element-queries.ts'
import type { ElementRow } from './element.ts'
import { gapsInBox, type GapRow } from './gap.ts'
import { pageOfBox } from './listing.ts'
import type { Page, PageRequest } from './page.ts'
import type { Rows } from './rows.ts'
import { boxOfGround, isWithin, type Ground } from './within-area.ts'

/** The most elements that one analysis shows, and the most gaps, works and advisories of each state. */
const maxElements = 500
const maxAreas = 200
const maxPerElement = 20

/** Where, and from when (inclusive) to when (exclusive); instants. */
export interface AnalysisQuery {
  readonly ground: Ground
  readonly from: string
  readonly to: string
}

const dayMs = 86_400_000

/**
 * All complaints whose trouble began in the period at a place in the area, whatever explains them; where the beginning is unknown, the
 * report counts. Those without a place can be in no area. A page may be short.
 */
export function complaintsIn(
  rows: Rows,
  { ground, from, to }: AnalysisQuery,
  request: PageRequest,
): Page<ComplaintOfList> {
  const load = complaintsOfPage(rows)
  return pageOfBox(rows, troubleMap, daysOf(from, to), boxOfGround(ground), request, (id) => {
    const row = load(id)
    const point = row?.facts.place?.location.point
    if (row === undefined || point === undefined || !isWithin(ground, point)) return undefined
    const at = troubledAt(row.facts)
    return at >= from && at < to ? row : undefined
  })
}

function daysOf(from: string, to: string): readonly string[] {
  const days: string[] = []
  for (let ms = Date.parse(from.slice(0, 10)); ms < Date.parse(to); ms += dayMs) {
    days.push(toInstant(ms).slice(0, 10))
  }
  return days
}

export interface AnalysedElement extends Pick<ElementRow, 'elementId'> {
  readonly name: string
  readonly kind: ElementRow['facts']['kind']
  readonly point: readonly [number, number]
  /** Those that stood in the period. */
  readonly alarms: readonly AlarmBrief[]
}

/** The network in an area over a period. */
export interface AnalysedNetwork {
  readonly elements: readonly AnalysedElement[]
  readonly cutovers: readonly CutoverRow[]
  readonly gaps: readonly GapRow[]
  readonly advisories: readonly AdvisoryRow[]
  /** False where a named limit cut the search. */
  readonly complete: boolean
}

/** Elements in the area, and alarms, works, gaps and advisories there that lie in the period at least in part. */
export function networkIn(rows: Rows, query: AnalysisQuery): AnalysedNetwork {
  const { ground } = query
  const box = boxOfGround(ground)
  const found = elementsInBox(rows, box, { limit: maxElements }, ({ facts, retiredAt }) => {
    const point = facts.location?.point
    return (
      point !== undefined && isWithin(ground, point) && (retiredAt === undefined || retiredAt > query.from)
    )
  })
  const elements = found.items.map((row) => ofElement(rows, row, query))
  const areas = { limit: maxAreas }
  const gapPages = (['open', 'closed'] as const).map((status) => gapsInBox(rows, status, box, areas))
  const cutoverPages = [
    ...(['planned', 'started', 'finished'] as const).map((status) => cutoversInBox(rows, status, box, areas)),
    ...found.items.map(({ elementId }) => cutoversOfElement(rows, elementId, { limit: maxPerElement })),
  ]
  const advisoryPages = (['published', 'withdrawn'] as const).map((status) =>
    advisoriesInBox(rows, status, box, areas),
  )
  const works = new Map(cutoverPages.flatMap(({ items }) => items.map((work) => [work.cutoverId, work])))
  return {
    elements: elements.map(({ element }) => element),
    cutovers: [...works.values()].filter((work) => worksIn(work, query)),
    gaps: gapPages
      .flatMap(({ items }) => items)
      .filter(({ facts, reportedAt, closedAt }) => overlaps(facts.since ?? reportedAt, closedAt, query)),
    advisories: advisoryPages
      .flatMap(({ items }) => items)
      .filter(({ since, facts, withdrawnAt }) => overlaps(since, withdrawnAt ?? facts.to, query)),
    complete:
      elements.every(({ complete }) => complete) &&
      [found, ...gapPages, ...cutoverPages, ...advisoryPages].every(({ next }) => next === undefined),
  }
}

function ofElement(
  rows: Rows,
  { elementId, facts }: ElementRow,
  query: AnalysisQuery,
): { readonly element: AnalysedElement; readonly complete: boolean } {
  const { active, recent } = alarmsOnElement(rows, elementId)
  const alarms = [...active, ...recent].filter(({ raisedAt, clearedAt }) =>
    overlaps(raisedAt, clearedAt, query),
  )
  const oldest = recent.map(({ clearedAt }) => clearedAt ?? '').reduce((a, b) => (a < b ? a : b), query.to)
  const [lon, lat] = facts.location?.point ?? [0, 0]
  return {
    element: { elementId, name: facts.name, kind: facts.kind, point: [lon, lat], alarms },
    // It keeps no more: before the oldest there may have been others in the period.
    complete: recent.length < maxRecent || oldest < query.from,
  }
}

function worksIn({ plan, status, startedAt, finishedAt }: CutoverRow, query: AnalysisQuery): boolean {
  const from = startedAt ?? plan?.plannedStart
  return status !== 'cancelled' && from !== undefined && overlaps(from, finishedAt ?? plan?.plannedEnd, query)
}

function overlaps(from: string, to: string | undefined, period: AnalysisQuery): boolean {
  return from < period.to && (to === undefined || to >= period.from)
}
