import { alarmAct, alarmShelved } from '../../../schemas/alarm.ts'
import { answerRecorded } from '../../../schemas/answer-recorded.ts'
import { answerSnapshot } from '../../../schemas/answer-snapshot.ts'
import { alarmMessage, alarmSnapshot } from '../../../schemas/command-alarm.ts'
import type { Event, EventType } from '../../../schemas/event.ts'
import { alarms } from '../../../projections/alarm-row.ts'
import { addActRoute, statusOf, type ActRoute } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { rowOf } from '../complaint-rows.ts'
import { notFound } from '../problem.ts'
import { eventOf, record } from '../record.ts'
import { takeSnapshot } from '../take-snapshot.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

const tags = ['alarms']

const typeOf = {
  raised: 'AlarmRaised',
  changed: 'AlarmChanged',
  cleared: 'AlarmCleared',
} as const satisfies Record<string, EventType>

/** What the NMS says, and what people do with it. */
export function alarmRoutes(api: Api, services: Services): void {
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
      const event = eventOf(services, typeOf[what], data, {
        stamp: { source, occurredAt, notificationId },
        actor: request.caller.actor,
        subject: data.alarmId ?? '',
      })
      const answer = await record(services, event)
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
    (request) => takeSnapshot(services, request.body, request.caller.actor),
  )

  const mustBeKnown = ({ data }: Event): void => {
    if (!('alarmSource' in data)) return
    const { alarmSource, alarmId } = data
    if (rowOf(services.rows, alarms, alarmSource, alarmId) === undefined) {
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
