import { z } from 'zod'
import { sourceName } from './envelope.ts'
import { instantInput } from './instant.ts'
import { identifier } from './text.ts'

/** What every typed post may say about itself, beside its own fields. */
export const stampFields = {
  source: sourceName
    .optional()
    .describe('The system that it comes from; left out: "api". Ids are unique within their source.'),
  occurredAt: instantInput.optional().describe('When it was true in the world; left out: now.'),
  notificationId: identifier
    .optional()
    .describe("The sender's own id for this message: sent again, it is the same event."),
}

export const commandStamp = z.strictObject(stampFields)
export type CommandStamp = z.infer<typeof commandStamp>
