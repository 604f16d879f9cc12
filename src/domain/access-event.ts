import type { AccessType, DataOf, Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import { newEvent } from './new-event.ts'

/** What the audit log's own events name as their source. */
const auditSource = 'audit'

interface Access<T extends AccessType> {
  readonly type: T
  readonly data: DataOf<T>
  readonly actor: string
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** When it was done, where it is recorded later. */
  readonly doneMs?: number | undefined
  /** Another one each time: whoever looks twice has looked twice. */
  readonly id: string
}

/** Who came in, what they saw or took along, as an event. */
export function accessEvent<T extends AccessType>({
  type,
  data,
  actor,
  nowMs,
  doneMs = nowMs,
  id,
}: Access<T>): Event {
  const at = toInstant(nowMs)
  const meta = { source: auditSource, actor }
  return newEvent(type, data, {
    meta,
    occurredAt: toInstant(doneMs),
    recordedAt: at,
    notification: id,
    subject: '',
  }) as Event
}
