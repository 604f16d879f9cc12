import { z } from 'zod'
import { orderStatusMessage, type OrderStatusMessage } from '../../schemas/command-order-status.ts'
import { toInstant } from '../../schemas/instant.ts'
import { faultOf } from '../../schemas/read-stored.ts'
import type { OrderSystem } from '../../schemas/order-system.ts'
import { boundedText } from './bounded-text.ts'
import type { ExchangeStore } from './exchange-store.ts'
import { pause } from './pause.ts'
import { reasonOf } from './send-message.ts'

/** One round asks for so many pages at most; the next goes on from there. */
const maxPagesPerRound = 100
/** Statuses that were refused are remembered, so that a system that tells all of them again fills no list. */
const maxRefusedRemembered = 10_000

const answerSchema = z.object({
  items: z.array(z.unknown()).max(1_000),
  /** Asked with it, the system tells what came since. */
  cursor: z.string().max(1_000).optional(),
})

/** How one status was taken: `undefined`, or why it was not. Throws where it may be taken later. */
export type TakeStatus = (message: OrderStatusMessage) => Promise<string | undefined>

export interface PollOptions {
  readonly system: OrderSystem & { readonly poll: NonNullable<OrderSystem['poll']> }
  readonly store: Pick<ExchangeStore, 'cursor' | 'setCursor'>
  readonly nowMs: () => number
  readonly signal: AbortSignal
  readonly take: TakeStatus
  readonly onRefused: (text: string, reason: string) => void
  readonly onTrouble: (error: unknown) => void
}

/** How the last round went. */
export interface Polled {
  readonly at: string
  readonly items: number
  readonly error?: string
}

export interface Polling {
  readonly finished: Promise<void>
  last(): Polled | undefined
}

/** Asks an order system for statuses, again and again. The cursor moves on when what came before it is stored. */
export function pollStatuses(options: PollOptions): Polling {
  const { system, store, nowMs, signal, onRefused, onTrouble } = options
  const { poll, limits, name } = system
  const refused = new Set<string>()
  let last: Polled | undefined

  const takeItem = async (item: unknown): Promise<void> => {
    const parsed = orderStatusMessage.safeParse(item)
    const reason = parsed.success ? await options.take(parsed.data) : faultOf(parsed.error.issues)
    if (reason === undefined) return
    const text = JSON.stringify(item)
    if (refused.has(text)) return
    refused.add(text)
    const [oldest] = refused
    if (refused.size > maxRefusedRemembered && oldest !== undefined) refused.delete(oldest)
    onRefused(text, reason)
  }

  const round = async (): Promise<number> => {
    let items = 0
    for (let pages = 0; pages < maxPagesPerRound && !signal.aborted; pages += 1) {
      const cursor = store.cursor()
      const page = await ask(poll, limits, cursor, signal)
      for (const item of page.items) await takeItem(item)
      items += page.items.length
      if (page.cursor === undefined || page.cursor === cursor) return items
      store.setCursor(page.cursor)
      if (page.items.length === 0) return items
    }
    return items
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        last = { items: await round(), at: toInstant(nowMs()) }
      } catch (error) {
        if (signal.aborted) return
        last = { items: 0, at: toInstant(nowMs()), error: reasonOf(error) }
        onTrouble(new Error(`order system ${name} cannot be polled: ${last.error}`))
      }
      await pause(poll.intervalMs, signal)
    }
  }

  return { finished: run(), last: () => last }
}

async function ask(
  { url, bearer }: NonNullable<OrderSystem['poll']>,
  { timeoutMs, maxResponseBytes }: OrderSystem['limits'],
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<z.infer<typeof answerSchema>> {
  const address = new URL(url)
  if (cursor !== undefined) address.searchParams.set('cursor', cursor)
  const response = await fetch(address, {
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    headers: {
      accept: 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
  })
  const text = await boundedText(response, maxResponseBytes)
  if (!response.ok) throw new Error(`it answered ${response.status}`)
  if (text === undefined) throw new Error(`its answer is longer than ${maxResponseBytes} bytes`)
  const parsed = answerSchema.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`its answer: ${faultOf(parsed.error.issues)}`)
  return parsed.data
}
