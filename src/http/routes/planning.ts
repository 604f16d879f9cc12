import { z } from 'zod'
import { groundOf, type GroundCell } from '../../../projections/planning-queries.ts'
import { timeZoneOf } from '../../../projections/statistics-queries.ts'
import { answerGround } from '../../../schemas/answer-statistics.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { problems, type Api } from '../api.ts'
import { currency, thingNow } from '../page-query.ts'
import { periodAsked, periodFields } from '../period-query.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

/** Where coverage is wanted: for those who plan the network. */
export function planningRoutes(api: Api, services: Services): void {
  const answer: z.ZodType<object> = thingNow(answerGround)
  api.get(
    '/planning/complaints',
    {
      schema: {
        tags: ['planning'],
        summary:
          'Complaints that nothing or only a coverage gap explains, by place and setting, with their trend, as GeoJSON',
        querystring: z.strictObject({ ...periodFields, asOf: asOfField }),
        response: { 200: answer, ...problems },
      },
    },
    async (request) => {
      const sight = await sightAsOf(onBehalfOf(services, request.caller), request.query.asOf)
      const { from, to, box } = periodAsked(sight, request.query)
      const { cells, complete } = groundOf(sight.rows, { from, to, box })
      return {
        type: 'FeatureCollection',
        features: cells.map(featureOf),
        from,
        to,
        timeZone: timeZoneOf(sight.rows),
        complete,
        ...currency(sight),
      }
    },
  )
}

function featureOf({ cell, box: [west, south, east, north], ...properties }: GroundCell): object {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  return { type: 'Feature', id: cell, geometry: { type: 'Polygon', coordinates: [ring] }, properties }
}
