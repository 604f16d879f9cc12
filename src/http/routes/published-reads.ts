import { z } from 'zod'
import { answerStoryEntry } from '../../../schemas/answer-act.ts'
import { answerCutover } from '../../../schemas/answer-cutover.ts'
import { answerAdvisory, answerGap, answerGapCandidate } from '../../../schemas/answer-published.ts'
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
import type { Page, PageRequest } from '../../../projections/page.ts'
import type { Rows } from '../../../projections/rows.ts'
import type { StoryEntry } from '../../../projections/story.ts'
import type { Kept } from '../../../schemas/kept.ts'
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
    {
      path: '/cutovers',
      tag: 'cutovers',
      summary: 'Works by status, by element, or in an area',
      item: answerCutover,
    },
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
    {
      path: '/gaps',
      tag: 'gaps',
      summary: 'Blind spots and weak-signal areas, open or closed, by area',
      item: answerGap,
    },
    { status: z.enum(['open', 'closed']).default('open'), box },
    ({ rows, query, page }) =>
      query.box === undefined
        ? gapsByStatus(rows, query.status, page)
        : gapsInBox(rows, query.status, query.box, page),
  )
  addListRoute(
    api,
    services,
    {
      path: '/gap-candidates',
      tag: 'gaps',
      summary: 'Where unexplained complaints keep coming back',
      item: answerGapCandidate,
    },
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
      item: answerAdvisory,
    },
    { status: z.enum(['published', 'withdrawn']).default('published'), box, elementId },
    ({ rows, query, page }) => {
      if (query.elementId !== undefined) return advisoriesOfElement(rows, query.elementId, page)
      return query.box === undefined
        ? advisoriesByStatus(rows, query.status, page)
        : advisoriesInBox(rows, query.status, query.box, page)
    },
  )
  addThing(api, services, {
    path: '/cutovers/:cutoverId',
    tag: 'cutovers',
    what: 'cutover',
    item: answerCutover,
    load: cutoverById,
    story: cutoverStory,
  })
  addThing(api, services, {
    path: '/gaps/:gapId',
    tag: 'gaps',
    what: 'gap',
    item: answerGap,
    load: gapById,
    story: gapStory,
  })
  addThing(api, services, {
    path: '/advisories/:advisoryId',
    tag: 'advisories',
    what: 'advisory',
    item: answerAdvisory,
    load: advisoryById,
    story: advisoryStory,
  })
}

interface Thing<Item extends z.ZodObject> {
  readonly path: string
  readonly tag: string
  readonly what: string
  readonly item: Item
  readonly load: (rows: Rows, id: string) => Kept<z.output<Item>> | undefined
  readonly story: (rows: Rows, id: string, page: PageRequest) => Page<StoryEntry>
}

function addThing<Item extends z.ZodObject>(api: Api, services: Services, thing: Thing<Item>): void {
  const { path, tag, what, item, load, story } = thing
  addThingRoute(api, services, { path, tag, what, item, summary: `One ${what}` }, load)
  addListRoute(
    api,
    services,
    {
      path: `${path}/story`,
      tag,
      summary: 'Everything that happened to it, oldest first',
      item: answerStoryEntry,
    },
    {},
    ({ rows, id, page }) => {
      if (load(rows, id) === undefined) throw notFound(what, id, rows.knownAt)
      return story(rows, id, page)
    },
  )
}
