import { z } from 'zod'
import { instant } from './instant.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** The name of a sending system. */
export const sourceName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^/\p{C}]+$/u, 'must hold neither "/" nor control characters')

/** Who sent an event, who acted, and what it follows from. Free of personal data. */
export const eventMetadata = z.object({
  /** The system or file that sent it: "nms-south", "crm", "import:alarms.csv", "engine". Free of "/", which parts it from ids. */
  source: sourceName,
  /** The named holder of the API key, else "unverified"; the engine is "engine". */
  actor: z.string().min(1).max(100),
  correlationId: z.string().max(100).optional(),
  /** The event that this one follows from; for a decision, the input that it answers. */
  causationId: z.string().max(100).optional(),
  /** Loaded from history: opens no dispatch, callback or alert. */
  backfilled: z.literal(true).optional(),
  /** Decisions and a correlator's reports: the last input, in log order, that is decided with this batch. */
  covers: z.string().max(100).optional(),
  /** Decisions only: the last of its batch, with which everything up to `covers` is decided. */
  closes: z.literal(true).optional(),
  /** Decisions only: what made the engine decide: "input", or the deadline that fired ("settle:…"). */
  trigger: z.string().max(200).optional(),
})
export type EventMetadata = z.infer<typeof eventMetadata>

/** The envelope around every event's `data`. Times are UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`. */
export const envelope = z.object({
  /** UUIDv5 of (source, type, the sender's own id); see `eventId`. */
  id: z.uuid(),
  type: z.string().min(1),
  schemaVersion: z.int().min(1),
  /** When it was true in the world. */
  occurredAt: instant,
  /** When the log took it; from the file where history is loaded with `--backfill`. */
  recordedAt: instant,
  data: z.record(z.string(), z.unknown()),
  meta: eventMetadata,
})
export type Envelope = z.infer<typeof envelope>
