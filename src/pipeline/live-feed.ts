import { liveMessagesOf, liveSnapshot } from '../../projections/live-messages.ts'
import type { ProjectedEvent } from '../../projections/projection.ts'
import type { LiveTopic } from '../../schemas/live.ts'
import type { Position } from '../event-log/event-log.ts'
import type { RowStore } from '../row-store/row-store.ts'
import { liveClient, type LiveClient, type Send } from './live-client.ts'
import { liveLooks, type LiveEyes } from './live-eyes.ts'
import { liveHistory } from './live-history.ts'
import { resetText, writeMessage, type WrittenMessage } from './live-text.ts'

/** What was committed: the events of one batch, in their current version. */
export interface Committed {
  readonly position: Position
  readonly events: readonly ProjectedEvent[]
  /** False while the projector works off what lies behind; nothing live is made of that. */
  readonly live: boolean
}

export interface LiveFeedLimits {
  readonly maxClients: number
  /** Entities that may wait for a client; beyond it the client is reset with a snapshot. */
  readonly maxBacklog: number
  /** Messages kept so that a client that lost its line resumes without a reset. */
  readonly maxHistory: number
  /** A client that takes nothing for this many beats is hung up. */
  readonly maxMissedBeats: number
}

export const defaultLiveFeedLimits: LiveFeedLimits = {
  maxClients: 500,
  maxBacklog: 1_000,
  maxHistory: 5_000,
  maxMissedBeats: 4,
}

export interface LiveFeedOptions extends Partial<LiveFeedLimits> {
  /** The rows that the projector writes: of them snapshots are made. */
  readonly rows: RowStore
}

export interface ConnectOptions {
  /** The `Last-Event-ID` of a client that comes back. Any text is taken; one that nothing is known of means a reset. */
  readonly after?: string | undefined
  /** Left out: all. */
  readonly topics?: readonly LiveTopic[] | undefined
  /** Left out: the client sees everything. */
  readonly eyes?: LiveEyes | undefined
  /** Called once where the feed ends the connection: it closed, a send failed, or the client stalled. */
  readonly onEnd?: (() => void) | undefined
}

export type Connection =
  | { readonly kind: 'connected'; disconnect(): void }
  /** As many clients as may be are there: come back later. */
  | { readonly kind: 'full'; readonly maxClients: number }

export interface LiveFeed {
  /** Takes what the projector committed, in order. */
  take(committed: Committed): void
  /**
   * Joins a client. `send` is given chunks of an event stream, ready to be written, the next one when the one before has
   * resolved; where it rejects, the client is gone.
   */
  connect(options: ConnectOptions, send: Send): Connection
  /** To be called regularly: keeps idle lines open and hangs up clients that take nothing. */
  beat(): void
  counts(): { readonly clients: number; readonly resets: number; readonly hungUp: number }
  close(): void
}

/**
 * Tells many clients how things change, at a bounded cost for each (H2): messages are made and written as text once for
 * all; one send is in flight for a client, and meanwhile only the latest message of each entity waits for it; where too
 * many wait, they are dropped for a reset and a snapshot. A client that comes back goes on where it was, or is reset.
 */
export function createLiveFeed({ rows, ...given }: LiveFeedOptions): LiveFeed {
  const limits = { ...defaultLiveFeedLimits, ...given }
  const clients = new Set<LiveClient>()
  const history = liveHistory(limits.maxHistory)
  const looks = liveLooks(
    () => rows.checkpoint() ?? '',
    () => performance.now(),
  )
  let resets = 0
  let hungUp = 0
  let closed = false
  let snapshot: { position: Position; messages: readonly WrittenMessage[] } | undefined
  /** What came while nobody was there: messages are made of it when somebody joins, and of all at once. */
  let unheard: { position: Position; events: readonly ProjectedEvent[] } | undefined

  const takeSnapshot = (eyes: LiveEyes | undefined) => {
    resets += 1
    if (eyes !== undefined) return looks.snapshot(eyes)
    const position = rows.checkpoint() ?? ''
    if (snapshot?.position !== position) {
      snapshot = { position, messages: [resetText, ...liveSnapshot(rows).map(writeMessage)] }
    }
    return snapshot
  }

  /** Kept up to as many events as messages are kept; whoever comes back from before that is reset. */
  const keepUnheard = (position: Position, events: readonly ProjectedEvent[]) => {
    const all = unheard === undefined ? events : [...unheard.events, ...events]
    unheard = all.length > limits.maxHistory ? undefined : { position, events: all }
    if (unheard === undefined) history.begin(position)
  }

  const writeUnheard = () => {
    if (unheard === undefined) return
    history.add(unheard.position, liveMessagesOf(unheard.events, rows).map(writeMessage))
    unheard = undefined
  }

  return {
    take({ position, events, live }) {
      if (!live) return
      if (history.head() === undefined) {
        // What was caught up with was told to nobody.
        history.begin(position)
        for (const client of clients) client.reset()
        return
      }
      if (clients.size === 0) {
        keepUnheard(position, events)
        return
      }
      const messages = liveMessagesOf(events, rows).map(writeMessage)
      history.add(position, messages)
      for (const client of clients) client.offer(position, messages)
    },
    connect({ after, topics, eyes, onEnd }, send) {
      if (closed || clients.size >= limits.maxClients) return { kind: 'full', maxClients: limits.maxClients }
      const end = () => {
        if (clients.delete(client)) onEnd?.()
      }
      writeUnheard()
      const client = liveClient({
        send,
        end,
        takeSnapshot: () => takeSnapshot(eyes),
        topics,
        see: (messages) => (eyes === undefined ? messages : looks.see(eyes, messages)),
        restMs: () => (eyes === undefined ? 0 : looks.restMs()),
        maxBacklog: limits.maxBacklog,
      })
      clients.add(client)
      const missed = after === undefined ? undefined : history.since(after)
      if (missed === undefined) client.reset()
      else client.offer(missed.position, missed.messages)
      return {
        kind: 'connected',
        disconnect: () => {
          clients.delete(client)
          client.close()
        },
      }
    },
    beat() {
      for (const client of clients) {
        if (client.beat() <= limits.maxMissedBeats) continue
        hungUp += 1
        client.close()
      }
    },
    counts: () => ({ clients: clients.size, resets, hungUp }),
    close() {
      closed = true
      for (const client of clients) client.close()
    },
  }
}
