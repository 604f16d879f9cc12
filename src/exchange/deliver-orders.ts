import type { OrderSystem } from '../../schemas/order-system.ts'
import { isOrderFact } from '../domain/order.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { OrderOpened } from '../../schemas/order.ts'
import { streamOf } from '../../schemas/stream.ts'
import { readable } from '../../schemas/read-stored.ts'
import type { EventLog, RecordedEvent } from '../event-log/event-log.ts'
import type { DeadLetter, ExchangeStore } from './exchange-store.ts'
import { takesOrder, type OrderGround } from './order-taker.ts'
import { backOffMs, pause } from './pause.ts'
import { sendMessage, type Message, type Sent } from './send-message.ts'

/** Without orders the checkpoint is moved this seldom: what it would be read again for costs little. */
const checkpointEveryEvents = 10_000
const batchSize = 500
/** Orders of which it is remembered whether the system takes them. */
const maxOrdersRemembered = 5_000

export interface DeliveryOptions {
  readonly system: OrderSystem & { readonly webhook: NonNullable<OrderSystem['webhook']> }
  readonly log: Pick<EventLog, 'subscribe' | 'head' | 'readStream'>
  /** Beside the orders themselves: where they are told apart by. */
  readonly ground: OrderGround
  readonly store: ExchangeStore
  /** The wall clock. Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly signal: AbortSignal
  /** The other product has said its number for an order; `id` is the message that it answered. */
  readonly onNumber: (orderId: string, externalId: string, id: string) => Promise<void>
  readonly onTrouble: (error: unknown) => void
}

/** A message on its way. */
export interface Pending {
  readonly id: string
  readonly orderId: string
  readonly type: string
  readonly attempts: number
  readonly reason: string
}

export interface Delivery {
  /** Resolves when the signal has ended it. */
  readonly finished: Promise<void>
  /** What is being tried again; `undefined` where nothing is. */
  pending(): Pending | undefined
  /** By this run. */
  delivered(): number
  /** Tries a dead letter once more; `undefined` where there is none of that id. */
  sendAgain(id: string): Promise<Sent | undefined>
}

/** The source of what an order system tells; what came from it does not go back to it. */
export const sourceOfSystem = (name: string): string => `orders:${name}`

/**
 * Tells an order system of every event of an order, one after the other, as a reader of the log with a checkpoint of its own. The
 * checkpoint moves behind an event when it was delivered, or given up and kept: a restart sends at most the one in hand again,
 * under the same key. Nobody waits for it.
 */
export function deliverOrders(options: DeliveryOptions): Delivery {
  const { system, log, store, nowMs, signal, onTrouble } = options
  const { limits, webhook, name } = system
  let pending: Pending | undefined
  let delivered = 0

  const send = async (message: Message, orderId: string): Promise<Sent> => {
    const sent = await sendMessage(webhook, limits, message, { nowMs: nowMs(), signal })
    if (sent.kind === 'taken' && sent.externalId !== undefined) {
      await options.onNumber(orderId, sent.externalId, message.id)
    }
    return sent
  }

  const deliver = async (event: OutgoingEvent): Promise<void> => {
    const { orderId } = event.data
    const message = messageOf(event)
    for (let attempts = 1; !signal.aborted; attempts += 1) {
      const sent = await send(message, orderId)
      if (signal.aborted && sent.kind !== 'taken') return
      if (sent.kind === 'taken') {
        delivered += 1
        pending = undefined
        return store.moveTo(event.position)
      }
      pending = { id: event.id, orderId, type: event.type, attempts, reason: sent.reason }
      if (sent.kind === 'refused' || attempts >= limits.maxAttempts) {
        await roomForLetters()
        if (signal.aborted) return
        const letter = { ...pending, body: message.body, at: toInstant(nowMs()) }
        store.giveUp(letter, event.position)
        pending = undefined
        onTrouble(new Error(`order system ${name} did not take ${letter.id}: ${letter.reason}`))
        return
      }
      await pause(backOffMs(limits, attempts), signal)
    }
  }

  /** Nothing is dropped: where too much was given up, the rest waits in the log. */
  const roomForLetters = async (): Promise<void> => {
    while (!signal.aborted && store.letters().length >= limits.maxDeadLetters) {
      onTrouble(new Error(`order system ${name}: ${limits.maxDeadLetters} dead letters; send them again`))
      await pause(limits.maxRetryMs, signal)
    }
  }

  const taken = new Map<string, boolean>()
  /** Once for each order: what it was opened with is the first event of its stream, and stays. */
  const isTaken = async (event: OutgoingEvent): Promise<boolean> => {
    if (Object.keys(system.takes).length === 0) return true
    const { orderId } = event.data
    const known = taken.get(orderId)
    if (known !== undefined) return known
    const opened = event.type === 'OrderOpened' ? event.data : await openedIn(log, streamOf(event))
    const is = opened === undefined || takesOrder(system.takes, opened, options.ground)
    const [oldest] = taken.keys()
    if (taken.size >= maxOrdersRemembered && oldest !== undefined) taken.delete(oldest)
    taken.set(orderId, is)
    return is
  }

  const follow = async (): Promise<void> => {
    const after = store.checkpoint() ?? (await log.head())
    if (after !== undefined && store.checkpoint() === undefined) store.moveTo(after)
    let passed = 0
    const from = after === undefined ? { signal, batchSize } : { signal, batchSize, after }
    for await (const { events } of log.subscribe(from)) {
      for (const event of readable(events)) {
        if (isOutgoing(event, name) && (await isTaken(event))) await deliver(event)
        if (signal.aborted) return
      }
      passed += events.length
      const last = events.at(-1)
      if (last === undefined || passed < checkpointEveryEvents) continue
      passed = 0
      store.moveTo(last.position)
    }
  }

  const run = async (): Promise<void> => {
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        await follow()
        return
      } catch (error) {
        if (signal.aborted) return
        onTrouble(error)
        await pause(backOffMs(limits, failures), signal)
      }
    }
  }

  return {
    finished: run(),
    pending: () => pending,
    delivered: () => delivered,
    async sendAgain(id) {
      const letter = store.letter(id)
      if (letter === undefined) return undefined
      const sent = await send(letter, letter.orderId)
      if (sent.kind === 'taken') store.remove(id)
      else store.keep(triedAgain(letter, sent.reason, nowMs()))
      return sent
    },
  }
}

type OutgoingEvent = RecordedEvent & Extract<Event, { data: { orderId: string } }>

async function openedIn(log: Pick<EventLog, 'readStream'>, stream: string): Promise<OrderOpened | undefined> {
  for await (const batch of log.readStream(stream)) {
    for (const event of readable(batch)) if (event.type === 'OrderOpened') return event.data
  }
  return undefined
}

/** History from files is told to nobody. */
function isOutgoing(event: Event & { position: string }, system: string): event is OutgoingEvent {
  const { source, backfilled } = event.meta
  return isOrderFact(event) && backfilled !== true && source !== sourceOfSystem(system)
}

/** The same text whenever it is made of the same event. */
function messageOf({ id, type, occurredAt, recordedAt, meta, data }: OutgoingEvent): Message {
  const { orderId } = data
  return { id, body: JSON.stringify({ id, type, orderId, occurredAt, recordedAt, actor: meta.actor, data }) }
}

function triedAgain(letter: DeadLetter, reason: string, nowMs: number): DeadLetter {
  return { ...letter, reason, attempts: letter.attempts + 1, at: toInstant(nowMs) }
}
