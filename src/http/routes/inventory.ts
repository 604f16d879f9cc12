import { answerList, elementList } from '../../../schemas/command-list.ts'
import { elementChanged, elementLink, elementRegistered, elementRetired } from '../../../schemas/element.ts'
import type { Event } from '../../../schemas/event.ts'
import { elementById } from '../../../projections/element-queries.ts'
import { elementListDifference } from '../../intake/element-list.ts'
import { addActRoute, type ActRoute } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { notFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { storeList } from '../store-list.ts'
import { without } from '../without.ts'

/** The network's elements and what depends on what. */
export function inventoryRoutes(api: Api, services: Services): void {
  const add = (route: Omit<ActRoute, 'tag'>) => addActRoute(api, services, { ...route, tag: 'inventory' })
  const mustBeKnown = (event: Event): void => {
    if (!('elementId' in event.data)) return
    const { elementId } = event.data
    if (typeof elementId === 'string' && elementById(services.rows, elementId) === undefined) {
      throw notFound('element', elementId)
    }
  }
  api.post(
    '/elements/snapshot',
    {
      bodyLimit: services.config.limits.maxSnapshotBytes,
      schema: {
        tags: ['inventory'],
        summary: "Hand over a source's inventory: the difference from what is known is recorded",
        body: elementList,
        response: { 200: answerList, ...problems },
      },
    },
    async ({ body, caller: { actor } }) =>
      storeList(services, 'element', { ...body, actor }, () => elementListDifference(body, services.rows)),
  )
  add({
    path: '/elements',
    type: 'ElementRegistered',
    summary: 'Register a network element',
    fields: elementRegistered.shape,
  })
  add({
    path: '/elements/:elementId/change',
    type: 'ElementChanged',
    summary: 'Set some of its fields, or remove them',
    fields: without(elementChanged.shape, 'elementId'),
    check: mustBeKnown,
  })
  add({
    path: '/elements/:elementId/retire',
    type: 'ElementRetired',
    summary: 'It serves nobody any more',
    fields: without(elementRetired.shape, 'elementId'),
    check: mustBeKnown,
  })
  add({
    path: '/links',
    type: 'ElementLinked',
    summary: 'One element depends on another',
    fields: elementLink.shape,
  })
  add({
    method: 'DELETE',
    path: '/links/:elementId/:relation/:dependsOn',
    type: 'ElementUnlinked',
    summary: 'It no longer depends on it',
    fields: {},
  })
}
