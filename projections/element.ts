import type { ElementLink, ElementRegistered } from '../schemas/element.ts'
import { actRef, actUndoneBy, addAct, withoutAct, type ActRef } from './act.ts'
import { key } from './key.ts'
import { moveEntries, nowhere, type ListEntry, type MapEntry, type Places } from './listing.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'
import { boxOfPoint } from './quadkey.ts'

/** A network element as the inventory has it. Table `element`, key: element id. */
export interface ElementRow {
  readonly elementId: string
  readonly facts: ElementRegistered
  readonly source: string
  readonly retiredAt?: string | undefined
  /** People's estimates of when it will work again; the last is the one in force. */
  readonly estimates?: readonly (ActRef & { readonly expectedEnd: string })[] | undefined
}

/** A dependency: `elementId` depends on `dependsOn`. */
export type LinkRow = ElementLink

/** An element that alarms name and the inventory does not know. Key: element id. */
export interface UnknownElement {
  readonly elementId: string
  readonly source: string
  readonly firstAlarmAt: string
  readonly firstAlarmId: string
}

export const elements = table<ElementRow>('element')
/** Key: parent, element id. Retired ones are left out. */
export const childList = table<ListEntry>('element.child')
/** Key: element id, relation, id that it depends on. */
export const linksUp = table<LinkRow>('element.link-up')
/** Key: id depended on, relation, id of the dependent. */
export const linksDown = table<LinkRow>('element.link-down')
export const elementMap = table<MapEntry>('element.map')
export const unknownElements = table<UnknownElement>('element.unknown')
/** On the map all elements are filed under one name. */
export const allElements = 'all'

/** The inventory as a graph and on the map. Queries: `element-queries.ts`. */
export const elementProjection = projection('element', 1, {
  ElementRegistered: (event, rows) => {
    const { elementId } = event.data
    put(rows, {
      elementId,
      facts: event.data,
      source: event.meta.source,
      estimates: rows.get(elements, key(elementId))?.estimates,
    })
    if (rows.get(unknownElements, key(elementId)) !== undefined) {
      rows.put(unknownElements, key(elementId), undefined)
    }
  },
  ElementChanged: (event, rows) => {
    const { elementId, set, unset = [] } = event.data
    change(rows, elementId, (row) => {
      const facts: Record<string, unknown> = { ...row.facts, ...set }
      for (const name of unset) delete facts[name]
      return { ...row, facts: facts as ElementRegistered }
    })
  },
  ElementRetired: (event, rows) =>
    change(rows, event.data.elementId, (row) => ({ ...row, retiredAt: event.occurredAt })),
  ElementLinked: (event, rows) => putLink(rows, event.data, event.data),
  ElementUnlinked: (event, rows) => putLink(rows, event.data, undefined),
  AlarmRaised: noticeUnknown,
  EndEstimated: (event, rows) => {
    const { about, expectedEnd } = event.data
    if (about.kind !== 'element') return
    const estimate = { ...actRef(event), expectedEnd }
    change(rows, about.id, (row) => ({ ...row, estimates: addAct(row.estimates, estimate) }))
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type !== 'EndEstimated' || undone.data.about.kind !== 'element') return
    change(rows, undone.data.about.id, (row) => ({
      ...row,
      estimates: withoutAct(row.estimates, undone.id),
    }))
  },
})

function noticeUnknown(event: ProjectedEventOf<'AlarmRaised'>, rows: Draft): void {
  const { elementId, alarmId } = event.data
  const at = key(elementId)
  if (rows.get(elements, at) !== undefined || rows.get(unknownElements, at) !== undefined) return
  rows.put(unknownElements, at, {
    elementId,
    source: event.meta.source,
    firstAlarmAt: event.occurredAt,
    firstAlarmId: alarmId,
  })
}

function putLink(
  rows: Draft,
  { elementId, dependsOn, relation }: ElementLink,
  link: LinkRow | undefined,
): void {
  rows.put(linksUp, key(elementId, relation, dependsOn), link)
  rows.put(linksDown, key(dependsOn, relation, elementId), link)
}

function change(rows: Draft, elementId: string, to: (row: ElementRow) => ElementRow): void {
  const row = rows.get(elements, key(elementId))
  if (row !== undefined) put(rows, to(row))
}

function put(rows: Draft, row: ElementRow): void {
  const before = rows.get(elements, key(row.elementId))
  rows.put(elements, key(row.elementId), row)
  moveEntries(rows, row.elementId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function placesOf({ elementId, facts: { parent, location }, retiredAt }: ElementRow): Places {
  if (retiredAt !== undefined) return nowhere
  return {
    lists: parent === undefined ? [] : [[childList, key(parent, elementId)]],
    map: location && { table: elementMap, under: allElements, box: boxOfPoint(location.point) },
  }
}
