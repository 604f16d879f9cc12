import { answerList, cutoverList } from '../../../schemas/command-list.ts'
import { cutoverFinished, cutoverPlanned, cutoverRescheduled, cutoverStep } from '../../../schemas/cutover.ts'
import type { Event } from '../../../schemas/event.ts'
import { cutover, type CutoverFact } from '../../domain/cutover.ts'
import { fold } from '../../domain/decider.ts'
import { cutoverListDifference } from '../../intake/cutover-list.ts'
import { addActRoute, type ActRoute } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import type { Services } from '../services.ts'
import { storeList } from '../store-list.ts'
import { without } from '../without.ts'

/** Planned work (割接). */
export function cutoverRoutes(api: Api, services: Services): void {
  const add = (route: Omit<ActRoute, 'tag' | 'judge'>) =>
    addActRoute(api, services, { ...route, tag: 'cutovers', judge })
  api.post(
    '/cutovers/snapshot',
    {
      bodyLimit: services.config.limits.maxSnapshotBytes,
      schema: {
        tags: ['cutovers'],
        summary: "Hand over a source's works as they stand: the difference from what is known is recorded",
        body: cutoverList,
        response: { 200: answerList, ...problems },
      },
    },
    async ({ body, caller: { actor } }) =>
      storeList(services, 'cutover', { ...body, actor }, () => cutoverListDifference(body, services.rows)),
  )
  add({
    path: '/cutovers',
    type: 'CutoverPlanned',
    summary: 'Plan work on elements or in an area, in a window',
    fields: cutoverPlanned.shape,
    idField: 'cutoverId',
  })
  add({
    path: '/cutovers/:cutoverId/reschedule',
    type: 'CutoverRescheduled',
    summary: 'Move the window',
    fields: without(cutoverRescheduled.shape, 'cutoverId'),
  })
  add({
    path: '/cutovers/:cutoverId/start',
    type: 'CutoverStarted',
    summary: 'The work has begun',
    fields: without(cutoverStep.shape, 'cutoverId'),
  })
  add({
    path: '/cutovers/:cutoverId/finish',
    type: 'CutoverFinished',
    summary: 'The work is over',
    fields: without(cutoverFinished.shape, 'cutoverId'),
  })
  add({
    path: '/cutovers/:cutoverId/cancel',
    type: 'CutoverCancelled',
    summary: 'Call the work off',
    fields: without(cutoverStep.shape, 'cutoverId'),
  })
}

function judge(history: readonly Event[], event: Event) {
  return cutover.decide(event as CutoverFact, fold(cutover, history.filter(isCutoverFact)))
}

function isCutoverFact(event: Event): event is Event & CutoverFact {
  return event.type.startsWith('Cutover')
}
