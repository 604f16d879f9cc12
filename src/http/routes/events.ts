import { answerBulk, type AnswerBulk } from '../../../schemas/answer-bulk.ts'
import { emptyAnswer, takeInBulk } from '../../intake/bulk-intake.ts'
import { createZonedTimes } from '../../intake/zoned-times.ts'
import { AppendRefusedError, LogUnavailableError } from '../../event-log/event-log.ts'
import { problems, type Api } from '../api.ts'
import { ProblemError } from '../problem.ts'
import { chunksInTime } from '../request-timeout.ts'
import type { Services } from '../services.ts'
import { zoneOfWords } from '../zone-of-words.ts'

const ndjsonTypes = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/json-lines',
]

/** Bulk input: NDJSON of any size, as a stream. */
export function eventRoutes(api: Api, services: Services): void {
  const withOffsets = createZonedTimes(services.config.feeds)
  const closing = new AbortController()
  let underWay = 0
  api.addHook('preClose', async () => closing.abort(new ProblemError(503, 'The server is stopping.')))

  void api.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // The stream itself is the body: it is never held.
    scope.addContentTypeParser(ndjsonTypes, (_request, payload, done) => done(null, payload))
    scope.post(
      '/events',
      {
        schema: {
          tags: ['events'],
          summary: 'Take in events, one JSON object a line',
          description:
            'NDJSON of any size (application/x-ndjson). Each line: {type, source, occurredAt, data, notificationId?}. Bad lines are refused by number and kept, good ones stored. It is read only while the engine keeps up.',
          consumes: ndjsonTypes,
          response: { 200: answerBulk, ...problems },
        },
      },
      async (request) => {
        const { maxBulkRequests } = services.config.limits
        if (underWay >= maxBulkRequests) {
          const detail = `${underWay} bulk requests are under way, and ${maxBulkRequests} may be (maxBulkRequests).`
          throw new ProblemError(429, detail, { headers: { 'retry-after': '5' } })
        }
        if (!isByteStream(request.body)) throw new ProblemError(400, 'There is no body.')
        underWay += 1
        const answer = emptyAnswer()
        try {
          await takeInBulk(
            chunksInTime(request.body, services.config.limits.bulkSilenceMs),
            { ...services, withOffsets, zoneOf: (source) => zoneOfWords(services, source) },
            {
              actor: request.caller.actor,
              answer,
              signal: closing.signal,
            },
          )
        } catch (error) {
          throw asBulkProblem(error, answer)
        } finally {
          underWay -= 1
          services.metrics.refusedLines.inc(answer.refused)
        }
        return answer
      },
    )
  })
}

/** What was stored stays stored: sent again from the beginning, nothing comes twice (L2). */
function asBulkProblem(error: unknown, answer: AnswerBulk): unknown {
  const detail = error instanceof Error ? error.message : ''
  if (error instanceof LogUnavailableError || error instanceof AppendRefusedError) {
    return new ProblemError(503, `${detail} What was taken until then is stored; send all of it again.`, {
      more: { answer },
      headers: { 'retry-after': '5' },
    })
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return new ProblemError(503, 'The server is stopping; send all of it again.', { more: { answer } })
  }
  // The sender went away in the middle.
  if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') {
    return new ProblemError(400, 'The body ended early.', { more: { answer } })
  }
  return error
}

function isByteStream(body: unknown): body is AsyncIterable<Buffer> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}
