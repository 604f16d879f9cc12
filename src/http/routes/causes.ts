import { z } from 'zod'
import { answerCause } from '../../../schemas/answer-cause.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { causesNear } from '../../../projections/cause-near.ts'
import { problems, type Api } from '../api.ts'
import { pageOfItems, pointText, sendPage } from '../page-query.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

const maxRadiusMeters = 50_000
/** A cause is listed this long after its end, and a clear only watched this long, where no ruleset says otherwise. */
const defaultRecentMs = 6 * 3_600_000
const defaultDwellMs = 30 * 60_000

/** What is in force near a point, to look at; how likely each is, is the engine's word (POST /v1/assist). */
export function causeRoutes(api: Api, services: Services): void {
  api.get(
    '/causes',
    {
      schema: {
        tags: ['causes'],
        summary: 'Causes in force near a point: alarms, works, gaps, advisories',
        querystring: z.strictObject({
          near: pointText.describe('lon,lat'),
          radiusMeters: z.coerce.number().positive().max(maxRadiusMeters).default(2_000),
          asOf: asOfField,
          recentMs: z.coerce
            .number()
            .int()
            .min(0)
            .max(30 * 86_400_000)
            .default(defaultRecentMs),
        }),
        response: {
          200: pageOfItems(answerCause).extend({
            complete: z.boolean().describe('False where a named limit cut the search'),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { near, radiusMeters, recentMs, asOf } = request.query
      const sight = await sightAsOf(onBehalfOf(services, request.caller), asOf)
      const { causes, complete } = causesNear(sight.rows, {
        point: near,
        radiusMeters,
        recentMs,
        nowMs: sight.nowMs,
        dwellMs: sight.ruleset?.times.dwellMs ?? defaultDwellMs,
      })
      return { ...sendPage(sight, { items: causes }), complete }
    },
  )
}
