import type { LonLat } from '../schemas/geo.ts'
import { advisories, advisoryById, type AdvisoryRow } from './advisory.ts'
import { elements, type ElementRow } from './element.ts'
import { elementById } from './element-queries.ts'
import { gapById, gaps, type GapRow } from './gap.ts'
import { dispatch, type ByType, type ProjectedEvent } from './projection.ts'
import { boxOfArea, middleOf } from './quadkey.ts'
import { eachRow, type Rows } from './rows.ts'

/** A thing of the network that people name as a place: a site or other placed element, a gap, an advisory. */
export interface PlaceRef {
  readonly kind: 'element' | 'gap' | 'advisory'
  readonly id: string
}

/** As the place index takes it; `id` names kind and id, so that it meets no place of a gazetteer. */
export interface NetworkPlace {
  readonly id: string
  readonly name: string
  readonly aliases?: readonly string[] | undefined
  readonly kind: string
  readonly point: LonLat
}

const gapRef = ({ data }: { data: { gapId: string } }): PlaceRef => ({ kind: 'gap', id: data.gapId })
const advisoryRef = ({ data }: { data: { advisoryId: string } }): PlaceRef => ({
  kind: 'advisory',
  id: data.advisoryId,
})
const elementRef = ({ data }: { data: { elementId: string } }): PlaceRef => ({
  kind: 'element',
  id: data.elementId,
})
const touched: ByType<[], PlaceRef> = {
  CoverageGapReported: gapRef,
  CoverageGapChanged: gapRef,
  CoverageGapClosed: gapRef,
  AdvisoryPublished: advisoryRef,
  AdvisoryWithdrawn: advisoryRef,
  ElementRegistered: elementRef,
  ElementChanged: elementRef,
  ElementRetired: elementRef,
}

/** The place that an event may have made, changed or ended: look it up with `placeOf` once the event is in the rows. */
export function placeTouchedBy(event: ProjectedEvent): PlaceRef | undefined {
  return dispatch(touched, event)
}

export function placeId({ kind, id }: PlaceRef): string {
  return `${kind}:${id}`
}

/** The place as it is now; `undefined` where it is none, or no longer: then it is to be taken out of the index. */
export function placeOf(rows: Rows, ref: PlaceRef): NetworkPlace | undefined {
  switch (ref.kind) {
    case 'element': {
      const row = elementById(rows, ref.id)
      return row && elementPlace(row)
    }
    case 'gap': {
      const row = gapById(rows, ref.id)
      return row && gapPlace(row)
    }
    case 'advisory': {
      const row = advisoryById(rows, ref.id)
      return row && advisoryPlace(row)
    }
  }
}

/** Every place of the network, to fill an index at the start. */
export function* allPlaces(rows: Rows): Generator<NetworkPlace> {
  for (const row of eachRow(rows, elements)) yield* present(elementPlace(row))
  for (const row of eachRow(rows, gaps)) yield* present(gapPlace(row))
  for (const row of eachRow(rows, advisories)) yield* present(advisoryPlace(row))
}

function present(place: NetworkPlace | undefined): readonly NetworkPlace[] {
  return place === undefined ? [] : [place]
}

function elementPlace({ elementId, facts, retiredAt }: ElementRow): NetworkPlace | undefined {
  // Cells stand where their sites stand, and nobody but the operator knows their names.
  if (retiredAt !== undefined || facts.location === undefined || facts.kind === 'cell') return undefined
  const { name, aliases, kind, location } = facts
  return { id: placeId({ kind: 'element', id: elementId }), name, aliases, kind, point: location.point }
}

function gapPlace({ gapId, status, facts }: GapRow): NetworkPlace | undefined {
  if (status !== 'open' || facts.name === undefined) return undefined
  const point = middleOf(boxOfArea(facts.area))
  return { id: placeId({ kind: 'gap', id: gapId }), name: facts.name, kind: facts.kind, point }
}

function advisoryPlace({ advisoryId, status, facts }: AdvisoryRow): NetworkPlace | undefined {
  if (status !== 'published' || facts.area === undefined) return undefined
  const point = middleOf(boxOfArea(facts.area))
  return {
    id: placeId({ kind: 'advisory', id: advisoryId }),
    name: facts.title,
    kind: facts.advisoryType,
    point,
  }
}
