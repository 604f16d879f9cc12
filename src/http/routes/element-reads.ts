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
  type At,
} from '../../../projections/element-queries.ts'
import type { ElementRow } from '../../../projections/element.ts'
import type { Rows } from '../../../projections/rows.ts'
import type { Kept } from '../../../schemas/kept.ts'
import type { Api } from '../api.ts'
import { boxText } from '../page-query.ts'
import { notFound } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import type { Services } from '../services.ts'

const tag = 'inventory'
/** An alarm is recent this long after its clear. */
const recentMs = 2 * 3_600_000
/** The most neighbours of each kind that one element's answer names; the lists go on. */
const maxNeighbours = 200

/** The network as a graph and on the map, with alarm state. */
export function elementReadRoutes(api: Api, services: Services): void {
  const now = (): At => ({ nowMs: services.clock(), recentMs })
  const withState: WithState = (rows, row) => {
    const { alarmed, recentlyAlarmed, inCutover } = elementState(rows, row.elementId, now())
    return { ...row, alarmed, recentlyAlarmed, inCutover }
  }
  mapRoutes(api, services, withState)
  graphRoutes(api, services, now, withState)
}

type WithState = (rows: Rows, row: ElementRow) => Kept<z.output<typeof answerElement>>

function mapRoutes(api: Api, services: Services, withState: WithState): void {
  addListRoute(
    api,
    services,
    { path: '/elements', tag, summary: 'Elements in a box, each with its alarm state', item: answerElement },
    { box: boxText, kind: elementKind.optional(), network: z.string().max(200).optional() },
    ({ rows, query: { box, kind, network }, page }) => {
      const found = elementsInBox(
        rows,
        box,
        page,
        ({ facts }) =>
          (kind === undefined || facts.kind === kind) && (network === undefined || facts.network === network),
      )
      return { ...found, items: found.items.map((row) => withState(rows, row)) }
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

function graphRoutes(api: Api, services: Services, now: () => At, withState: WithState): void {
  const mustBe = (id: string): void => {
    if (elementById(services.rows, id) === undefined) throw notFound('element', id)
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
    (rows, id) => {
      const row = elementById(rows, id)
      if (row === undefined) return undefined
      const page = { limit: maxNeighbours }
      return {
        ...row,
        state: elementState(rows, id, now()),
        children: childrenOf(rows, id, page).items.map((child) => withState(rows, child)),
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
    ({ rows, id, page }) => {
      mustBe(id)
      const found = childrenOf(rows, id, page)
      return { ...found, items: found.items.map((row) => withState(rows, row)) }
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
      mustBe(id)
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
