import { advisoryPublished, advisoryWithdrawn } from '../../../schemas/advisory.ts'
import type { Event } from '../../../schemas/event.ts'
import { advisory, type AdvisoryFact } from '../../domain/advisory.ts'
import { fold } from '../../domain/decider.ts'
import { addActRoute, type ActRoute } from '../act-route.ts'
import type { Api } from '../api.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

/** Hand-published information (网维信息). */
export function advisoryRoutes(api: Api, services: Services): void {
  const add = (route: Omit<ActRoute, 'tag' | 'judge'>) =>
    addActRoute(api, services, { ...route, tag: 'advisories', judge })
  add({
    path: '/advisories',
    type: 'AdvisoryPublished',
    summary: 'Publish what the NMS does not know; it may declare an outage',
    fields: advisoryPublished.shape,
    idField: 'advisoryId',
  })
  add({
    path: '/advisories/:advisoryId/withdraw',
    type: 'AdvisoryWithdrawn',
    summary: 'It no longer holds',
    fields: without(advisoryWithdrawn.shape, 'advisoryId'),
  })
}

function judge(history: readonly Event[], event: Event) {
  return advisory.decide(event as AdvisoryFact, fold(advisory, history.filter(isAdvisoryFact)))
}

function isAdvisoryFact(event: Event): event is Event & AdvisoryFact {
  return event.type === 'AdvisoryPublished' || event.type === 'AdvisoryWithdrawn'
}
