import type { Event } from '../schemas/event.ts'
import { newEvent } from '../src/domain/new-event.ts'

/** What a server's own shell would append to a log at that moment. */
export function machineEvent(
  type: 'RulesetActivated' | 'ClockTicked',
  recordedAt: string,
  data: object,
): Event {
  const stamp = {
    subject: type,
    notification: recordedAt,
    occurredAt: recordedAt,
    recordedAt,
    meta: { source: 'bench', actor: 'bench' },
  }
  return newEvent(type, data as never, stamp) as Event
}
