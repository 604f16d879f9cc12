import { complaintsOfCluster, complaintsOfOutage } from '../../projections/complaint-queries.ts'
import { memberCluster, memberOutage } from '../../projections/complaint-row.ts'
import { orderOfCluster, orderOfOutage } from '../../projections/order-of-complaint.ts'
import { orderBrief } from '../../projections/order-brief.ts'
import { isUnderWay, type OrderRow } from '../../projections/order.ts'
import type { Rows } from '../../projections/rows.ts'
import type { AnswerOrderRecorded } from '../../schemas/answer-order.ts'
import type { CommandOrder } from '../../schemas/command-order.ts'
import type { Event } from '../../schemas/event.ts'
import type { OrderAbout } from '../../schemas/order.ts'
import { judgeOrder, orderIdOf } from '../domain/order.ts'
import { notFound, ProblemError } from './problem.ts'
import { eventOf, readModelsFollow, recordJudged } from './record.ts'
import type { OnBehalf } from './services.ts'

/** Members looked at for what else they belong to: the newest. */
const maxMembersAsked = 200

type OrderEventType = 'OrderOpened' | 'OrderUpdated' | 'OrderReopened'

/**
 * Passes an outage or cluster on. Where there is an order for it already, or for what its members were passed on with before, it
 * joins that one; one that was resolved or given back is opened again. So there is one order a trouble, however often it is asked for.
 */
export async function openOrder(
  services: OnBehalf,
  { about: asked, to, note, ...stamp }: CommandOrder,
): Promise<AnswerOrderRecorded> {
  await readModelsFollow(services)
  await services.mustHold(asked)
  const { rows } = services
  const brief = orderBrief(rows, asked)
  if (brief === undefined) throw notFound(asked.kind, asked.id)
  const { about } = brief
  const record = async (type: OrderEventType, data: object, orderId: string, joined: boolean) => {
    const event = eventOf(services, type, { orderId, ...data }, { stamp, subject: orderId }) as Event
    const answer = await recordJudged(
      services,
      event,
      (history) => judgeOrder(history, event),
      stamp.occurredAt !== undefined,
    )
    return { ...answer, orderId, joined: joined || answer.outcome !== 'stored' }
  }
  const first = about.kind === 'outage' ? orderAround(rows, about) : orderOfCluster(rows, about.id)
  if (first === undefined) {
    if (about.kind === 'cluster') mustBeUnexplained(rows, about.id)
    const sent = { ...brief, ...(to === undefined ? {} : { to }), ...(note === undefined ? {} : { note }) }
    return record('OrderOpened', sent, orderIdOf(about), false)
  }
  const { orderId } = first
  const isHere = first.about.some(({ kind, id }) => kind === about.kind && id === about.id)
  const joining = isHere ? undefined : await record('OrderUpdated', { joins: about, note }, orderId, true)
  if (isUnderWay(first) && joining !== undefined) return joining
  return record('OrderReopened', { reason: 'sent-again', note }, orderId, true)
}

/** The outage's own order, or that of a cluster in which its members were passed on before anything explained them. */
function orderAround(rows: Rows, { id }: OrderAbout): OrderRow | undefined {
  const own = orderOfOutage(rows, id)
  if (own !== undefined) return own
  const clusterIds = complaintsOfOutage(rows, id, { limit: maxMembersAsked }).items.map(memberCluster)
  for (const clusterId of new Set(clusterIds)) {
    const order = clusterId === undefined ? undefined : orderOfCluster(rows, clusterId)
    if (order !== undefined) return order
  }
  return undefined
}

/** Of a cluster that one outage explains whole, the outage is the unit of work. */
function mustBeUnexplained(rows: Rows, clusterId: string): void {
  const members = complaintsOfCluster(rows, clusterId, { limit: maxMembersAsked }).items
  const outages = new Set(members.map(memberOutage))
  const [outageId] = outages
  if (outages.size !== 1 || outageId === undefined) return
  throw new ProblemError(409, `Cluster ${clusterId} is explained by outage ${outageId}: order that one.`, {
    more: { outageId },
  })
}
