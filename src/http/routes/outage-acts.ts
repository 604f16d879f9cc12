import { instantInput } from '../../../schemas/instant.ts'
import {
  outageAcknowledged,
  outageAssigned,
  outageMergedByHand,
  outageVerdict,
  outageWorded,
} from '../../../schemas/outage.ts'
import { prose } from '../../../schemas/text.ts'
import { outageById } from '../../../projections/outage-queries.ts'
import type { CauseRef } from '../../../schemas/attribution.ts'
import { addActRoute, type ActRoute } from '../act-route.ts'
import type { Api } from '../api.ts'
import { outageAsSeen, seenFields, type SeenOutage } from '../outage-as-seen.ts'
import { notFound, ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

interface OutageAct extends Pick<ActRoute, 'type' | 'summary' | 'fields'> {
  readonly verb: string
  /** It says something of the outage that stays true when that is over. */
  readonly takesEnded?: boolean
  /** The event names what it is about in a field of its own. */
  readonly isAbout?: boolean
}

const acts: readonly OutageAct[] = [
  {
    verb: 'acknowledge',
    type: 'OutageAcknowledged',
    summary: 'Somebody has seen it',
    fields: without(outageAcknowledged.shape, 'outageId'),
  },
  {
    verb: 'assign',
    type: 'OutageAssigned',
    summary: 'Give it to somebody',
    fields: without(outageAssigned.shape, 'outageId'),
  },
  {
    verb: 'confirm',
    type: 'OutageConfirmed',
    summary: 'This is the cause: of every complaint that it has, and of each that joins it',
    fields: without(outageVerdict.shape, 'outageId'),
    takesEnded: true,
  },
  {
    verb: 'reject',
    type: 'OutageRejected',
    summary: 'This is not the cause: it ends, and the cause is proposed to no complaint any more',
    fields: without(outageVerdict.shape, 'outageId'),
    takesEnded: true,
  },
  {
    verb: 'words',
    type: 'OutageWorded',
    summary:
      'What its customers are told while it lasts, present and later ones; undo the act to take it back',
    fields: without(outageWorded.shape, 'outageId'),
  },
  {
    verb: 'estimate',
    type: 'EndEstimated',
    summary: 'Say when it should be over; customers are told',
    fields: { expectedEnd: instantInput, note: prose.optional() },
    isAbout: true,
  },
]

/** What people do with an outage. What they saw may be stale: then the act is not taken, and the answer says how it stands. */
export function outageActRoutes(api: Api, services: Services): void {
  for (const { verb, takesEnded = false, isAbout = false, fields: own, ...route } of acts) {
    addActRoute(api, services, {
      ...route,
      tag: 'outages',
      path: `/outages/:outageId/${verb}`,
      fields: { ...own, ...seenFields },
      data: ({ outageId }, { seen: _seen, ...fields }) =>
        isAbout ? { about: { kind: 'outage', id: outageId }, ...fields } : { outageId, ...fields },
      check: (_event, { outageId }) => {
        if (outageById(services.rows, String(outageId)) === undefined)
          throw notFound('outage', String(outageId))
      },
      judge: (_history, event, fields) => {
        const { cause, seen } = fields as { cause?: CauseRef; seen?: SeenOutage }
        outageAsSeen(services.rows, outageOf(event), { ...seen, ...(cause && { root: cause }) }, takesEnded)
        return { kind: 'accepted', facts: [event] }
      },
    })
  }
  addActRoute(api, services, {
    path: '/outages/:outageId/merge',
    tag: 'outages',
    type: 'OutageMergedByHand',
    summary:
      'It is one with another, and becomes part of it, whatever is found later; undo the act to part them',
    fields: { ...without(outageMergedByHand.shape, 'outageId'), ...seenFields },
    data: (params, { seen: _seen, ...fields }) => ({ ...params, ...fields }),
    judge: (_history, event, fields) => {
      if (event.type !== 'OutageMergedByHand') throw new Error('a merge is an OutageMergedByHand')
      const { outageId, into } = event.data
      const { seen } = fields as { seen?: SeenOutage }
      outageAsSeen(services.rows, outageId, { ...seen }, true)
      const whole = outageAsSeen(services.rows, into, {}, true)
      if (whole.outageId === outageId) throw new ProblemError(409, `Outage ${into} is that outage.`)
      return { kind: 'accepted', facts: [event] }
    },
  })
  addActRoute(api, services, {
    path: '/outages/:outageId/note',
    tag: 'outages',
    type: 'NoteAdded',
    summary: 'Leave a note',
    fields: { text: prose },
    data: ({ outageId }, fields) => ({ about: { kind: 'outage', id: outageId }, ...fields }),
    check: (_event, { outageId }) => {
      if (outageById(services.rows, String(outageId)) === undefined)
        throw notFound('outage', String(outageId))
    },
  })
}

function outageOf({ data }: { readonly data: object }): string {
  if ('outageId' in data) return String(data.outageId)
  return 'about' in data ? String((data.about as { readonly id: string }).id) : ''
}
