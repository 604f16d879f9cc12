import { z } from 'zod'
import { answerRecorded, type AnswerRecorded } from '../../schemas/answer-recorded.ts'
import { stampFields, type CommandStamp } from '../../schemas/command-stamp.ts'
import type { Event, EventType } from '../../schemas/event.ts'
import type { Decision, Fact } from '../domain/decider.ts'
import { problems, type Api } from './api.ts'
import type { Caller } from './caller.ts'
import { onBehalfOf } from './on-behalf.ts'
import { eventOf, record, recordJudged } from './record.ts'
import type { OnBehalf, Services } from './services.ts'

type Fields = Readonly<Record<string, unknown>>

/** A post that becomes one event. */
export interface ActRoute {
  readonly method?: 'POST' | 'DELETE'
  /** Parameters in the path bear the names of the event's fields. */
  readonly path: string
  readonly type: EventType
  readonly tag: string
  readonly summary: string
  /** The event's own fields that come in the body. */
  readonly fields: z.core.$ZodLooseShape
  /** Makes the event's data of path and body; left out: both together. */
  readonly data?: (params: Fields, fields: Fields) => unknown
  /** The field whose id is also the message's: sent again it is the same event, whenever. */
  readonly idField?: string
  /** Refuses, by throwing a problem, what cannot be. Asked before the stream is read. */
  readonly check?: (event: Event, params: Fields, caller: Caller) => void
  /** Judges on the history of the event's stream; left out: it is always taken. */
  readonly judge?: (history: readonly Event[], event: Event, fields: Fields) => Decision<Fact>
  /** What follows of it once it is stored. Done again when it is sent again. */
  readonly follow?: (own: OnBehalf, event: Event, answer: AnswerRecorded) => Promise<void>
}

export function addActRoute(api: Api, services: Services, route: ActRoute): void {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const body = z.strictObject({ ...route.fields, ...stampFields })
  api.route({
    method: route.method ?? 'POST',
    url: route.path,
    schema: {
      tags: [route.tag],
      summary: route.summary,
      ...(names.length > 0 ? { params: pathParams(names) } : {}),
      body: body.prefault({}),
      response: { 200: answerRecorded, 201: answerRecorded, ...problems },
    },
    handler: async (request, reply) => {
      const own = onBehalfOf(services, request.caller)
      const { source, occurredAt, notificationId, ...fields } = request.body as CommandStamp & Fields
      const params = (request.params ?? {}) as Fields
      const data = route.data?.(params, fields) ?? { ...params, ...fields }
      const event = eventOf(own, route.type, data, {
        stamp: { source, occurredAt, notificationId: notificationId ?? ownId(fields, route.idField) },
        subject: Object.values(params).map(String).join('/') || subjectOf(fields),
      }) as Event
      await own.mustReach(event)
      route.check?.(event, params, request.caller)
      const { judge } = route
      const answer = judge
        ? await recordJudged(own, event, (history) => judge(history, event, fields), occurredAt !== undefined)
        : await record(own, event)
      await route.follow?.(own, event, answer)
      return reply.code(statusOf(answer)).send(answer)
    },
  })
}

export function pathParams(names: readonly string[]): z.ZodObject {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, z.string().min(1).max(500)])))
}

export function statusOf({ outcome }: AnswerRecorded): 200 | 201 {
  return outcome === 'stored' ? 201 : 200
}

function ownId(fields: Fields, name: string | undefined): string | undefined {
  const id = name === undefined ? undefined : fields[name]
  return typeof id === 'string' ? id : undefined
}

/** The id that a new thing brings along. */
function subjectOf(fields: Fields): string {
  const id = Object.entries(fields).find(([name]) => name.endsWith('Id'))?.[1]
  return typeof id === 'string' ? id : ''
}
