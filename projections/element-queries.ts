import type { LonLat } from '../schemas/geo.ts'
import type { AlarmBrief } from './alarm-on-element.ts'
import { alarmsOnElement } from './alarm-queries.ts'
import { cutoverInForce, cutoversOfElement, type CutoverRow } from './cutover.ts'
import {
  allElements,
  childList,
  elementMap,
  elements,
  linksDown,
  linksUp,
  unknownElements,
  type ElementRow,
  type LinkRow,
  type UnknownElement,
} from './element.ts'
import { key, prefix } from './key.ts'
import { pageOfBox, pageOfList } from './listing.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { boxOfPoint, union, type Box } from './quadkey.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** The most elements that one walk of the graph visits. */
export const maxWalkedElements = 5_000
/** The newest cutovers of an element that its state looks at. */
const maxCutoversLookedAt = 50
/** The most dependencies of one element that are followed upwards. */
const maxLinks = 200

/** When the state of elements is looked at, and how long after its clear an alarm is recent. */
export interface At {
  readonly nowMs: number
  readonly recentMs: number
}

export interface ElementState {
  readonly alarmed: boolean
  readonly recentlyAlarmed: boolean
  readonly inCutover: boolean
  readonly active: readonly AlarmBrief[]
  /** Cleared within `recentMs`. */
  readonly recent: readonly AlarmBrief[]
  readonly cutovers: readonly CutoverRow[]
}

export function elementById(rows: Rows, elementId: string): ElementRow | undefined {
  return rowOf(rows, elements, key(elementId))
}

/** Of any element that alarms name, known to the inventory or not. */
export function elementState(rows: Rows, elementId: string, { nowMs, recentMs }: At): ElementState {
  const { active, recent } = alarmsOnElement(rows, elementId)
  const stillRecent = recent.filter(
    ({ clearedAt }) => clearedAt !== undefined && nowMs - Date.parse(clearedAt) <= recentMs,
  )
  const cutovers = cutoversOfElement(rows, elementId, { limit: maxCutoversLookedAt }).items.filter(
    (cutover) => cutoverInForce(cutover, nowMs),
  )
  return {
    alarmed: active.length > 0,
    recentlyAlarmed: stillRecent.length > 0,
    inCutover: cutovers.length > 0,
    active,
    recent: stillRecent,
    cutovers,
  }
}

/** By id. */
export function childrenOf(rows: Rows, elementId: string, request: PageRequest): Page<ElementRow> {
  return pageOfList(rows, childList, [[elementId]], request, (id) => elementById(rows, id))
}

/** What it depends on. */
export function dependenciesOf(rows: Rows, elementId: string, request: PageRequest): Page<LinkRow> {
  return pageOf(rows, linksUp, [prefix(elementId)], request, (link) => link)
}

/** What depends on it. */
export function dependentsOf(rows: Rows, elementId: string, request: PageRequest): Page<LinkRow> {
  return pageOf(rows, linksDown, [prefix(elementId)], request, (link) => link)
}

/** Elements with a position in the box, in no order that means anything. */
export function elementsInBox(
  rows: Rows,
  box: Box,
  request: PageRequest,
  wanted: (row: ElementRow) => boolean = () => true,
): Page<ElementRow> {
  return pageOfBox(rows, elementMap, allElements, box, request, (id) => {
    const row = elementById(rows, id)
    return row !== undefined && wanted(row) ? row : undefined
  })
}

/** Elements that alarms name and the inventory does not know. */
export function elementsUnknown(rows: Rows, request: PageRequest): Page<UnknownElement> {
  return pageOf(rows, unknownElements, [''], request, (row) => row)
}

/** Where an element's work is felt: the box of its descendants and dependents that have a position. */
export interface AreaOfInfluence {
  readonly box?: Box | undefined
  readonly elements: number
  /** False where the walk ended at `maxWalkedElements`. */
  readonly complete: boolean
}

export function areaOfInfluence(rows: Rows, elementId: string): AreaOfInfluence {
  const found = [elementId]
  const seen = new Set(found)
  let box: Box | undefined
  let complete = true
  for (let at = 0; at < found.length; at += 1) {
    const id = found[at] ?? elementId
    const point = pointOf(rows, id)
    if (point !== undefined) box = box === undefined ? boxOfPoint(point) : union(box, boxOfPoint(point))
    for (const below of eachBelow(rows, id)) {
      if (seen.has(below)) continue
      if (found.length >= maxWalkedElements) {
        complete = false
        break
      }
      seen.add(below)
      found.push(below)
    }
  }
  return { box, elements: found.length, complete }
}

function pointOf(rows: Rows, elementId: string): LonLat | undefined {
  const row = elementById(rows, elementId)
  return row === undefined || row.retiredAt !== undefined ? undefined : row.facts.location?.point
}

/** The elements directly below: children, and what depends on it. */
export function* eachBelow(rows: Rows, elementId: string): Generator<string> {
  for (const { id } of eachRow(rows, childList, prefix(elementId))) yield id
  for (const { elementId: id, relation } of eachRow(rows, linksDown, prefix(elementId))) {
    // A ring neighbour fails only when it is cut on both sides, so it is not under the influence of one.
    if (relation !== 'ringNeighbour') yield id
  }
}

/** The elements above: parents and what they depend on, nearest first, without the element itself. */
export function elementsAbove(
  rows: Rows,
  elementIds: readonly string[],
  maxElements: number,
): readonly string[] {
  const seen = new Set(elementIds)
  const found = [...elementIds]
  for (let at = 0; at < found.length && found.length < maxElements; at += 1) {
    const id = found[at] ?? ''
    const parent = elementById(rows, id)?.facts.parent
    const links = dependenciesOf(rows, id, { limit: maxLinks }).items.map(({ dependsOn }) => dependsOn)
    for (const above of parent === undefined ? links : [parent, ...links]) {
      if (seen.has(above) || found.length >= maxElements) continue
      seen.add(above)
      found.push(above)
    }
  }
  return found.slice(elementIds.length)
}
