import { alarmAct, alarmShelved } from '../../../schemas/alarm.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { answerRecorded } from '../../../schemas/answer-recorded.ts'
import { answerSnapshot } from '../../../schemas/answer-snapshot.ts'
import { alarmMessage, alarmSnapshot } from '../../../schemas/command-alarm.ts'
import type { Event, EventType } from '../../../schemas/event.ts'
import type { AlarmKindRow } from '../../../projections/alarm-row.ts'
import { activeAlarmPage, alarmById, unmappedAlarmKinds } from '../../../projections/alarm-queries.ts'
import { z } from 'zod'
import { answerAlarm, answerAlarmKind } from '../../../schemas/answer-alarm.ts'
import { elementById } from '../../../projections/element-queries.ts'
import { createImpactTable } from '../../correlate/impact.ts'
import { addActRoute, pathParams, statusOf, type ActRoute } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { thingNow, sendThing } from '../page-query.ts'
import { addListRoute } from '../read-route.ts'
import { notFound } from '../problem.ts'
import { eventOf, record } from '../record.ts'
import { takeSnapshot } from '../take-snapshot.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'
import { without } from '../without.ts'

const tags = ['alarms']

const typeOf = {
  raised: 'AlarmRaised',
  changed: 'AlarmChanged',
  cleared: 'AlarmCleared',
} as const satisfies Record<string, EventType>

/** What the NMS says, and what people do with it. */
export function alarmRoutes(api: Api, services: Services): void {
  messageRoutes(api, services)
  readRoutes(api, services)
  actRoutes(api, services)
}

function messageRoutes(api: Api, services: Services): void {
  api.post(
    '/alarms',
    {
      schema: {
        tags,
        summary: 'An alarm was raised, changed or cleared',
        body: alarmMessage,
        response: { 200: answerRecorded, 201: answerRecorded, ...problems },
      },
    },
    async (request, reply) => {
      const { event: what, source, occurredAt, notificationId, ...data } = request.body
      const own = onBehalfOf(services, request.caller)
      const event = eventOf(own, typeOf[what], data, {
        stamp: { source, occurredAt, notificationId },
        subject: data.alarmId ?? '',
      })
      const answer = await record(own, event)
      return reply.code(statusOf(answer)).send(answer)
    },
  )

  api.post(
    '/alarms/snapshot',
    {
      bodyLimit: services.config.limits.maxSnapshotBytes,
      schema: {
        tags,
        summary: "Hand over one source's full list of active alarms; what is absent has cleared",
        body: alarmSnapshot,
        response: { 200: answerSnapshot, ...problems },
      },
    },
    (request) => takeSnapshot(onBehalfOf(services, request.caller), request.body),
  )
}

const alarmNow: z.ZodType<object> = thingNow(answerAlarm)

function readRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    { path: '/alarms', tag: 'alarms', summary: 'Active alarms, by element', item: answerAlarm },
    { source: z.string().max(100).optional() },
    ({ rows, query, page }) => activeAlarmPage(rows, query.source, page),
  )
  addListRoute(
    api,
    services,
    {
      path: '/unmapped-alarms',
      tag: 'alarms',
      summary: 'Kinds of alarm that no impact rule fits: they follow the stated default of their severity',
      item: answerAlarmKind,
    },
    {},
    ({ rows, sight: { ruleset }, page }) => {
      if (ruleset === undefined) return { items: [] }
      const impacts = createImpactTable(ruleset)
      const isMapped = (kind: AlarmKindRow) =>
        impacts.ofAlarm({
          data: kind,
          severity: kind.perceivedSeverity,
          elementKind: elementById(rows, kind.elementId)?.facts.kind ?? 'other',
        }).rule !== 'unmapped'
      return unmappedAlarmKinds(rows, isMapped, page)
    },
  )
  api.get(
    '/alarms/:alarmSource/:alarmId',
    {
      schema: {
        tags,
        summary: 'One alarm, its newest occurrence, and what it hangs on',
        params: pathParams(['alarmSource', 'alarmId']),
        querystring: z.strictObject({ asOf: asOfField }),
        response: { 200: alarmNow, ...problems },
      },
    },
    async (request) => {
      const source = String(request.params['alarmSource'])
      const alarmId = String(request.params['alarmId'])
      const sight = await sightAsOf(onBehalfOf(services, request.caller), request.query.asOf)
      return sendThing(sight, 'alarm', `${source}/${alarmId}`, alarmById(sight.rows, source, alarmId))
    },
  )
}

function actRoutes(api: Api, services: Services): void {
  const mustBeKnown = ({ data }: Event): void => {
    if (!('alarmSource' in data)) return
    const { alarmSource, alarmId } = data
    if (alarmById(services.rows, alarmSource, alarmId) === undefined) {
      throw notFound('alarm', `${alarmSource}/${alarmId}`)
    }
  }
  const add = (verb: string, route: Pick<ActRoute, 'type' | 'summary' | 'fields'>) =>
    addActRoute(api, services, {
      ...route,
      path: `/alarms/:alarmSource/:alarmId/${verb}`,
      tag: 'alarms',
      check: mustBeKnown,
    })
  const actFields = without(without(alarmAct.shape, 'alarmId'), 'alarmSource')
  add('acknowledge', { type: 'AlarmAcknowledged', summary: 'Somebody has seen it', fields: actFields })
  add('shelve', {
    type: 'AlarmShelved',
    summary: 'Silence it for a while',
    fields: without(without(alarmShelved.shape, 'alarmId'), 'alarmSource'),
  })
  add('unshelve', { type: 'AlarmUnshelved', summary: 'Let it be heard again', fields: actFields })
}
