import { z } from 'zod'
import {
  advisoriesByStatus,
  advisoriesInBox,
  advisoriesOfElement,
  advisoryById,
  advisoryStory,
} from '../../../projections/advisory.ts'
import {
  cutoverById,
  cutoversByStatus,
  cutoversInBox,
  cutoversOfElement,
  cutoverStory,
} from '../../../projections/cutover.ts'
import { candidatesByStatus, gapById, gapsByStatus, gapsInBox, gapStory } from '../../../projections/gap.ts'
import type { Page } from '../../../projections/page.ts'
import type { Rows } from '../../../projections/rows.ts'
import type { Api } from '../api.ts'
import { boxText } from '../page-query.ts'
import { notFound } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import type { Services } from '../services.ts'

const box = boxText.optional()
const elementId = z.string().max(200).optional()

/** Works, gaps and advisories as they stand. */
export function publishedReadRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    { path: '/cutovers', tag: 'cutovers', summary: 'Works by status, by element, or in an area' },
    { status: z.enum(['planned', 'started', 'finished', 'cancelled']).default('planned'), box, elementId },
    ({ rows, query, page }) => {
      if (query.elementId !== undefined) return cutoversOfElement(rows, query.elementId, page)
      return query.box === undefined
        ? cutoversByStatus(rows, query.status, page)
        : cutoversInBox(rows, query.status, query.box, page)
    },
  )
  addListRoute(
    api,
    services,
    { path: '/gaps', tag: 'gaps', summary: 'Blind spots and weak-signal areas, open or closed, by area' },
    { status: z.enum(['open', 'closed']).default('open'), box },
    ({ rows, query, page }) =>
      query.box === undefined
        ? gapsByStatus(rows, query.status, page)
        : gapsInBox(rows, query.status, query.box, page),
  )
  addListRoute(
    api,
    services,
    { path: '/gap-candidates', tag: 'gaps', summary: 'Where unexplained complaints keep coming back' },
    { status: z.enum(['found', 'accepted', 'dismissed']).default('found') },
    ({ rows, query, page }) => candidatesByStatus(rows, query.status, page),
  )
  addListRoute(
    api,
    services,
    {
      path: '/advisories',
      tag: 'advisories',
      summary: 'What was published by hand, by element or in an area',
    },
    { status: z.enum(['published', 'withdrawn']).default('published'), box, elementId },
    ({ rows, query, page }) => {
      if (query.elementId !== undefined) return advisoriesOfElement(rows, query.elementId, page)
      return query.box === undefined
        ? advisoriesByStatus(rows, query.status, page)
        : advisoriesInBox(rows, query.status, query.box, page)
    },
  )
  for (const { path, tag, what, load, story } of things) {
    addThingRoute(api, services, { path, tag, what, summary: `One ${what}` }, load)
    addListRoute(
      api,
      services,
      { path: `${path}/story`, tag, summary: 'Everything that happened to it, oldest first' },
      {},
      ({ rows, id, page }) => {
        if (load(rows, id) === undefined) throw notFound(what, id)
        return story(rows, id, page)
      },
    )
  }
}

interface Thing {
  readonly path: string
  readonly tag: string
  readonly what: string
  readonly load: (rows: Rows, id: string) => object | undefined
  readonly story: (
    rows: Rows,
    id: string,
    page: { limit: number; cursor?: string | undefined },
  ) => Page<object>
}

const things: readonly Thing[] = [
  { path: '/cutovers/:cutoverId', tag: 'cutovers', what: 'cutover', load: cutoverById, story: cutoverStory },
  { path: '/gaps/:gapId', tag: 'gaps', what: 'gap', load: gapById, story: gapStory },
  {
    path: '/advisories/:advisoryId',
    tag: 'advisories',
    what: 'advisory',
    load: advisoryById,
    story: advisoryStory,
  },
]
