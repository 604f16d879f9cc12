import { z } from 'zod'
import { sourceName } from './envelope.ts'
import { eventTypes, type EventType } from './event.ts'
import { instantInput } from './instant.ts'
import { identifier } from './text.ts'

/**
 * One line of bulk input. `data` is the event's own (see the event types); a `ComplaintReceived` may also carry a
 * complaint as an agent enters it, with `customer`, `text` and a place by name. Lines that were exported from a Causeway are
 * taken as they are and keep their ids.
 */
export const commandEventLine = z.strictObject({
  type: z.enum(eventTypes as [EventType, ...EventType[]]),
  source: sourceName.optional(),
  occurredAt: instantInput.optional(),
  notificationId: identifier.optional(),
  schemaVersion: z.int().min(1).optional(),
  data: z.record(z.string(), z.unknown()),
  // Members of an exported event.
  id: z.uuid().optional(),
  recordedAt: z.string().max(40).optional(),
  meta: z.looseObject({ source: sourceName.optional() }).optional(),
  stream: z.string().optional(),
  revision: z.number().optional(),
  position: z.string().optional(),
})
export type CommandEventLine = z.infer<typeof commandEventLine>
