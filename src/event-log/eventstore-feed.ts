import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  AllStreamSubscription,
  RecordedEvent as ServerEvent,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client'
import { LostClientError, SilentServerError } from './eventstore-errors.ts'
import type { Lease } from './eventstore-client.ts'

/** Events kept for a reader who has not asked for them yet; beyond it the server is held up. */
const maxWaitingEvents = 1_000

/** What a read or a subscription delivers, as the server sends it. */
export interface Feed {
  /** Events that have come, at most `max`, waiting `waitMs` for the first; none at the end. Throws what the stream failed with. */
  take(max: number, waitMs: number): Promise<readonly ServerEvent[]>
  /** A sign of life that brings no event. */
  hear(): void
  close(): void
}

/** Starts to listen at once, and goes on until closed: an error without a listener would end the process. */
export function openFeed(
  stream: StreamingRead<ResolvedEvent> | AllStreamSubscription,
  { givenUp }: Lease,
  signal?: AbortSignal,
): Feed {
  let waiting: ServerEvent[] = []
  let isOver = false
  let failure: unknown
  let wake = () => {}
  let heardMs = performance.now()
  const hear = () => {
    heardMs = performance.now()
  }

  const end = (error?: unknown) => {
    isOver = true
    failure ??= error
    wake()
  }
  const lose = () => end(new LostClientError('its client was replaced'))
  const stop = () => end()
  stream.on('data', ({ event }: { event?: ServerEvent }) => {
    hear()
    if (event !== undefined) waiting.push(event)
    if (waiting.length >= maxWaitingEvents) stream.pause()
    wake()
  })
  stream.on('error', end)
  stream.on('end', () => end())
  stream.on('close', () => end())
  givenUp.addEventListener('abort', lose, { once: true })
  signal?.addEventListener('abort', stop, { once: true })
  if (givenUp.aborted) lose()
  if (signal?.aborted) stop()

  return {
    async take(max, waitMs) {
      hear()
      for (let leftMs = waitMs; waiting.length === 0 && !isOver && leftMs > 0;) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wake = () => {}
        leftMs = heardMs + waitMs - performance.now()
        // What came in one packet is taken together.
        if (waiting.length > 0) await nextTurn()
      }
      const taken = waiting.slice(0, max)
      waiting = waiting.slice(max)
      if (waiting.length < maxWaitingEvents && stream.isPaused()) stream.resume()
      if (taken.length > 0) return taken
      if (failure !== undefined) throw failure
      if (!isOver) throw new SilentServerError(`nothing was heard for ${waitMs} ms`)
      return taken
    },
    hear,
    close() {
      end()
      waiting = []
      givenUp.removeEventListener('abort', lose)
      signal?.removeEventListener('abort', stop)
      const cancelled = 'unsubscribe' in stream ? stream.unsubscribe() : stream.cancel()
      cancelled.catch(() => {})
      stream.resume()
    },
  }
}
