import { z } from 'zod'
import { answerProjection, answerRebuild } from '../../../schemas/answer-projection.ts'
import { pathParams } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { notFound, ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'

const tags = ['operations']

/** The read models, and making one of them again while the others and its old rows serve. */
export function projectionRoutes(api: Api, { projector: { rebuilds } }: Services): void {
  api.get(
    '/projections',
    {
      schema: {
        tags,
        summary: 'The read models, and how their last rebuild goes',
        response: { 200: z.strictObject({ items: z.array(answerProjection) }), ...problems },
      },
    },
    async () => ({ items: rebuilds.list().map((state) => ({ ...state })) }),
  )
  api.post(
    '/projections/:name/rebuild',
    {
      schema: {
        tags,
        summary: 'Make a read model again from the log, beside the one that is read, and switch',
        description:
          'One at a time. GET /v1/projections tells how it goes; a restart of the server breaks it off.',
        params: pathParams(['name']),
        response: { 202: answerRebuild, ...problems },
      },
    },
    async (request, reply) => {
      const name = String(request.params['name'])
      const start = rebuilds.start(name)
      switch (start.kind) {
        case 'started':
          return reply.code(202).send({ kind: 'running', events: 0 })
        case 'unknown':
          throw notFound('read model', name)
        case 'busy':
          throw new ProblemError(409, `${start.with} is being made again; one at a time.`)
      }
    },
  )
}
