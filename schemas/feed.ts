import { z } from 'zod'
import { sourceName } from './envelope.ts'
import { instantInput } from './instant.ts'
import { prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** Why nothing that a source tells can be relied on. */
export const silenceReason = z.enum(['never-heard', 'silent', 'lagging'])

/** A source that must be heard is not heard any more, or only of what is long past. */
export const feedFellSilent = z.strictObject({
  source: sourceName,
  /** Up to when it was heard in time; of one never heard, since when it was listened for. */
  since: instantInput,
  reason: silenceReason,
})

/** The silence that began at `since` is over. */
export const feedReturned = z.strictObject({
  source: sourceName,
  since: instantInput,
  silentMs: z.int().min(0),
})

/** A heartbeat, told to the other processes that share the log. */
export const feedHeard = z.strictObject({ source: sourceName })

/** Somebody has seen that the source is silent. */
export const feedAcknowledged = z.strictObject({ source: sourceName, note: prose.optional() })
