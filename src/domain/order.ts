import type { Event } from '../../schemas/event.ts'
import type { OrderAbout } from '../../schemas/order.ts'
import { namedUuid } from '../../schemas/named-uuid.ts'
import { fold, nothingToDo, type Decider, type Decision, type Fact } from './decider.ts'

export type OrderFact = Fact<
  'OrderOpened' | 'OrderUpdated' | 'OrderResolved' | 'OrderReturned' | 'OrderReopened'
>

export interface OrderState {
  readonly status: 'unknown' | 'open' | 'resolved' | 'returned'
  readonly resolved?: Fact<'OrderResolved'>['data']
  /** What updates have said so far, the newest of each field. */
  readonly said: Readonly<Record<string, unknown>>
}

/** Namespace of order ids (a fixed random UUID). */
const uuidOf = namedUuid('c1a7c9e2-52d4-4b0b-8f0e-6f1b9d3f7a64')

/** The id of the order about something: asked for twice, it is the same order. */
export function orderIdOf({ kind, id }: OrderAbout): string {
  return `WO-${uuidOf(`${kind}:${id}`).replaceAll('-', '').slice(0, 12).toUpperCase()}`
}

/**
 * A work order (派单): opened once, then told of by whoever works on it, resolved or given back, and opened again where it was
 * found wanting. What is so already changes nothing, so that another product may tell it twice.
 */
export const order: Decider<OrderState, OrderFact> = {
  initialState: { status: 'unknown', said: {} },
  evolve: (state, fact) => {
    switch (fact.type) {
      case 'OrderOpened':
        return state.status === 'unknown' ? { ...state, status: 'open' } : state
      case 'OrderUpdated':
        return { ...state, said: { ...state.said, ...fact.data } }
      case 'OrderResolved':
        return { ...state, status: 'resolved', resolved: fact.data }
      case 'OrderReturned':
        return { ...state, status: 'returned' }
      case 'OrderReopened': {
        const { progress: _over, ...said } = state.said
        return { status: 'open', said }
      }
    }
  },
  decide: (wish, state) => {
    const accepted: Decision<OrderFact> = { kind: 'accepted', facts: [wish] }
    const { status } = state
    const { orderId } = wish.data
    if (wish.type === 'OrderOpened') return status === 'unknown' ? accepted : nothingToDo
    if (status === 'unknown') return { kind: 'unknown', detail: `No order ${orderId}.` }
    switch (wish.type) {
      case 'OrderUpdated':
        if (wish.data.progress !== undefined && status !== 'open') {
          return { kind: 'conflict', detail: `Order ${orderId} is ${status}; reopen it first.` }
        }
        return saysNothingNew(wish.data, state.said) ? nothingToDo : accepted
      case 'OrderResolved':
        return state.resolved !== undefined && saysNothingNew(wish.data, { ...state.resolved })
          ? nothingToDo
          : accepted
      case 'OrderReturned':
        if (status === 'returned') return nothingToDo
        return status === 'resolved'
          ? { kind: 'conflict', detail: `Order ${orderId} is resolved; reopen it instead.` }
          : accepted
      case 'OrderReopened':
        return status === 'open' ? nothingToDo : accepted
    }
  },
}

function saysNothingNew(data: object, said: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(data).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(said[name]) || value === undefined,
  )
}

const orderTypes: ReadonlySet<Event['type']> = new Set([
  'OrderOpened',
  'OrderUpdated',
  'OrderResolved',
  'OrderReturned',
  'OrderReopened',
])

export function isOrderFact(event: Event): event is Event & OrderFact {
  return orderTypes.has(event.type)
}

/** What an order's stream leads a wish to. Throws where the wish is about no order. */
export function judgeOrder(history: readonly Event[], wish: Event): Decision<OrderFact> {
  if (!isOrderFact(wish)) throw new Error(`${wish.type} is no act on an order`)
  return order.decide(wish, fold<OrderState, OrderFact>(order, history.filter(isOrderFact)))
}
