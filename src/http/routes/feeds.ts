import { z } from 'zod'
import { answerFeed, answerUnmapped } from '../../../schemas/answer-feed.ts'
import { sourceName } from '../../../schemas/envelope.ts'
import { feedAcknowledged } from '../../../schemas/feed.ts'
import { answerPull, feedPull } from '../../../schemas/feed-pull.ts'
import { silenceOf } from '../../../projections/feed-silence.ts'
import { createImpactTable, type ImpactTable } from '../../correlate/impact.ts'
import { createPullBook } from '../../intake/pull-book.ts'
import { addActRoute } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { feedPage, feedPageInRegions, stateOf } from '../feed-page.ts'
import { hearHeartbeat } from '../hear-heartbeat.ts'
import { notFound } from '../problem.ts'
import { pageInMemory } from '../page-in-memory.ts'
import { addListRoute } from '../read-route.ts'
import type { Services } from '../services.ts'
import type { Sight } from '../sight.ts'
import { unmappedOfFeed } from '../unmapped-of-feed.ts'
import { without } from '../without.ts'

const page: z.ZodType<object> = z.strictObject({ items: z.array(answerFeed) })
const state: z.ZodType<object> = answerFeed.partial()
const params = z.strictObject({ source: sourceName })

/** Who sends, how current it is, what of it could not be used, and how drawing from it goes. */
export function feedRoutes(api: Api, services: Services): void {
  const { feeds, rows, clock, correlator } = services
  const pulls = createPullBook()
  const tags = ['feeds']
  const stateNow = (source: string) =>
    stateOf(
      services,
      source,
      feeds.states().find((each) => each.source === source),
    )
  api.get(
    '/feeds',
    {
      schema: {
        tags,
        summary:
          'Every source: how current it is, what came of it, what is refused or to be mapped, and its pulls',
        response: { 200: page, ...problems },
      },
    },
    async ({ caller }) => ({
      items:
        caller.regions === undefined
          ? feedPage(services, pulls, impactsOf(correlator.ruleset()))
          : feedPageInRegions(services, pulls),
    }),
  )
  api.post(
    '/feeds/:source/heartbeat',
    {
      schema: {
        tags,
        summary: 'Nothing has happened up to now, and the source is alive',
        params,
        response: { 200: state, ...problems },
      },
    },
    async ({ params: { source } }) => {
      await hearHeartbeat(services, source)
      return stateNow(source)
    },
  )
  api.post(
    '/feeds/:source/pulls',
    {
      schema: {
        tags,
        summary:
          'What drawing from the source came to; one that went well counts as a heartbeat, unless another of the source fails',
        params,
        body: feedPull,
        response: { 200: answerPull, ...problems },
      },
    },
    async ({ params: { source }, body }) => {
      pulls.note(source, body, clock())
      const all = pulls.of(source)
      // That works can be drawn says nothing of alarms: what has one source lives or dies together.
      if (all.every(({ failedInARow }) => failedInARow === 0)) await hearHeartbeat(services, source)
      const noted = all.find(({ puller }) => puller === body.puller)
      if (noted === undefined) throw notFound('puller', body.puller)
      return noted
    },
  )
  addListRoute(
    api,
    services,
    {
      path: '/feeds/:source/unmapped',
      tag: 'feeds',
      summary:
        'Kinds of alarm that no impact rule fits, and elements that the inventory does not know, by count',
      item: answerUnmapped,
    },
    {},
    ({ rows: then, id, sight, page: request }) =>
      pageInMemory(unmappedOfFeed(then, id, impactsOf(sight.ruleset)), request),
  )
  addActRoute(api, services, {
    path: '/feeds/:source/acknowledge',
    type: 'FeedAcknowledged',
    tag: 'feeds',
    summary: 'Somebody has seen that it is silent',
    fields: without(feedAcknowledged.shape, 'source'),
    check: (_event, { source }) => {
      if (silenceOf(rows, String(source)) === undefined) throw notFound('silent feed', String(source))
    },
  })
}

function impactsOf(ruleset: Sight['ruleset']): ImpactTable | undefined {
  return ruleset === undefined ? undefined : createImpactTable(ruleset)
}
