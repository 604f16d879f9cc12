import { z } from 'zod'
import {
  answerElement,
  answerElementWhole,
  answerInfluence,
  answerUnknownElement,
} from '../../../schemas/answer-element.ts'
import { elementLink } from '../../../schemas/element.ts'
import { elementKind } from '../../../schemas/element.ts'
import {
  areaOfInfluence,
  childrenOf,
  dependenciesOf,
  dependentsOf,
  elementById,
  elementsInBox,
  elementState,
  elementsUnknown,
  type ElementState,
} from '../../../projections/element-queries.ts'
import type { ElementRow } from '../../../projections/element.ts'
import type { Rows } from '../../../projections/rows.ts'
import type { Kept } from '../../../schemas/kept.ts'
import type { Api } from '../api.ts'
import { boxText } from '../page-query.ts'
import { notFound } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import type { Services } from '../services.ts'
import type { Sight } from '../sight.ts'

const tag = 'inventory'
/** An alarm is recent this long after its clear. */
const recentMs = 2 * 3_600_000
/** The most neighbours of each kind that one element's answer names; the lists go on. */
const maxNeighbours = 200

/** The network as a graph and on the map, with alarm state. */
export function elementReadRoutes(api: Api, services: Services): void {
  mapRoutes(api, services)
  graphRoutes(api, services)
}

function stateOf({ rows, nowMs }: Sight, elementId: string): ElementState {
  return elementState(rows, elementId, { nowMs, recentMs })
}

function withState(sight: Sight, row: ElementRow): Kept<z.output<typeof answerElement>> {
  const { alarmed, recentlyAlarmed, inCutover } = stateOf(sight, row.elementId)
  return { ...row, alarmed, recentlyAlarmed, inCutover }
}

function mapRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    { path: '/elements', tag, summary: 'Elements in a box, each with its alarm state', item: answerElement },
    { box: boxText, kind: elementKind.optional(), network: z.string().max(200).optional() },
    ({ rows, sight, query: { box, kind, network }, page }) => {
      const found = elementsInBox(
        rows,
        box,
        page,
        ({ facts }) =>
          (kind === undefined || facts.kind === kind) && (network === undefined || facts.network === network),
      )
      return { ...found, items: found.items.map((row) => withState(sight, row)) }
    },
  )
  addListRoute(
    api,
    services,
    {
      path: '/unknown-elements',
      tag,
      summary: 'Elements that alarms name and the inventory does not know',
      item: answerUnknownElement,
    },
    {},
    ({ rows, page }) => elementsUnknown(rows, page),
  )
}

function graphRoutes(api: Api, services: Services): void {
  const mustBe = (rows: Rows, id: string): void => {
    if (elementById(rows, id) === undefined) throw notFound('element', id, rows.knownAt)
  }
  addThingRoute(
    api,
    services,
    {
      path: '/elements/:elementId',
      tag,
      what: 'element',
      summary: 'One element, its state, and what lies around it in the graph',
      item: answerElementWhole,
    },
    (rows, id, { sight }) => {
      const row = elementById(rows, id)
      if (row === undefined) return undefined
      const page = { limit: maxNeighbours }
      return {
        ...row,
        state: stateOf(sight, id),
        children: childrenOf(rows, id, page).items.map((child) => withState(sight, child)),
        dependsOn: dependenciesOf(rows, id, page).items,
        dependents: dependentsOf(rows, id, page).items,
      }
    },
  )
  addListRoute(
    api,
    services,
    { path: '/elements/:elementId/children', tag, summary: 'The elements below it', item: answerElement },
    {},
    ({ rows, sight, id, page }) => {
      mustBe(rows, id)
      const found = childrenOf(rows, id, page)
      return { ...found, items: found.items.map((row) => withState(sight, row)) }
    },
  )
  addListRoute(
    api,
    services,
    {
      path: '/elements/:elementId/dependents',
      tag,
      summary: 'The links of what depends on it',
      item: elementLink,
    },
    {},
    ({ rows, id, page }) => {
      mustBe(rows, id)
      return dependentsOf(rows, id, page)
    },
  )
  addThingRoute(
    api,
    services,
    {
      path: '/elements/:elementId/influence',
      tag,
      what: 'element',
      summary: 'Where its work is felt: the box of what is below it and depends on it',
      item: answerInfluence,
    },
    (rows, id) =>
      elementById(rows, id) === undefined ? undefined : { elementId: id, ...areaOfInfluence(rows, id) },
  )
}
