import { acts, type UndoneAct } from './act.ts'
import { key } from './key.ts'
import { orders } from './order.ts'
import type { Draft, ProjectedEvent } from './projection.ts'

/** What an entry of the audit log is about. */
export interface AuditThing {
  readonly kind: string
  readonly id: string
}

/** The fields that name a thing, and its kind. */
const idFields: Readonly<Record<string, string>> = {
  complaintId: 'complaint',
  outageId: 'outage',
  clusterId: 'cluster',
  intoId: 'cluster',
  fromId: 'cluster',
  newClusterId: 'cluster',
  cutoverId: 'cutover',
  gapId: 'gap',
  advisoryId: 'advisory',
  candidateId: 'gap-candidate',
  orderId: 'order',
  eventId: 'act',
  batchId: 'cause-batch',
  customerRef: 'customer',
  user: 'user',
}

/** Of what an order is about, the newest that its acts are listed under. */
const maxThingsOfOrder = 20

/**
 * What an event names, and what follows from it: an undoing is about what the undone act was about, and an order's acts are about
 * its outages and clusters. Members, of which there is no end, are not in it.
 */
export function thingsOf(event: ProjectedEvent, rows: Draft): readonly AuditThing[] {
  const things = [...thingsNamed(event), ...thingsBehind(event, rows)]
  return [...new Map(things.map((thing) => [key(thing.kind, thing.id), thing])).values()]
}

type Said = Pick<ProjectedEvent, 'type' | 'data'>

function thingsNamed(said: Said): readonly AuditThing[] {
  const data: Readonly<Record<string, unknown>> = said.data
  const named = Object.entries(idFields).flatMap(([field, kind]) => {
    const id = data[field]
    return typeof id === 'string' ? [{ kind, id }] : []
  })
  return [...named, ...otherThings(said as ProjectedEvent)]
}

function otherThings({ type, data }: ProjectedEvent): readonly AuditThing[] {
  if (type === 'FeedAcknowledged') return [{ kind: 'feed', id: data.source }]
  if (type === 'RulesetActivated') return [{ kind: 'ruleset', id: data.ruleset.version }]
  if (type === 'OutageMergedByHand') return [{ kind: 'outage', id: data.into }]
  if (type === 'OrderUpdated') return data.joins === undefined ? [] : [data.joins]
  if ('alarmSource' in data) return [{ kind: 'alarm', id: `${data.alarmSource}/${data.alarmId}` }]
  return 'about' in data && data.about !== undefined ? [data.about].flat() : []
}

function thingsBehind({ type, data }: ProjectedEvent, rows: Draft): readonly AuditThing[] {
  if (type === 'DecisionUndone') {
    const act = actUndone(rows, data.eventId)
    return act === undefined ? [] : thingsNamed(act)
  }
  const orderId = type.startsWith('Order') && 'orderId' in data ? data.orderId : undefined
  const order = orderId === undefined ? undefined : rows.get(orders, key(orderId))
  return order?.about.slice(-maxThingsOfOrder) ?? []
}

/** The act that an undoing names, whether or not something took it back before. */
export function actUndone(rows: Draft, eventId: string): UndoneAct | undefined {
  return rows.get(acts, key(eventId))?.act as UndoneAct | undefined
}
