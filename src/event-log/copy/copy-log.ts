import type { EventLog, LogReader, Position, RecordedEvent } from '../event-log.ts'
import { LogUnavailableError } from '../event-log.ts'
import { differencesOf, digestLog, type LogDigest } from './digest-log.ts'

export interface CopyOptions {
  /**
   * How many appends are under way at once. More than one only into a log that carries out the calls of one writer in the
   * order in which they were made, as the embedded one does; else nothing but waiting for each keeps the order.
   */
  readonly maxInFlight?: number
  /** `copied`: events that the target holds by now. What it throws ends the work. */
  readonly onProgress?: (what: 'copied' | 'compared', events: number) => void
}

export interface CopyReport {
  /** Events that the target held when the work began. */
  readonly heldBefore: number
  readonly copied: number
  readonly digest: LogDigest
  /** Sentences; none where both logs hold the same. */
  readonly differences: readonly string[]
}

/** An append holds at most this much, which every log takes: a distributed one refuses a call of 1 MiB. */
const maxEventsPerAppend = 500
const maxBytesPerAppend = 500_000

/**
 * Copies a log as far as it went when the work began: ids, both times, metadata and revisions stay, and events lie in the
 * order of the source, so that nothing comes before what it names. What the target holds must be the beginning of the
 * source: work that was broken off, at whatever moment, goes on behind it. At the end both logs are read and compared.
 * Throws `LogUnavailableError` where the target holds something else, `DamagedRecordError` where the source is damaged.
 */
export async function copyLog(
  from: LogReader,
  to: EventLog,
  { maxInFlight = 1, onProgress = () => {} }: CopyOptions = {},
): Promise<CopyReport> {
  const upTo = await from.head()
  const start = await standOf(from, to)
  let copied = 0
  if (upTo !== undefined && (start === undefined || start < upTo)) {
    let inFlight: Promise<void>[] = []
    for await (const run of runsOf(from, start, upTo)) {
      const appending = appendRun(to, run)
      // It is awaited with the others, and may fail before that.
      appending.catch(() => {})
      inFlight.push(appending)
      copied += run.length
      if (inFlight.length < maxInFlight) continue
      await Promise.all(inFlight)
      inFlight = []
      onProgress('copied', copied)
    }
    await Promise.all(inFlight)
  }
  let compared = 0
  const total = (events: number) => onProgress('compared', compared + events)
  const digest = await digestLog(from, { upTo, onProgress: total })
  compared = digest.events
  const held = await digestLog(to, { onProgress: total })
  return {
    heldBefore: digest.events - copied,
    copied,
    digest,
    differences: differencesOf(digest, held),
  }
}

/** The position in the source of the last event that the target holds. */
async function standOf(from: LogReader, to: LogReader): Promise<Position | undefined> {
  const last = await firstOf(to.readAll({ direction: 'backwards', maxEvents: 1 }))
  if (last === undefined) return undefined
  const { stream, revision } = last
  const same = await firstOf(from.readStream(stream, { fromRevision: revision, maxEvents: 1 }))
  if (same?.id === last.id) return same.position
  throw new LogUnavailableError(
    `the target ends with event ${last.id} in ${stream}, which the source does not have there: copy into an empty log`,
  )
}

/** Neighbouring events of one stream, as many as one append may hold. */
async function* runsOf(
  from: LogReader,
  after: Position | undefined,
  upTo: Position,
): AsyncGenerator<readonly RecordedEvent[]> {
  let run: RecordedEvent[] = []
  let bytes = 0
  for await (const batch of from.readAll(after === undefined ? {} : { after })) {
    for (const event of batch) {
      if (event.position > upTo) break
      const size = Buffer.byteLength(JSON.stringify(event))
      const [first] = run
      const isFull = run.length >= maxEventsPerAppend || bytes + size > maxBytesPerAppend
      if (first !== undefined && (first.stream !== event.stream || isFull)) {
        yield run
        run = []
        bytes = 0
      }
      run.push(event)
      bytes += size
    }
  }
  if (run.length > 0) yield run
}

async function appendRun(to: EventLog, run: readonly RecordedEvent[]): Promise<void> {
  const [first] = run
  if (first === undefined) return
  const { stream, revision } = first
  const events = run.map(({ id, type, schemaVersion, occurredAt, recordedAt, data, meta }) => ({
    id,
    type,
    schemaVersion,
    occurredAt,
    recordedAt,
    data,
    meta,
  }))
  const result = await to.append(stream, events, revision === 0 ? 'no_stream' : revision - 1)
  if (result.kind === 'appended' && result.differing.length === 0) return
  throw new LogUnavailableError(
    `the target's stream ${stream} holds other events at revision ${revision}: somebody writes to it, or it is no copy. Copy into an empty log`,
  )
}

async function firstOf(batches: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent | undefined> {
  for await (const [first] of batches) return first
  return undefined
}
