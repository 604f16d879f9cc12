import type { OrderOpened } from '../schemas/order.ts'
import type { AdvisoryRow } from './advisory.ts'
import type { CutoverRow } from './cutover.ts'
import type { OrderRow } from './order.ts'
import type { OutageRow } from './outage.ts'
import type { Box } from './quadkey.ts'
import type { Looking, Thing } from './region-view.ts'
import type { StoryEntry } from './story.ts'

/*
 * What of a thing that lies in more regions than the caller's is shown: that it is, what it is and how it stands; not where it
 * lies elsewhere, whom it touches there, or how many.
 */

export function partOfOutage(row: OutageRow, { view, sees, scope }: Looking): OutageRow {
  const { stillOut } = row
  const holder = stillOut?.complaintId
  const own =
    stillOut === undefined || holder === undefined || sees('complaint', holder)
      ? row
      : { ...row, stillOut: { ...stillOut, complaintId: undefined } }
  if (view.standing({ kind: 'outage', id: row.outageId }) === 'inside') return own
  return {
    ...own,
    subscribers: undefined,
    box: row.box && partOfBox(row.box, scope.ground.box),
    point: row.point && scope.ground.holds(row.point) ? row.point : undefined,
  }
}

export function partOfCutover(row: CutoverRow, { sees }: Looking): CutoverRow {
  const elementIds = row.plan?.elementIds.filter((id) => sees('element', id))
  return row.plan === undefined || elementIds === undefined
    ? row
    : { ...row, plan: { ...row.plan, elementIds } }
}

export function partOfAdvisory(row: AdvisoryRow, { sees }: Looking): AdvisoryRow {
  return {
    ...row,
    facts: { ...row.facts, elementIds: row.facts.elementIds.filter((id) => sees('element', id)) },
  }
}

export function partOfOrder(row: OrderRow, looking: Looking): OrderRow {
  if (looking.view.standing({ kind: 'order', id: row.orderId }) === 'inside') return row
  return {
    ...row,
    ...partOfBrief(row, looking),
    about: row.about.filter(({ kind, id }) => looking.sees(kind, id)),
  }
}

/** Of what an order was opened with, what lies here; its figures were those of then and of everywhere. */
function partOfBrief(
  { place, evidence }: Pick<OrderOpened, 'place' | 'evidence'>,
  { sees, scope }: Looking,
): Pick<OrderOpened, 'place' | 'evidence'> {
  const { point, box, elementId, elementName } = place
  const complaintIds = evidence.complaintIds.filter((id) => sees('complaint', id))
  const elementIds = evidence.elementIds.filter((id) => sees('element', id))
  const clipped = box && partOfBox(box, scope.ground.box)
  return {
    place: {
      ...(point && scope.ground.holds(point) && { point }),
      ...(clipped && { box: [clipped[0], clipped[1], clipped[2], clipped[3]] }),
      ...(elementId !== undefined && sees('element', elementId) && { elementId, elementName }),
      names: [],
    },
    evidence: {
      ...(evidence.root && { root: evidence.root }),
      complaints: complaintIds.length,
      customers: complaintIds.length,
      elements: elementIds.length,
      alarms: 0,
      symptoms: [],
      complaintIds,
      elementIds,
    },
  }
}

/** What an entry of a story says, without what is said of others; an entry about one of theirs is left out. */
export function partOfEntry(entry: StoryEntry, looking: Looking, thing: Thing): StoryEntry | undefined {
  const { sees, view } = looking
  const data = entry.data as Readonly<Record<string, unknown>>
  const { complaintId, elementId, complaintIds } = data
  if (typeof complaintId === 'string' && !sees('complaint', complaintId)) return undefined
  const isWhole = view.standing(thing) === 'inside'
  if (isWhole && complaintIds === undefined) return entry
  if (!isWhole && typeof elementId === 'string' && thing.kind !== 'outage' && !sees('element', elementId)) {
    return undefined
  }
  return { ...entry, data: partOfData(data, looking, isWhole) }
}

function partOfData(
  data: Readonly<Record<string, unknown>>,
  looking: Looking,
  isWhole: boolean,
): Readonly<Record<string, unknown>> {
  const { sees, scope } = looking
  const { complaintIds, elementIds, subscribers: _subscribers, box, point: _point, ...rest } = data
  const seen = (kind: Thing['kind'], ids: unknown) =>
    Array.isArray(ids) ? ids.filter((id) => typeof id === 'string' && sees(kind, id)) : undefined
  const own = {
    ...(complaintIds === undefined ? {} : { complaintIds: seen('complaint', complaintIds) }),
    ...(elementIds === undefined ? {} : { elementIds: seen('element', elementIds) }),
  }
  if (isWhole) return { ...data, ...own }
  const clipped = Array.isArray(box) ? partOfBox(box as unknown as Box, scope.ground.box) : undefined
  const brief =
    'evidence' in data && 'place' in data ? partOfBrief(data as unknown as OrderOpened, looking) : {}
  return { ...rest, ...own, ...(clipped && { box: clipped }), ...brief }
}

/** The part of a box that lies in another; `undefined` where none does. */
function partOfBox(box: Box, within: Box): [number, number, number, number] | undefined {
  const [west, south] = [Math.max(box[0], within[0]), Math.max(box[1], within[1])]
  const [east, north] = [Math.min(box[2], within[2]), Math.min(box[3], within[3])]
  return west <= east && south <= north ? [west, south, east, north] : undefined
}
