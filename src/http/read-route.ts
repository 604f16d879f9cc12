import { z } from 'zod'
import type { Page, PageRequest } from '../../projections/page.ts'
import type { Rows } from '../../projections/rows.ts'
import type { atField } from '../../schemas/answer-at.ts'
import { asOfField } from '../../schemas/as-of.ts'
import type { Kept } from '../../schemas/kept.ts'
import { pathParams } from './act-route.ts'
import { problems, type Api } from './api.ts'
import { pageFields, pageOfItems, pageRequest, sendPage, sendThing, thingNow } from './page-query.ts'
import { onBehalfOf } from './on-behalf.ts'
import type { Services } from './services.ts'
import { sightAsOf, worldMoment, type Sight } from './sight.ts'

interface Read {
  /** With parameters as `:id`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
}

interface ThingRead<Item> extends Read {
  readonly what: string
  readonly item: Item
  /** What it may be asked with beside `asOf`. */
  readonly fields?: { readonly at?: typeof atField }
}

/** Of which moment a thing is asked: what was known, and how it stood in the world. */
interface Moment {
  readonly sight: Sight
  readonly at: string | undefined
}

interface Asked<Query> {
  readonly rows: Rows
  readonly sight: Sight
  /** The first parameter of the path; empty where it has none. */
  readonly id: string
  readonly query: Query
  readonly page: PageRequest
}

/** A list of what `item` describes, page by page. */
export function addListRoute<Item extends z.ZodType, Shape extends z.core.$ZodLooseShape>(
  api: Api,
  services: Services,
  { path, tag, summary, item }: Read & { readonly item: Item },
  fields: Shape,
  list: (asked: Asked<z.output<z.ZodObject<Shape>>>) => Page<Kept<z.output<Item>> & object>,
): void {
  const page: z.ZodType<object> = pageOfItems(item)
  api.get(
    path,
    {
      schema: {
        tags: [tag],
        summary,
        ...paramsOf(path),
        querystring: z.strictObject({ ...fields, ...pageFields, asOf: asOfField }),
        response: { 200: page, ...problems },
      },
    },
    async (request) => {
      const query = request.query as z.output<z.ZodObject<Shape>>
      const page = pageRequest(services, request.query as { cursor?: string; limit?: number })
      const own = onBehalfOf(services, request.caller)
      const sight = await sightAsOf(own, (request.query as MomentQuery).asOf)
      const { rows } = sight
      return sendPage(sight, list({ rows, sight, id: firstParam(request.params), query, page }))
    },
  )
}

/** One thing, which `item` describes, by its id; `undefined` is a 404. */
export function addThingRoute<Item extends z.ZodObject>(
  api: Api,
  services: Services,
  { path, tag, summary, what, item, fields = {} }: ThingRead<Item>,
  load: (rows: Rows, id: string, moment: Moment) => Kept<z.output<Item>> | undefined,
): void {
  const thing: z.ZodType<object> = thingNow(item)
  api.get(
    path,
    {
      schema: {
        tags: [tag],
        summary,
        ...paramsOf(path),
        querystring: z.strictObject({ ...fields, asOf: asOfField }),
        response: { 200: thing, ...problems },
      },
    },
    async (request) => {
      const id = firstParam(request.params)
      const { asOf, at } = request.query as MomentQuery
      const sight = await sightAsOf(onBehalfOf(services, request.caller), asOf)
      return sendThing(sight, what, id, load(sight.rows, id, { sight, at: worldMoment(sight, at) }))
    },
  )
}

interface MomentQuery {
  readonly asOf?: string | undefined
  readonly at?: string | undefined
}

function paramsOf(path: string): { params?: z.ZodObject } {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  return names.length === 0 ? {} : { params: pathParams(names) }
}

function firstParam(params: unknown): string {
  return String(Object.values(params ?? {})[0] ?? '')
}
