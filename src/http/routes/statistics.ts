import { z } from 'zod'
import { statisticsOf } from '../../../projections/statistics-queries.ts'
import { answerStatistics, groupedBy } from '../../../schemas/answer-statistics.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { problems, type Api } from '../api.ts'
import { definitions } from '../figure-definitions.ts'
import { currency, thingNow } from '../page-query.ts'
import { periodAsked, periodFields } from '../period-query.ts'
import { ProblemError } from '../problem.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

const withBox = ['day', 'week', 'area']

/** Numbers that management reads, each with what it is told of. */
export function statisticsRoutes(api: Api, services: Services): void {
  const answer: z.ZodType<object> = thingNow(answerStatistics)
  api.get(
    '/statistics',
    {
      schema: {
        tags: ['statistics'],
        summary:
          'Figures of complaints and outages by day, week, area, cause, symptom, service or network, against the year before',
        querystring: z.strictObject({
          ...periodFields,
          by: groupedBy.default('day').describe('With a box: day, week or area'),
          asOf: asOfField,
        }),
        response: { 200: answer, ...problems },
      },
    },
    async (request) => {
      const { by, asOf, ...asked } = request.query
      const own = onBehalfOf(services, request.caller)
      if (own.ground !== undefined && !withBox.includes(by)) {
        throw new ProblemError(
          403,
          `Figures by ${by} are kept for the whole network alone. Ask by ${withBox.join(', ')}, or use a key that is bound to no region.`,
        )
      }
      if (asked.box !== undefined && !withBox.includes(by)) {
        throw new ProblemError(400, 'The query is not as it should be.', {
          errors: [{ in: 'query', pointer: '/box', detail: `goes with by=${withBox.join(', ')} alone` }],
        })
      }
      const sight = await sightAsOf(own, asOf)
      const { box: _, ...figures } = statisticsOf(sight.rows, {
        // Figures by place are the ones that can be told apart by region.
        ...periodAsked(sight, { ...asked, box: asked.box ?? own.ground?.box }),
        by,
      })
      return { ...figures, definitions, ...currency(sight) }
    },
  )
}
