import type { CauseRef, CauseState } from '../schemas/attribution.ts'
import type { LonLat } from '../schemas/geo.ts'
import { advisoriesInBox, advisoriesOfElement, advisoryInForce, type AdvisoryRow } from './advisory.ts'
import type { AlarmBrief } from './alarm-on-element.ts'
import { alarmCauseId } from './alarm-row.ts'
import { cutoversInBox, cutoversOfElement, type CutoverRow } from './cutover.ts'
import { elementById, elementsAbove, elementsInBox, elementState } from './element-queries.ts'
import { gapsInBox, type GapRow } from './gap.ts'
import { boxAround, boxOfArea, metersBetween, middleOf } from './quadkey.ts'
import type { Rows } from './rows.ts'

/** The most elements around a point, and above those, whose alarms and works are looked at. */
export const maxElementsNear = 500
const maxElementsAbove = 200
/** The most gaps, and the most works and advisories with an area of their own. */
const maxAreasNear = 200
const maxPerElement = 20

export interface NearQuery {
  readonly point: LonLat
  readonly radiusMeters: number
  readonly nowMs: number
  /** How long after its end a cause is still listed, and how long after a clear it is only watched. */
  readonly recentMs: number
  readonly dwellMs: number
}

/** Something that may explain trouble at a point. `distanceMeters` is to the element, or to the middle of the area. */
export interface NearCause {
  readonly cause: CauseRef
  readonly title: string
  readonly state: CauseState
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly elementId?: string | undefined
  /** Absent for what lies above the elements around and has no position itself. */
  readonly distanceMeters?: number | undefined
  /** It is not on an element around, but on one that those hang on. */
  readonly upstream?: true | undefined
}

export interface NearCauses {
  readonly causes: readonly NearCause[]
  /** False where a named limit cut the search. */
  readonly complete: boolean
}

/**
 * Causes in force around a point, the nearest first: alarms, works and advisories on the elements around and above them,
 * gaps, works and advisories on the ground. A list to look at; how likely each is, is the engine's word.
 */
export function causesNear(rows: Rows, query: NearQuery): NearCauses {
  const box = boxAround(query.point, query.radiusMeters)
  const around = elementsInBox(rows, box, { limit: maxElementsNear })
  const near = around.items.map(({ elementId }) => elementId)
  const above = elementsAbove(rows, near, near.length + maxElementsAbove)
  const areas = { limit: maxAreasNear }
  const found = [
    ...near.flatMap((id) => onElement(rows, id, query)),
    ...above
      .flatMap((id) => onElement(rows, id, query))
      .map((cause) => ({ ...cause, upstream: true as const })),
    ...gapsInBox(rows, 'open', box, areas).items.map((gap) => ofGap(gap, query)),
    ...(['planned', 'started', 'finished'] as const)
      .flatMap((status) => cutoversInBox(rows, status, box, areas).items)
      .flatMap((cutover) => ofCutover(cutover, query)),
    ...advisoriesInBox(rows, 'published', box, areas)
      .items.filter((advisory) => advisoryInForce(advisory, query.nowMs))
      .map((advisory) => ofAdvisory(advisory, query)),
  ]
  const each = new Map<string, NearCause>()
  for (const cause of found) {
    const name = `${cause.cause.kind}:${cause.cause.id}`
    if (!each.has(name)) each.set(name, cause)
  }
  const metersOf = ({ distanceMeters = Number.POSITIVE_INFINITY }: NearCause) => distanceMeters
  const causes = [...each.values()].sort((a, b) => {
    const nearer = metersOf(a) - metersOf(b)
    return Number.isNaN(nearer) || nearer === 0 ? (a.cause.id < b.cause.id ? -1 : 1) : nearer
  })
  return { causes, complete: around.next === undefined && above.length < maxElementsAbove }
}

function onElement(rows: Rows, elementId: string, query: NearQuery): readonly NearCause[] {
  const { active, recent } = elementState(rows, elementId, query)
  const facts = elementById(rows, elementId)?.facts
  const point = facts?.location?.point
  const place = {
    elementId,
    ...(point && { distanceMeters: Math.round(metersBetween(point, query.point)) }),
  }
  const name = facts?.name ?? elementId
  // Works that ended a short while ago count as alarms do that cleared: customers call later.
  const cutovers = cutoversOfElement(rows, elementId, { limit: maxPerElement }).items
  const advisories = advisoriesOfElement(rows, elementId, { limit: maxPerElement }).items
  return [
    ...[...active, ...recent].map((alarm) => ({ ...ofAlarm(alarm, name, query), ...place })),
    ...cutovers.flatMap((cutover) => ofCutover(cutover, query)).map((cause) => ({ ...cause, ...place })),
    ...advisories
      .filter((advisory) => advisoryInForce(advisory, query.nowMs))
      .map((advisory) => ({ ...ofAdvisory(advisory, query), ...place })),
  ]
}

function ofAlarm(alarm: AlarmBrief, elementName: string, { nowMs, dwellMs }: NearQuery): NearCause {
  const { clearedAt, raisedAt, probableCause, specificProblem } = alarm
  return {
    cause: { kind: 'alarm', id: alarmCauseId(alarm) },
    title: `${elementName}: ${specificProblem ?? probableCause}`,
    state:
      clearedAt === undefined ? 'ongoing' : nowMs - Date.parse(clearedAt) < dwellMs ? 'watched' : 'restored',
    from: raisedAt,
    to: clearedAt,
  }
}

function ofGap({ gapId, facts }: GapRow, query: NearQuery): NearCause {
  return {
    cause: { kind: 'gap', id: gapId },
    title: facts.name ?? facts.kind,
    state: 'standing',
    from: facts.since,
    distanceMeters: metersToArea(facts.area, query),
  }
}

function ofCutover(cutover: CutoverRow, query: NearQuery): readonly NearCause[] {
  const { cutoverId, status, plan, startedAt, finishedAt } = cutover
  if (plan === undefined || status === 'cancelled') return []
  const from = startedAt ?? plan.plannedStart
  const to = finishedAt ?? plan.plannedEnd
  const { nowMs, recentMs, dwellMs } = query
  const sinceEndMs = nowMs - Date.parse(to)
  const over = status !== 'started' && sinceEndMs >= 0
  if (Date.parse(from) > nowMs || (over && sinceEndMs > recentMs)) return []
  return [
    {
      cause: { kind: 'cutover', id: cutoverId },
      title: plan.title,
      state: !over ? 'ongoing' : sinceEndMs < dwellMs ? 'watched' : 'restored',
      from,
      to,
      ...(plan.area && { distanceMeters: metersToArea(plan.area, query) }),
    },
  ]
}

function ofAdvisory({ advisoryId, facts, since }: AdvisoryRow, query: NearQuery): NearCause {
  return {
    cause: { kind: 'advisory', id: advisoryId },
    title: facts.title,
    state: facts.outage === undefined ? 'standing' : 'ongoing',
    from: since,
    to: facts.to,
    ...(facts.area && { distanceMeters: metersToArea(facts.area, query) }),
  }
}

function metersToArea(area: Parameters<typeof boxOfArea>[0], { point }: NearQuery): number {
  return Math.round(metersBetween(middleOf(boxOfArea(area)), point))
}
