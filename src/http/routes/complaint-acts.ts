import {
  callbackMade,
  causeVerdict,
  complaintDispatched,
  complaintResolved,
  replyGiven,
} from '../../../schemas/act.ts'
import { complaintWithdrawn } from '../../../schemas/complaint.ts'
import type { Event } from '../../../schemas/event.ts'
import { prose } from '../../../schemas/text.ts'
import type { ComplaintFact } from '../../domain/complaint.ts'
import { judgeComplaint } from '../../domain/complaint-history.ts'
import { addActRoute, type ActRoute } from '../act-route.ts'
import type { Api } from '../api.ts'
import { complaintRow } from '../complaint-rows.ts'
import { notFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

/** What people do with a complaint and its answer. */
export function complaintActRoutes(api: Api, services: Services): void {
  const judge = (history: readonly Event[], event: Event) => {
    const wish = event as Event & ComplaintFact
    const attributionId = complaintRow(services.rows, wish.data.complaintId)?.attribution?.id
    return judgeComplaint(history, wish, { attributionId })
  }
  const add = (verb: string, route: Pick<ActRoute, 'type' | 'summary' | 'fields'>) =>
    addActRoute(api, services, {
      ...route,
      path: `/complaints/:complaintId/${verb}`,
      tag: 'complaints',
      judge,
    })
  add('withdraw', {
    type: 'ComplaintWithdrawn',
    summary: 'The complaint was a mistake',
    fields: without(complaintWithdrawn.shape, 'complaintId'),
  })
  add('confirm', {
    type: 'CauseConfirmed',
    summary: 'This is the cause; the engine will not replace it',
    fields: without(without(causeVerdict.shape, 'complaintId'), 'batchId'),
  })
  add('reject', {
    type: 'CauseRejected',
    summary: 'This is not the cause; the engine will not propose it again',
    fields: without(without(causeVerdict.shape, 'complaintId'), 'batchId'),
  })
  add('reply', {
    type: 'ReplyGiven',
    summary: 'What the customer was told, word for word',
    fields: without(replyGiven.shape, 'complaintId'),
  })
  add('dispatch', {
    type: 'ComplaintDispatched',
    summary: 'It went to network operations as a work order (派单)',
    fields: without(complaintDispatched.shape, 'complaintId'),
  })
  add('resolve', {
    type: 'ComplaintResolved',
    summary: 'It is over, and how',
    fields: without(complaintResolved.shape, 'complaintId'),
  })
  add('callback', {
    type: 'CallbackMade',
    summary: 'The customer was called back (回访)',
    fields: without(callbackMade.shape, 'complaintId'),
  })
  addActRoute(api, services, {
    path: '/complaints/:complaintId/note',
    tag: 'complaints',
    type: 'NoteAdded',
    summary: 'Leave a note',
    fields: { text: prose },
    data: ({ complaintId }, { text }) => ({ about: { kind: 'complaint', id: complaintId }, text }),
    judge: (history, event) => {
      if (event.type !== 'NoteAdded') throw new Error('a note is a NoteAdded')
      if (!history.some(({ type }) => type === 'ComplaintReceived'))
        throw notFound('complaint', event.data.about.id)
      return { kind: 'accepted', facts: [event] }
    },
  })
}
