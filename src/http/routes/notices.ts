import { z } from 'zod'
import { answerNotice, answerRanking } from '../../../schemas/answer-notice.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { instantInput, toMs } from '../../../schemas/instant.ts'
import { prose } from '../../../schemas/text.ts'
import { silenceOf } from '../../../projections/feed-silence.ts'
import { clusterById } from '../../../projections/cluster.ts'
import { ownersOf, type Notice } from '../../../projections/notice-row.ts'
import { outageById } from '../../../projections/outage-queries.ts'
import { boxOfPoint, meet, type Box } from '../../../projections/quadkey.ts'
import { actAbout } from '../act-about.ts'
import { addActRoute } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { noticesSeen } from '../notices-seen.ts'
import { pageInMemory } from '../page-in-memory.ts'
import { boxText, pageFields, pageOfItems, pageRequest, sendPage } from '../page-query.ts'
import { ProblemError } from '../problem.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

const wanted = {
  kind: answerNotice.shape.kind.optional(),
  state: answerNotice.shape.state.optional(),
  owner: z.string().min(1).max(300).optional().describe('An outage of the row is assigned to them'),
  unowned: z.enum(['true']).optional().describe('An outage of the row is assigned to nobody'),
  box: boxText.optional(),
  muted: z.enum(['hidden', 'only', 'shown']).default('hidden'),
}
type Wanted = z.output<z.ZodObject<typeof wanted>>

const answer: z.ZodType<object> = pageOfItems(answerNotice).extend({
  complete: z.boolean().describe('False where more is open than `noc.maxNotices`'),
  ranking: answerRanking,
})

/** What network operations watches: outages, clusters that nothing explains, and silent sources, in one ranked list. */
export function noticeRoutes(api: Api, services: Services): void {
  api.get(
    '/noc',
    {
      schema: {
        tags: ['noc'],
        summary:
          'Outages, unexplained clusters and silent feeds, the most pressing first; name `asOf` to page a list that holds still',
        querystring: z.strictObject({ ...wanted, ...pageFields, asOf: asOfField }),
        response: { 200: answer, ...problems },
      },
    },
    async (request) => {
      const own = onBehalfOf(services, request.caller)
      const sight = await sightAsOf(own, request.query.asOf)
      const { notices, complete } = noticesSeen(own, sight, request.query.muted)
      const page = pageInMemory(notices.filter(isWanted(request.query)), pageRequest(services, request.query))
      return { ...sendPage(sight, page), complete, ranking: services.config.noc }
    },
  )
  muteRoutes(api, services)
}

const notices = [
  { kind: 'outage', plural: 'outages', load: outageById },
  { kind: 'cluster', plural: 'clusters', load: clusterById },
  { kind: 'feed', plural: 'feeds', load: silenceOf },
] as const

function muteRoutes(api: Api, services: Services): void {
  for (const { kind, plural, load } of notices) {
    const { name, data, mustBe } = actAbout(services, kind, load)
    const shared = { tag: plural, data }
    addActRoute(api, services, {
      ...shared,
      path: `/${plural}/:${name}/mute`,
      type: 'NoticeMuted',
      summary: 'Nobody need look at it until then: it leaves the list of network operations',
      fields: { reason: prose.min(1), until: instantInput },
      check: (event, params) => {
        mustBe(params)
        if (event.type === 'NoticeMuted' && toMs(event.data.until) <= services.clock()) {
          throw new ProblemError(400, 'The body is not as it should be.', {
            errors: [{ in: 'body', pointer: '/until', detail: 'has passed: a mute ends in the future' }],
          })
        }
      },
    })
    addActRoute(api, services, {
      ...shared,
      path: `/${plural}/:${name}/unmute`,
      type: 'NoticeUnmuted',
      summary: 'It is back in the list before the mute was to end',
      fields: { note: prose.optional() },
      check: (_event, params) => mustBe(params),
    })
  }
}

function isWanted({ kind, state, owner, unowned, box }: Wanted): (notice: Notice) => boolean {
  return (notice) =>
    (kind === undefined || notice.kind === kind) &&
    (state === undefined || notice.state === state) &&
    (owner === undefined || ownersOf(notice).includes(owner)) &&
    (unowned === undefined || ownersOf(notice).includes(undefined)) &&
    (box === undefined || isOnGround(notice, box))
}

function isOnGround({ box, point }: Notice, asked: Box): boolean {
  const ground = box ?? (point && boxOfPoint(point))
  return ground !== undefined && meet(ground, asked)
}
