import { orderOfCluster, orderOfOutage } from '../../projections/order-of-complaint.ts'
import { orderById } from '../../projections/order-queries.ts'
import { outageById } from '../../projections/outage-queries.ts'
import { isUnderWay, type OrderRow } from '../../projections/order.ts'
import { dispatch, type ByType, type ProjectedEvent } from '../../projections/projection.ts'
import { boxArea, union, type Box } from '../../projections/quadkey.ts'
import type { Rows } from '../../projections/rows.ts'
import type { Event } from '../../schemas/event.ts'
import type { OrderAbout, OrderUpdated } from '../../schemas/order.ts'
import { judgeOrder } from '../domain/order.ts'
import { onBehalfOf } from './on-behalf.ts'
import { eventOf, recordJudged } from './record.ts'
import type { Services } from './services.ts'

type Grown = NonNullable<OrderUpdated['grown']>

/** Has whoever works on an order know when its trouble has grown. */
export interface OrderGrowth {
  /** Looks at the orders that these events, which the rows hold, may have made larger. Nobody waits for it. */
  follow(events: readonly ProjectedEvent[]): void
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

/**
 * Growth is an event of the order like any other, recorded when members, customers or area are `growthFactor` times what was told
 * last (of members and customers at least `growthAtLeast` more): so a storm is told a few times, and not for each complaint.
 */
export function createOrderGrowth(services: Services, onTrouble: (error: unknown) => void): OrderGrowth {
  const { rows, config } = services
  const own = onBehalfOf(services, { actor: 'causeway', personal: false, roles: new Set() })
  const underWay = new Map<string, Promise<void>>()

  const tell = async (orderId: string, grown: Grown): Promise<void> => {
    const notificationId = `grown ${orderId} ${grown.complaints}/${grown.customers} ${grown.box?.join(',') ?? ''}`
    const event = eventOf(
      own,
      'OrderUpdated',
      { orderId, grown },
      { stamp: { source: 'causeway', notificationId }, subject: orderId },
    ) as Event
    await recordJudged(own, event, (history) => judgeOrder(history, event), false)
  }

  return {
    follow(events) {
      for (const orderId of ordersTouched(rows, events)) {
        if (underWay.has(orderId)) continue
        const grown = growthOf(rows, orderId, config.orders)
        if (grown === undefined) continue
        const telling = tell(orderId, grown)
          .catch(onTrouble)
          .finally(() => underWay.delete(orderId))
        underWay.set(orderId, telling)
      }
    },
    settled: async () => void (await Promise.all(underWay.values())),
  }
}

function ordersTouched(rows: Rows, events: readonly ProjectedEvent[]): ReadonlySet<string> {
  const groups = new Map<string, OrderAbout>()
  for (const event of events) {
    const about = dispatch(groupsMade, event)
    if (about !== undefined && !event.meta.backfilled) groups.set(`${about.kind} ${about.id}`, about)
  }
  const orders = new Set<string>()
  for (const { kind, id } of groups.values()) {
    const order = kind === 'outage' ? orderOfOutage(rows, id) : orderOfCluster(rows, id)
    if (order !== undefined && isUnderWay(order)) orders.add(order.orderId)
  }
  return orders
}

const outage = (id: string | undefined): OrderAbout | undefined =>
  id === undefined ? undefined : { kind: 'outage', id }
const cluster = (id: string | undefined): OrderAbout | undefined =>
  id === undefined ? undefined : { kind: 'cluster', id }

/** What an event may have made larger. */
const groupsMade: ByType<[], OrderAbout | undefined> = {
  CauseAttributed: ({ data }) => outage(data.outageId),
  OutageChanged: ({ data }) => outage(data.outageId),
  OutageMergedByHand: ({ data }) => outage(data.into),
  ComplaintClustered: ({ data }) => cluster(data.clusterId),
  ClustersMerged: ({ data }) => cluster(data.intoId),
  ClusterMergedByHand: ({ data }) => cluster(data.intoId),
}

function growthOf(
  rows: Rows,
  orderId: string,
  { growthFactor, growthAtLeast }: Services['config']['orders'],
): Grown | undefined {
  const order = orderById(rows, orderId)
  if (order === undefined) return undefined
  const { complaints, customers, evidence, place, grown = { ...evidence, box: place.box } } = order
  const box = boxNow(rows, order) ?? place.box
  const isMore = (now: number, told: number) => now >= told * growthFactor && now - told >= growthAtLeast
  const isWider =
    box !== undefined && grown.box !== undefined && boxArea(box) > boxArea(grown.box) * growthFactor
  if (!isMore(complaints, grown.complaints) && !isMore(customers, grown.customers) && !isWider)
    return undefined
  return { complaints, customers, ...(box && { box: [box[0], box[1], box[2], box[3]] }) }
}

function boxNow(rows: Rows, { about }: OrderRow): Box | undefined {
  return about
    .flatMap(({ kind, id }) => (kind === 'outage' ? (outageById(rows, id)?.box ?? []) : []) as Box[])
    .reduce<Box | undefined>((sum, box) => (sum === undefined ? box : union(sum, box)), undefined)
}
