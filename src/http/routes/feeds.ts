import { z } from 'zod'
import { pathParams } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import type { Services } from '../services.ts'

const feedState = z.strictObject({
  source: z.string(),
  dataAsOf: z.string().optional(),
  heardAt: z.string().optional(),
  stale: z.boolean(),
  reason: z.enum(['never-heard', 'silent', 'lagging']).optional(),
})

/** Who sends, and how current it is. */
export function feedRoutes(api: Api, { feeds }: Services): void {
  api.get(
    '/feeds',
    {
      schema: {
        tags: ['feeds'],
        summary: 'Every source: what it has told of, when it was heard, whether it is stale',
        response: { 200: z.strictObject({ items: z.array(feedState) }), ...problems },
      },
    },
    async () => ({ items: feeds.states().map((state) => ({ ...state })) }),
  )
  api.post(
    '/feeds/:source/heartbeat',
    {
      schema: {
        tags: ['feeds'],
        summary: 'Nothing has happened up to now, and the source is alive',
        params: pathParams(['source']),
        response: { 200: feedState, ...problems },
      },
    },
    async (request) => {
      const source = String(request.params['source'])
      feeds.heartbeat(source)
      return feeds.states().find((state) => state.source === source) ?? { source, stale: false }
    },
  )
}
