import { liveKey, type LiveMessage } from '../../schemas/live.ts'
import type { Position } from '../event-log/event-log.ts'

/** A message as it goes over the line: written once, shared by all clients. */
export interface WrittenMessage {
  readonly topic: LiveMessage['type']
  readonly key: string
  /** One event of an event stream, without its id. */
  readonly text: string
}

export function writeMessage(message: LiveMessage): WrittenMessage {
  return {
    topic: message.type,
    key: liveKey(message),
    text: `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`,
  }
}

export const resetText = writeMessage({ type: 'reset' })

/**
 * Messages as one chunk. Only the last carries the position: a client cut off within the chunk resumes before it, and is
 * told again rather than not at all.
 */
export function chunkOf(position: Position, messages: readonly WrittenMessage[]): string {
  const texts = messages.map(({ text }) => text)
  const last = texts.pop() ?? ''
  return `${texts.join('')}id: ${position}\n${last}`
}

/**
 * Keeps a line open. It tells the position too: a client of few topics may long have had no message, and would else come
 * back with one that is no longer known.
 */
export function beatText(position: Position): string {
  return position === '' ? ': beat\n\n' : `: beat\nid: ${position}\n\n`
}
