import type { OrderStatusMessage } from '../../schemas/command-order-status.ts'
import type { OrderSystem } from '../../schemas/order-system.ts'
import type { Area } from '../../schemas/geo.ts'
import type { OrderGround } from './order-taker.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { deliverOrders, type Delivery, type Pending } from './deliver-orders.ts'
import { exchangeStore, type DeadLetter, type ExchangeTable } from './exchange-store.ts'
import { pollStatuses, type Polled, type Polling } from './poll-statuses.ts'
import type { Sent } from './send-message.ts'

export interface OrderExchangeOptions {
  readonly systems: readonly OrderSystem[]
  readonly log: Pick<EventLog, 'subscribe' | 'head' | 'readStream'>
  readonly regions: readonly { readonly id: string; readonly area: Area }[]
  readonly kindOf: OrderGround['kindOf']
  /** Names the log, so that checkpoints of another are not taken for this one's. */
  readonly logName: string
  readonly table: ExchangeTable
  /** The wall clock. Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly onTrouble: (error: unknown) => void
}

/** What to do with what order systems say. */
export interface StatusTaker {
  /** `undefined`: taken, or known already. Else why it cannot be. Throws where it may be taken later. */
  take(system: string, message: OrderStatusMessage): Promise<string | undefined>
  refuse(system: string, text: string, reason: string): void
}

/** How the exchange with one order system stands. */
export interface ExchangeState {
  readonly name: string
  readonly delivered: number
  readonly pending?: Pending | undefined
  readonly deadLetters: number
  readonly polled?: Polled | undefined
}

export interface OrderExchange {
  system(name: string): OrderSystem | undefined
  /** The wall clock, by which signatures are judged. */
  readonly nowMs: () => number
  states(): readonly ExchangeState[]
  /** Oldest event first is not promised: in the order of ids. `undefined` where there is no such system. */
  deadLetters(name: string): readonly DeadLetter[] | undefined
  /** `undefined` where there is no such system or letter. */
  sendAgain(name: string, id: string): Promise<Sent | undefined>
  /** Begins to deliver and to poll; call once. */
  start(taker: StatusTaker): void
  close(): Promise<void>
}

/** The exchange with other products that work on orders. Each runs on its own: one that hangs holds up neither others nor the engine. */
export function createOrderExchange(options: OrderExchangeOptions): OrderExchange {
  const { systems, log, logName, table, nowMs, onTrouble, kindOf } = options
  const ground = { kindOf, regions: new Map(options.regions.map(({ id, area }) => [id, area])) }
  const abort = new AbortController()
  const { signal } = abort
  const stores = new Map(systems.map(({ name }) => [name, exchangeStore(table, name, logName)]))
  const deliveries = new Map<string, Delivery>()
  const pollings = new Map<string, Polling>()

  return {
    nowMs,
    system: (wanted) => systems.find(({ name }) => name === wanted),
    states: () =>
      systems.map(({ name }) => ({
        name,
        delivered: deliveries.get(name)?.delivered() ?? 0,
        pending: deliveries.get(name)?.pending(),
        deadLetters: stores.get(name)?.letters().length ?? 0,
        polled: pollings.get(name)?.last(),
      })),
    deadLetters: (name) => stores.get(name)?.letters(),
    sendAgain: async (name, id) => deliveries.get(name)?.sendAgain(id),
    start: (taker) => {
      for (const system of systems) {
        const { name, webhook, poll } = system
        const store = stores.get(name)
        if (store === undefined) continue
        const shared = { store, nowMs, signal, onTrouble }
        const takeFrom = (message: OrderStatusMessage) => taker.take(name, message)
        if (webhook !== undefined) {
          const onNumber = async (orderId: string, externalId: string, id: string) => {
            const reason = await takeFrom({ id: `number of ${id}`, orderId, externalId, status: 'received' })
            if (reason !== undefined) onTrouble(new Error(`order system ${name}: ${reason}`))
          }
          deliveries.set(
            name,
            deliverOrders({ ...shared, system: { ...system, webhook }, log, ground, onNumber }),
          )
        }
        if (poll !== undefined) {
          const onRefused = (text: string, reason: string) => taker.refuse(name, text, reason)
          pollings.set(
            name,
            pollStatuses({ ...shared, system: { ...system, poll }, take: takeFrom, onRefused }),
          )
        }
      }
    },
    async close() {
      abort.abort()
      const parts = [...deliveries.values(), ...pollings.values()]
      await Promise.all(parts.map(({ finished }) => finished))
      await table.close()
    },
  }
}
