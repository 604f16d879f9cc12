import type { Envelope } from '../../schemas/envelope.ts'
import { encodeEvent } from './block.ts'
import { AppendRefusedError } from './event-log.ts'

/** What one append call may hold, and how much may wait for the disk. */
export interface AppendLimits {
  readonly maxEventsPerAppend: number
  /** Of one event as stored JSON, in which a character beyond ASCII takes six bytes. */
  readonly maxEventBytes: number
  readonly maxStreamNameLength: number
  /** Events that wait for their transaction; beyond it calls are refused, so that memory stays bounded. */
  readonly maxQueueBytes: number
}

export const defaultAppendLimits: AppendLimits = {
  maxEventsPerAppend: 10_000,
  maxEventBytes: 262_144,
  maxStreamNameLength: 300,
  maxQueueBytes: 67_108_864,
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An event as it will be stored, under the one spelling of its id. */
export interface EncodedEvent {
  readonly id: string
  readonly key: string
  readonly text: string
}

/** The events of a call as text, which no caller can alter later. Throws `AppendRefusedError` for what no log takes. */
export function encodeCall(
  stream: string,
  events: readonly Envelope[],
  limits: AppendLimits,
): readonly EncodedEvent[] {
  checkCall(stream, events, limits)
  return events.map((event) => {
    const text = encodeEvent(event)
    if (text.length > limits.maxEventBytes) {
      throw new AppendRefusedError(
        'event-too-large',
        `event ${event.id} takes ${text.length} bytes, more than ${limits.maxEventBytes} (maxEventBytes): shorten its data`,
      )
    }
    return { id: event.id, key: event.id.toLowerCase(), text }
  })
}

function checkCall(stream: string, events: readonly Envelope[], limits: AppendLimits): void {
  if (stream.length === 0 || stream.length > limits.maxStreamNameLength) {
    throw new AppendRefusedError(
      'bad-stream-name',
      `a stream's name has 1 to ${limits.maxStreamNameLength} characters (maxStreamNameLength), this has ${stream.length}`,
    )
  }
  if (events.length > limits.maxEventsPerAppend) {
    throw new AppendRefusedError(
      'too-many-events',
      `${events.length} events in one call are more than ${limits.maxEventsPerAppend} (maxEventsPerAppend): send them in several calls`,
    )
  }
  const seen = new Set<string>()
  for (const { id } of events) {
    if (!uuid.test(id)) throw new AppendRefusedError('bad-id', `"${id}" is no UUID: derive ids with eventId`)
    const key = id.toLowerCase()
    if (seen.has(key)) {
      throw new AppendRefusedError('repeated-id', `the id ${id} comes twice in one call: send an event once`)
    }
    seen.add(key)
  }
}
