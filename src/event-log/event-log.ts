import type { Envelope } from '../../schemas/envelope.ts'

/**
 * A place in the whole log. Opaque outside the implementation that made it, and never stored in events; but all
 * positions of one log have the same length and compare with `<` in log order, so they can key rows.
 */
export type Position = string

/** An event as the log holds it: where it lies in its stream (`revision`, from 0) and in the whole log. */
export interface RecordedEvent extends Envelope {
  readonly stream: string
  readonly revision: number
  readonly position: Position
}

/** The revision of the stream's last event as the writer knows it, or `no_stream` where it expects none. */
export type ExpectedRevision = 'no_stream' | number

export type AppendResult =
  | {
      readonly kind: 'appended'
      /** The stream's last revision after this append; -1 where nothing was ever stored. */
      readonly revision: number
      /** The greatest position among this call's events, stored now or known before; of an empty call, one before all events. */
      readonly position: Position
      /** Ids stored by this call, in order. */
      readonly stored: readonly string[]
      /** Ids that the stream held already with the same content. */
      readonly duplicates: readonly string[]
      /** Ids that the stream held already with *other* content; what is stored stays. */
      readonly differing: readonly string[]
    }
  | { readonly kind: 'wrong-revision'; readonly actual: ExpectedRevision }

export interface ReadAllOptions {
  /** Exclusive in both directions. Left out: from the beginning (forwards) or from the end (backwards). */
  readonly after?: Position
  readonly direction?: 'forwards' | 'backwards'
  readonly maxEvents?: number
}

export interface ReadStreamOptions {
  /** Inclusive. Left out: the first revision (forwards) or the last (backwards). */
  readonly fromRevision?: number
  readonly direction?: 'forwards' | 'backwards'
  readonly maxEvents?: number
}

export interface SubscribeOptions {
  /** Exclusive; left out: from the beginning. */
  readonly after?: Position
  readonly signal: AbortSignal
  /** The most events in one batch. */
  readonly batchSize?: number
}

export interface Batch {
  readonly events: readonly RecordedEvent[]
  /** Nothing lay behind this batch when it was read. An empty batch that is caught up comes once where the log has nothing new. */
  readonly caughtUp: boolean
}

/**
 * The port. One append call writes to one stream, whole or not at all, and is durable when it resolves (L1). Known ids
 * are set aside *before* the revision is checked, so the same events sent again are acknowledged and change nothing,
 * alone or in company (L2). Content is `type`, `occurredAt` and `data`; `recordedAt` and `meta` do not count. Ids are
 * known per stream. Two ids alike within one call are an error of the caller, as is an id that is no UUID.
 *
 * Throws `AppendRefusedError` where a call breaks a named limit: nothing of it was stored.
 * Throws `LogUnavailableError` where the medium fails (disk full, server away): nothing of the call was stored, or the
 * same call made again tells. Throws `DamagedRecordError`, naming the position, where what was stored cannot be read.
 */
export interface EventLog {
  /** The most that one call may hold, as `jsonBytes` counts it, where the log has such a limit; larger calls are refused. */
  readonly maxAppendBytes?: number
  /** Appends lie in the log in the order of their calls, over all streams, though nobody waits for one before the next. */
  readonly keepsCallOrder?: true
  append(stream: string, events: readonly Envelope[], expected: ExpectedRevision): Promise<AppendResult>
  /** Batches in order; a stream that does not exist yields nothing. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly RecordedEvent[]>
  readAll(options?: ReadAllOptions): AsyncIterable<readonly RecordedEvent[]>
  /**
   * Catches up from a position, then follows. Pulling the next batch is the back-pressure: what the reader has not
   * asked for is not read. Ends when the signal aborts or the log closes.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<Batch>
  /** Has at hand what an append to a stream needs, where that takes time: for those who may have to append in a hurry. */
  prepare?(stream: string): Promise<void>
  /** The last revision of a stream, or `no_stream`. */
  revisionOf(stream: string): Promise<ExpectedRevision>
  /** The position of the last event in the log, if there is one. */
  head(): Promise<Position | undefined>
  close(): Promise<void>
  /**
   * Moves whole days (UTC, of `recordedAt`) before one, like 2026-01-31, into files beside the log, where the log can do that;
   * not the day of the last event.
   * Reads go on as before while the files are there; else what touches them throws `ArchivedError`.
   */
  archiveBefore?(day: string, options?: ArchiveOptions): Promise<ArchiveReport>
  /** The first event of a log of which days are archived: it tells one log from another though its file may be away. */
  firstArchived?(): FirstEvent | undefined
}

export type FirstEvent = Pick<RecordedEvent, 'id' | 'recordedAt'>

export interface ArchiveOptions {
  /** Ends it after the file in hand, which is left out. */
  readonly signal?: AbortSignal
  readonly onProgress?: (events: number) => void
}

export interface ArchiveReport {
  readonly events: number
  readonly files: number
}

/** A log for those who read what is there and go. */
export type LogReader = Pick<EventLog, 'readStream' | 'readAll' | 'revisionOf' | 'head' | 'close'>

/** Why a call was refused. `queue-full` passes when the queue has drained; the others never do. */
export type RefusalReason =
  | 'bad-id'
  | 'bad-stream-name'
  | 'repeated-id'
  | 'too-many-events'
  | 'event-too-large'
  | 'call-too-large'
  | 'queue-full'
  /** An id of the call is known, and its event archived out of reach. */
  | 'archived'

/** A call that the log does not take, whatever it holds. Says what to do. */
export class AppendRefusedError extends Error {
  override readonly name = 'AppendRefusedError'
  readonly reason: RefusalReason
  constructor(reason: RefusalReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** The medium failed. Says what to do. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError'
}

/** What is asked for was archived, and its file is not there. Says where to put it. */
export class ArchivedError extends Error {
  override readonly name = 'ArchivedError'
  readonly position: Position
  constructor(position: Position, message: string) {
    super(message)
    this.position = position
  }
}

/** A stored record cannot be trusted: its checksum or its JSON is broken. */
export class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError'
  readonly position: Position
  constructor(position: Position, reason: string) {
    super(`record at position ${position} is damaged: ${reason}`)
    this.position = position
  }
}
