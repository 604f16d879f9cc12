import { z } from 'zod'
import { answerHandover } from '../../../schemas/answer-handover.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { instantInput, toMs } from '../../../schemas/instant.ts'
import { problems, type Api } from '../api.ts'
import { handoverOf } from '../handover.ts'
import { handoverPage, handoverPolicy } from '../handover-page.ts'
import { sendThing, thingNow } from '../page-query.ts'
import { ProblemError } from '../problem.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

const answer: z.ZodType<object | string> = z.union([thingNow(answerHandover), z.string()])
/** Of a printed page, where no ruleset names a zone. */
const defaultTimeZone = 'UTC'

/** What one shift hands to the next, as JSON and as a page to print. */
export function handoverRoutes(api: Api, services: Services): void {
  api.get(
    '/handover',
    {
      schema: {
        tags: ['noc'],
        summary: 'A shift, from `since` to now or to `asOf`; `format=html` is a page of two sheets to print',
        querystring: z.strictObject({
          since: instantInput,
          asOf: asOfField,
          format: z.enum(['json', 'html']).default('json'),
          language: z.enum(['zh', 'en']).default('zh').describe('Of the page'),
        }),
        response: { 200: answer, ...problems },
      },
    },
    async (request, reply) => {
      const { since, asOf, format, language } = request.query
      const own = onBehalfOf(services, request.caller)
      const sight = await sightAsOf(own, asOf)
      if (toMs(since) >= sight.nowMs) {
        throw new ProblemError(400, 'The query is not as it should be.', {
          errors: [{ in: 'query', pointer: '/since', detail: 'must lie before the end of the shift' }],
        })
      }
      const handover = handoverOf(own, sight, since)
      if (format === 'json') return sendThing(sight, 'shift', since, handover)
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', handoverPolicy)
        .send(handoverPage(handover, language, sight.ruleset?.timeZone ?? defaultTimeZone))
    },
  )
}
