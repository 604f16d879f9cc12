import type { Position } from '../event-log/event-log.ts'
import type { WrittenMessage } from './live-text.ts'

export interface TimedMessages {
  readonly position: Position
  readonly messages: readonly WrittenMessage[]
}

export interface LiveHistory {
  /** From here on messages are kept. */
  begin(position: Position): void
  add(position: Position, messages: readonly WrittenMessage[]): void
  /** All that was added behind a position, or `undefined` where that is not known any longer, or never was. */
  since(position: Position): TimedMessages | undefined
  /** The last position taken. */
  head(): Position | undefined
}

/** The newest messages, so that a client that was away for a moment can be told what it missed. */
export function liveHistory(maxMessages: number): LiveHistory {
  let kept: TimedMessages[] = []
  let held = 0
  /** All that lies behind this is held. */
  let floor: Position | undefined
  let head: Position | undefined
  return {
    begin(position) {
      kept = []
      held = 0
      floor = position
      head = position
    },
    add(position, messages) {
      head = position
      kept.push({ position, messages })
      held += messages.length
      let dropped = 0
      while (held > maxMessages || kept.length - dropped > maxMessages) {
        const oldest = kept[dropped]
        if (oldest === undefined) break
        held -= oldest.messages.length
        floor = oldest.position
        dropped += 1
      }
      if (dropped > 0) kept = kept.slice(dropped)
    },
    since(position) {
      if (floor === undefined || head === undefined || position < floor || position > head) return undefined
      const missed = kept.filter((batch) => batch.position > position)
      return { position: head, messages: missed.flatMap(({ messages }) => messages) }
    },
    head: () => head,
  }
}
