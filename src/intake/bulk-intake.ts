import { setTimeout as pause } from 'node:timers/promises'
import { complaints } from '../../projections/complaint-row.ts'
import { key } from '../../projections/key.ts'
import { rowOf, type Rows } from '../../projections/rows.ts'
import type { AnswerBulk } from '../../schemas/answer-bulk.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Limits } from '../config/limits.ts'
import { AppendRefusedError } from '../event-log/event-log.ts'
import type { Correlator } from '../pipeline/correlator.ts'
import type { Writer, WriteOutcome } from '../pipeline/writer.ts'
import type { PlaceIndex } from '../places/place-index.ts'
import type { Vault } from '../vault/vault.ts'
import type { BulkGate } from './bulk-gate.ts'
import type { FeedMonitor } from './feed-monitor.ts'
import { judgeLine, type JudgedLine, type LineContext } from './judge-line.ts'
import { redactLine } from './redact.ts'
import type { RefusedStore } from './refused-store.ts'
import { sealNewPersonal } from './seal-personal.ts'
import { splitLines, type Line } from './split-lines.ts'

export interface BulkServices {
  readonly config: { readonly limits: Limits }
  readonly clock: () => number
  readonly rows: Rows
  readonly writer: Pick<Writer, 'write'>
  readonly correlator: Pick<Correlator, 'lag'>
  readonly places: PlaceIndex
  readonly vault: Vault
  readonly refused: RefusedStore
  readonly feeds: FeedMonitor
  /** Left out: `bulkMaxLagEvents` holds always. */
  readonly bulkGate?: BulkGate | undefined
  /** See `LineContext`. */
  readonly withOffsets?: LineContext['withOffsets']
  readonly zoneOf?: LineContext['zoneOf']
}

/** How often input that rests looks whether the engine has caught up. */
const restMs = 5
/** Refused lines named in the answer; all are kept, up to the store's own limit, and can be listed. */
const maxRefusedListed = 100

interface Sent {
  readonly line: Line
  readonly judged: JudgedLine
}

/**
 * Takes lines in as they come, in batches: while one is stored the next is read and judged, and nothing more is read
 * while the engine is too far behind (H3). Bad lines are refused by number and reason and kept; good ones are stored.
 * Throws what the log throws where it fails; what was counted until then is in `answer`.
 */
export async function takeInBulk(
  chunks: AsyncIterable<Buffer>,
  services: BulkServices,
  { actor, answer, signal }: { actor: string; answer: AnswerBulk; signal: AbortSignal },
): Promise<void> {
  const { bulkBatchLines, bulkMaxLagEvents, maxLineBytes } = services.config.limits
  const { bulkGate } = services
  const maxLagEvents = () => bulkGate?.maxLagEvents() ?? bulkMaxLagEvents
  // A batch larger than the engine may be behind would make a caller wait for all of it.
  const batchLines = () => Math.min(bulkBatchLines, maxLagEvents())
  let batches = 0
  let batch: Line[] = []
  let storing: Promise<void> = Promise.resolve()

  const take = async (): Promise<void> => {
    const lines = batch
    batch = []
    const context = contextOf(services, actor)
    const sent = lines.map((line) => ({ line, judged: judge(line, context) }))
    await storing
    while (services.correlator.lag().events > maxLagEvents()) await pause(restMs, undefined, { signal })
    batches += 1
    // A single batch is what a feed sends all day long; nobody has to wait for that.
    if (batches > 1) bulkGate?.stored()
    storing = store(services, sent, actor, answer)
    // It is awaited with the next batch; until then a failure must not count as unhandled.
    storing.catch(() => undefined)
  }

  for await (const lines of splitLines(chunks, maxLineBytes)) {
    for (const line of lines) {
      batch.push(line)
      if (batch.length >= batchLines()) await take()
    }
  }
  if (batch.length > 0) await take()
  await storing
}

export function emptyAnswer(): AnswerBulk {
  return { received: 0, stored: 0, duplicates: 0, differing: 0, refused: 0, refusedLines: [] }
}

export function contextOf(services: BulkServices, actor: string): LineContext {
  const nowMs = services.clock()
  const { maxFutureMs, maxDepth } = services.config.limits
  return {
    recordedAt: toInstant(nowMs),
    nowMs,
    maxFutureMs,
    maxDepth,
    actor,
    places: services.places,
    customerRef: (raw) => services.vault.customerRef(raw),
    withOffsets: services.withOffsets,
    zoneOf: services.zoneOf,
  }
}

