import { z } from 'zod'
import { answerRecorded } from '../../../schemas/answer-recorded.ts'
import { sourceName } from '../../../schemas/envelope.ts'
import { judgeParsed } from '../../intake/judge-line.ts'
import { contextOf } from '../../intake/bulk-intake.ts'
import { sealNewPersonal } from '../../intake/seal-personal.ts'
import { createZonedTimes } from '../../intake/zoned-times.ts'
import { pathParams, statusOf } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { notFound, ProblemError } from '../problem.ts'
import { record } from '../record.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { OnBehalf, Services } from '../services.ts'
import { zoneOfWords } from '../zone-of-words.ts'

const tags = ['refused']

const refusedEntry = z.looseObject({
  id: z.string(),
  refusedAt: z.string(),
  reason: z.string(),
  text: z.string(),
  masked: z.boolean(),
})

/** What was not taken: to be looked at, corrected and sent again. */
export function refusedRoutes(api: Api, services: Services): void {
  const { refused, config } = services
  const withOffsets = createZonedTimes(config.feeds)
  api.get(
    '/refused',
    {
      schema: {
        tags,
        summary: 'Refused lines, oldest first, personal data masked',
        querystring: z.strictObject({
          cursor: z
            .string()
            .regex(/^\d{1,16}$/)
            .optional(),
          limit: z.coerce.number().int().min(1).optional(),
          source: sourceName.optional(),
        }),
        response: {
          200: z.strictObject({
            items: z.array(refusedEntry),
            next: z.string().optional(),
            kept: z.int(),
            dropped: z.int().describe('Dropped for want of room'),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { cursor, source, limit = config.limits.pageSize } = request.query
      const { entries, next } = refused.list({
        after: cursor,
        source,
        isWanted: isSeenBy(onBehalfOf(services, request.caller)),
        limit: Math.min(limit, config.limits.maxPageSize),
      })
      return {
        items: entries.map((entry) => ({ ...entry })),
        ...(next === undefined ? {} : { next }),
        ...refused.counts(),
      }
    },
  )

  api.post(
    '/refused/:refusedId/retry',
    {
      schema: {
        tags,
        summary: 'Send a refused line again, as it was or corrected',
        description:
          'Without a body the line as kept is sent again, which takes that nothing of it was masked. Taken, it is no longer kept.',
        params: pathParams(['refusedId']),
        body: z.record(z.string(), z.unknown()).optional(),
        response: { 200: answerRecorded, 201: answerRecorded, ...problems },
      },
    },
    async (request, reply) => {
      const own = onBehalfOf(services, request.caller)
      const id = String(request.params['refusedId'])
      const entry = refused.get(id)
      if (entry === undefined) throw notFound('refused line', id)
      if (!isSeenBy(own)(entry))
        throw notFound('refused line', id, undefined, { audited: { reason: 'region' } })
      const context = {
        ...contextOf(services, request.caller.actor),
        withOffsets,
        zoneOf: (source: string) => zoneOfWords(services, source),
      }
      const judged = judgeParsed(request.body ?? keptLine(entry), context)
      if (judged.kind === 'refused') {
        const { reason, errors } = judged
        throw new ProblemError(422, `Refused again: ${reason}`, { errors })
      }
      const { event, personal } = judged
      await own.mustReach(event)
      if (event.type === 'ComplaintReceived') {
        await sealNewPersonal(services.vault, event.data.complaintId, event.data.customerRef, personal)
      }
      const answer = await record(own, event)
      if (answer.outcome !== 'differs') refused.remove(id)
      return reply.code(statusOf(answer)).send(answer)
    },
  )
}

/** Nobody can say where a line lies that could not be read; whoever sent it sees it. */
function isSeenBy({ ground, caller }: OnBehalf): (entry: { readonly actor: string }) => boolean {
  return ({ actor }) => ground === undefined || actor === caller.actor
}

function keptLine({ text, masked }: { readonly text: string; readonly masked: boolean }): unknown {
  const detail = 'What was kept of the line is masked or cut; send the corrected line as the body.'
  if (masked) throw new ProblemError(422, detail)
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError(422, 'The line is no JSON; send the corrected line as the body.')
  }
}
