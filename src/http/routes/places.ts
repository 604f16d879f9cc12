import { z } from 'zod'
import { lonLat } from '../../../schemas/geo.ts'
import { gazetteerRows } from '../../intake/gazetteer-csv.ts'
import { isOfNetwork } from '../../intake/known-places.ts'
import { createGazetteer, readPlace, type Gazetteer } from '../../intake/gazetteer-store.ts'
import type { Place } from '../../places/place-index.ts'
import { bestMatch } from '../../places/place-verdict.ts'
import { problems, type Api } from '../api.ts'
import { pointText } from '../page-query.ts'
import { ProblemError } from '../problem.ts'
import { groundOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'

const tags = ['places']
const maxQueryChars = 200
/** The most rows of a gazetteer in one post; a larger one is sent in parts, or imported. */
const maxRows = 100_000
const maxRefusedListed = 100

const cell = z.union([z.string().max(2_000), z.number()])
const gazetteerRow = z.strictObject({
  name: z.string().max(2_000),
  lon: cell,
  lat: cell,
  crs: z.enum(['wgs84', 'gcj02', 'bd09']).optional(),
  kind: z.string().max(200).optional(),
  aliases: z
    .union([z.string().max(4_000), z.array(z.string().max(300)).max(50)])
    .optional()
    .describe('A list, or one text separated by "|"'),
})

const placeMatch = z.strictObject({
  placeId: z.string(),
  name: z.string(),
  kind: z.string(),
  point: lonLat,
  score: z.number(),
  matched: z.string(),
  matchedName: z.string(),
})

/** Names of places (地物): searched as people say them, and added. */
export function placeRoutes(api: Api, services: Services): void {
  searchRoute(api, services)
  addRoute(api, services)
}

function searchRoute(api: Api, services: Services): void {
  api.get(
    '/places',
    {
      schema: {
        tags,
        summary: 'Places by name: part of it, homophone, pinyin, initials, with typing errors',
        querystring: z.strictObject({
          q: z.string().min(1).max(maxQueryChars),
          near: pointText.optional(),
          kind: z.string().max(50).optional(),
          limit: z.coerce.number().int().min(1).optional(),
        }),
        response: {
          200: z.strictObject({
            items: z.array(placeMatch),
            /** Whether the agent has to ask which one. */
            ambiguous: z.boolean(),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { q, near, kind, limit } = request.query
      const max = services.config.limits.maxPlaceMatches
      const found = services.places.search(q, {
        limit: Math.min(limit ?? max, max),
        ...(near === undefined ? {} : { near }),
        ...(kind === undefined ? {} : { kinds: [kind] }),
      })
      // Names of the gazetteer belong to nobody; sites, gaps and advisories are places of their regions.
      const ground = groundOf(services.config, request.caller.regions)
      const matches = found.filter(
        ({ place: { id, point } }) =>
          ground === undefined || !isOfNetwork(id) || ground.holds([point[0], point[1]]),
      )
      const items = matches.map(({ place: { id, name, kind: k, point }, score, matched, matchedName }) => ({
        placeId: id,
        name,
        kind: k,
        point: [point[0], point[1]] as [number, number],
        score,
        matched,
        matchedName,
      }))
      return { items, ambiguous: bestMatch(matches).kind === 'ambiguous' }
    },
  )
}

function addRoute(api: Api, { config, places }: Services): void {
  const gazetteer = createGazetteer(places, config.log === 'memory' ? undefined : config.data)
  void api.register(async (scope: Api) => {
    readGazetteerBodies(scope)
    addPostRoute(scope, config, gazetteer)
  })
}

/** A gazetteer may come as the file that it is. */
function readGazetteerBodies(scope: Api): void {
  scope.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => {
    const read = await gazetteerRows(body)
    if ('refused' in read) throw new ProblemError(400, read.refused)
    return { places: read.rows }
  })
}

function addPostRoute(api: Api, config: Services['config'], gazetteer: Gazetteer): void {
  api.post(
    '/places',
    {
      bodyLimit: config.limits.maxSnapshotBytes,
      schema: {
        tags,
        summary: 'Add places to the gazetteer; the same name at the same spot is the same place',
        description:
          'As JSON, or as CSV (text/csv, UTF-8) with the heading name,lon,lat,crs,kind,aliases, of which crs, kind and aliases may be left out. Rows are counted from 0, a heading not among them.',
        consumes: ['application/json', 'text/csv'],
        body: z.strictObject({ places: z.array(gazetteerRow).min(1).max(maxRows) }),
        response: {
          200: z.strictObject({
            received: z.int(),
            taken: z.int(),
            refused: z.int(),
            refusedRows: z.array(z.strictObject({ row: z.int(), reason: z.string() })),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const taken: Place[] = []
      const refusedRows: { row: number; reason: string }[] = []
      request.body.places.forEach((row, at) => {
        const read = readPlace(row)
        if ('place' in read) taken.push(read.place)
        else refusedRows.push({ row: at, reason: read.refused })
      })
      await gazetteer.add(taken)
      return {
        received: request.body.places.length,
        taken: taken.length,
        refused: refusedRows.length,
        refusedRows: refusedRows.slice(0, maxRefusedListed),
      }
    },
  )
}
