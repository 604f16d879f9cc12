import type { LiveTopic } from '../../schemas/live.ts'
import type { Position } from '../event-log/event-log.ts'
import type { TimedMessages } from './live-history.ts'
import { beatText, chunkOf, type WrittenMessage } from './live-text.ts'

/** Writes a chunk to a client; resolves when the client can take the next one. */
export type Send = (chunk: string) => Promise<void>

export interface LiveClient {
  /** What is new behind the client's position. */
  offer(position: Position, messages: readonly WrittenMessage[]): void
  /** Drops what waits: the client is told how things stand instead, as soon as it can take it. */
  reset(): void
  /** For how many beats the client has taken nothing. Where it has nothing to take, it is sent a sign of life. */
  beat(): number
  close(): void
}

export interface LiveClientOptions {
  readonly send: Send
  /** Called once when the client is gone. */
  readonly end: () => void
  readonly takeSnapshot: () => TimedMessages
  readonly topics: readonly LiveTopic[] | undefined
  /** What the client sees of messages that are about to be sent. */
  readonly see: (messages: readonly WrittenMessage[]) => readonly WrittenMessage[]
  /** How long to wait before looking; meanwhile what comes waits with the rest. */
  readonly restMs: () => number
  readonly maxBacklog: number
}

/** One reader: at most one chunk in flight and `maxBacklog` messages behind it, shared with all others. */
export function liveClient({
  send,
  end,
  takeSnapshot,
  topics,
  see,
  restMs,
  maxBacklog,
}: LiveClientOptions): LiveClient {
  const backlog = new Map<string, WrittenMessage>()
  const wanted = ({ topic }: WrittenMessage) =>
    topic === 'reset' || topics === undefined || topics.includes(topic)
  let reached: Position = ''
  let mustReset = false
  let inFlight = false
  let missedBeats = 0
  let closed = false
  let resting: NodeJS.Timeout | undefined

  const close = () => {
    if (closed) return
    closed = true
    clearTimeout(resting)
    backlog.clear()
    end()
  }

  const nextChunk = (): string | undefined => {
    if (mustReset) {
      mustReset = false
      const { position, messages } = takeSnapshot()
      reached = position
      return chunkOf(position, messages.filter(wanted))
    }
    if (backlog.size === 0) return undefined
    const messages = see([...backlog.values()])
    backlog.clear()
    return messages.length === 0 ? beatText(reached) : chunkOf(reached, messages)
  }

  const write = (chunk: string) => {
    inFlight = true
    let sent: Promise<void>
    try {
      sent = send(chunk)
    } catch {
      close()
      return
    }
    sent.then(() => {
      inFlight = false
      missedBeats = 0
      pump()
    }, close)
  }

  const pump = () => {
    if (closed || inFlight || resting !== undefined) return
    const waitMs = mustReset || backlog.size > 0 ? restMs() : 0
    if (waitMs > 0) {
      resting = setTimeout(() => {
        resting = undefined
        pump()
      }, waitMs).unref()
      return
    }
    const chunk = nextChunk()
    if (chunk !== undefined) write(chunk)
  }

  return {
    offer(position, messages) {
      if (closed || mustReset) return
      for (const message of messages) {
        if (!wanted(message)) continue
        // The place of an entity in the order is that of its latest message: what it refers to was told before.
        backlog.delete(message.key)
        backlog.set(message.key, message)
      }
      reached = position
      if (backlog.size > maxBacklog) {
        backlog.clear()
        mustReset = true
      }
      pump()
    },
    reset() {
      backlog.clear()
      mustReset = true
      pump()
    },
    beat() {
      if (closed) return 0
      if (inFlight) missedBeats += 1
      else write(beatText(reached))
      return missedBeats
    },
    close,
  }
}