function judge(line: Line, context: LineContext): JudgedLine {
  if (line.kind === 'line') return judgeLine(line.bytes, context)
  return {
    kind: 'refused',
    reason: `is longer than allowed: ${line.byteLength} bytes (maxLineBytes)`,
    errors: [],
  }
}

async function store(
  services: BulkServices,
  sent: readonly Sent[],
  actor: string,
  answer: AnswerBulk,
): Promise<void> {
  answer.received += sent.length
  const events: { event: Event; line: Line }[] = []
  const seals: Promise<void>[] = []
  for (const { line, judged } of sent) {
    if (judged.kind === 'refused') {
      refuse(services, { line, actor, answer }, judged)
      continue
    }
    const { event, personal } = judged
    if (beginsAgain(event, services.rows)) {
      differ(services, { line, actor, answer }, event)
      continue
    }
    events.push({ event, line })
    if (event.type === 'ComplaintReceived' && Object.keys(personal).length > 0) {
      seals.push(sealNewPersonal(services.vault, event.data.complaintId, event.data.customerRef, personal))
    }
  }
  await Promise.all(seals)
  const outcomes = await write(services, events, actor, answer)
  events.forEach(({ event, line }, at) => {
    const outcome = outcomes[at]
    if (outcome === undefined) return
    services.feeds.heard(event.meta.source, toMs(event.occurredAt))
    if (outcome.outcome === 'stored') answer.stored += 1
    else if (outcome.outcome === 'duplicate') answer.duplicates += 1
    else differ(services, { line, actor, answer }, event)
  })
}

/** Events that the log takes in no company are written alone, so that what it will never take is found and refused. */
async function write(
  services: BulkServices,
  events: readonly { event: Event; line: Line }[],
  actor: string,
  answer: AnswerBulk,
): Promise<readonly (WriteOutcome | undefined)[]> {
  try {
    return await services.writer.write(events.map(({ event }) => event))
  } catch (error) {
    if (!(error instanceof AppendRefusedError) || error.reason === 'queue-full') throw error
  }
  const outcomes: (WriteOutcome | undefined)[] = []
  for (const { event, line } of events) {
    try {
      outcomes.push(...(await services.writer.write([event])))
    } catch (error) {
      if (!(error instanceof AppendRefusedError) || error.reason === 'queue-full') throw error
      refuse(
        services,
        { line, actor, answer },
        { reason: error.message, errors: [], source: event.meta.source },
      )
      outcomes.push(undefined)
    }
  }
  return outcomes
}

/** One complaint has one beginning: under another source its id is taken. */
function beginsAgain(event: Event, rows: Rows): boolean {
  if (event.type !== 'ComplaintReceived') return false
  const known = rowOf(rows, complaints, key(event.data.complaintId))
  return known !== undefined && known.source !== event.meta.source
}

interface Place {
  readonly line: Line
  readonly actor: string
  readonly answer: AnswerBulk
}

type Refusal = Pick<JudgedLine & { kind: 'refused' }, 'reason' | 'errors' | 'source'>

function refuse(services: BulkServices, { line, actor, answer }: Place, refusal: Refusal): void {
  answer.refused += 1
  const { reason, errors } = refusal
  const refusedId = keep(services, { line, actor }, refusal, textOf(line))
  if (answer.refusedLines.length < maxRefusedListed) {
    answer.refusedLines.push({ line: line.number, reason, errors: [...errors], refusedId })
  }
}

function differ(services: BulkServices, { line, actor, answer }: Place, event: Event): void {
  answer.differing += 1
  const reason = `differs: ${event.type} ${event.id} is known with other content`
  const refusedId = keep(
    services,
    { line, actor },
    { reason, errors: [], source: event.meta.source },
    textOf(line),
  )
  if (answer.refusedLines.length < maxRefusedListed) {
    answer.refusedLines.push({ line: line.number, reason, errors: [], refusedId })
  }
}

function keep(
  services: BulkServices,
  { line, actor }: Pick<Place, 'line' | 'actor'>,
  { reason, errors, source }: Refusal,
  raw: string,
): string {
  const { text, masked } = redactLine(raw)
  const entry = services.refused.keep({
    refusedAt: toInstant(services.clock()),
    actor,
    ...(source === undefined ? {} : { source }),
    line: line.number,
    reason,
    ...(errors.length > 0 ? { errors } : {}),
    text,
    masked: masked || line.kind === 'too-long',
  })
  return entry.id
}

function textOf(line: Line): string {
  return line.kind === 'line' ? line.bytes.toString('utf8') : ''
}
