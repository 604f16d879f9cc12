import { defaultAppendLimits, type AppendLimits } from './append-limits.ts'

/** What is asked of an EventStoreDB server, and how long it is waited for. */
export interface EventStoreLimits extends AppendLimits {
  /** Of one call, as the server counts: data and metadata as JSON, and twice the type. The server takes less than 1 MiB. */
  readonly maxAppendBytes: number
  /** Calls on their way to the server at the same time; others wait for their turn before their time runs. */
  readonly maxAppendsInFlight: number
  /** An append or a read that hears nothing for this long is given up, and its client with it. */
  readonly callTimeoutMs: number
  /** How long a server that is away is tried again before the caller is told. Elections take about 5 s. */
  readonly retryForMs: number
  /** The pause before the first of these tries; it doubles up to the longest. */
  readonly firstRetryMs: number
  readonly maxRetryMs: number
  /** A subscription that hears nothing for this long asks whether it has missed something. */
  readonly silenceMs: number
  /** Appends of one call against others who write to the same stream. */
  readonly maxAttempts: number
  /** Streams whose ids are kept at hand; those of others are read again. */
  readonly maxKnownStreams: number
  /**
   * Ids kept at hand over all streams, at 17 to 34 bytes each; just beyond this number the tables of a single stream would
   * double, from 403 MB. One stream may have more: it is then the only one.
   */
  readonly maxKnownIds: number
}

export const defaultEventStoreLimits: EventStoreLimits = {
  ...defaultAppendLimits,
  maxAppendBytes: 1_000_000,
  maxAppendsInFlight: 64,
  callTimeoutMs: 10_000,
  retryForMs: 15_000,
  firstRetryMs: 50,
  maxRetryMs: 2_000,
  silenceMs: 30_000,
  maxAttempts: 10,
  maxKnownStreams: 20_000,
  maxKnownIds: 23_000_000,
}
