import { instant, toInstant, toMs } from '../../schemas/instant.ts'
import { ownTypes, type Event } from '../../schemas/event.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { judgeLine, type LineContext } from '../intake/judge-line.ts'
import { sealNewPersonal } from '../intake/seal-personal.ts'
import { splitLines, type Line } from '../intake/split-lines.ts'
import type { Writer } from '../pipeline/writer.ts'
import type { PlaceIndex } from '../places/place-index.ts'
import type { Vault } from '../vault/vault.ts'
import { checkBackfill, inRecordedOrder, maxBackfillEvents } from './backfill.ts'
import { fileBytes } from './file-bytes.ts'
import { ImportError } from './import-error.ts'
import type { ImportReport } from './import-report.ts'
import type { SourcedDraft } from './import-target.ts'

export interface EventsTarget {
  readonly log: EventLog
  readonly writer: Pick<Writer, 'write'>
  readonly vault: Vault
  readonly places: PlaceIndex
  readonly zoneOf?: LineContext['zoneOf']
  readonly clockMs: () => number
  readonly actor: string
  /** `recordedAt` comes from the line, and events are marked. */
  readonly backfill: boolean
  readonly limits: Pick<LineContext, 'maxDepth' | 'maxFutureMs'> & { readonly maxLineBytes: number }
}

/** A line that was taken: its event, what is to be sealed beside it, and where it stands. */
interface Taken extends SourcedDraft {
  readonly event: Event
  readonly personal: Readonly<Record<string, string>>
}

/** Events written at once. */
const batchEvents = 1_000
const notForSenders: ReadonlySet<unknown> = new Set(ownTypes)

/**
 * Stores events from NDJSON files, such as an export or a simulated day, judged as `POST /v1/events` judges them. Decisions
 * among them are left out, since the engine makes its own. Throws `ImportError` where the import as a whole cannot go on.
 */
export async function importEvents(
  files: readonly string[],
  target: EventsTarget,
  report: ImportReport,
): Promise<void> {
  const history: Taken[] = []
  let decisions = 0
  for (const file of files) {
    for await (const lines of splitLines(buffersOf(file), target.limits.maxLineBytes)) {
      const taken: Taken[] = []
      for (const line of lines) {
        report.counts.rows += 1
        const judged = judge(line, file, target)
        if (judged === 'decision') decisions += 1
        else if ('reason' in judged) report.refuse({ file, line: line.number, reason: judged.reason })
        else taken.push(judged)
      }
      if (target.backfill) for (const one of taken) history.push(one)
      else await store(taken, target, report)
      if (history.length > maxBackfillEvents) {
        throw new ImportError(
          `the history has more than ${maxBackfillEvents} events (maxBackfillEvents): load its older part first, then the newer`,
        )
      }
      report.progress()
    }
  }
  if (decisions > 0)
    report.note(`${decisions} events of the engine and the server left out: it makes its own`)
  if (!target.backfill) return
  const ordered = inRecordedOrder(history) as readonly Taken[]
  const ids = new Map<SourcedDraft, string>(ordered.map((one) => [one, one.event.id]))
  await checkBackfill(target.log, ordered, (item) => ids.get(item) ?? '')
  await store(ordered, target, report)
}

async function* buffersOf(file: string): AsyncGenerator<Buffer> {
  for await (const bytes of fileBytes(file)) yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function judge(line: Line, file: string, target: EventsTarget): Taken | { reason: string } | 'decision' {
  const { clockMs, limits, actor, places, zoneOf, vault, backfill } = target
  if (line.kind === 'too-long')
    return { reason: `is longer than ${limits.maxLineBytes} bytes (maxLineBytes)` }
  const { type, recordedAt } = glance(line.bytes)
  if (notForSenders.has(type)) return 'decision'
  const nowMs = clockMs()
  const context = {
    ...limits,
    nowMs,
    recordedAt: toInstant(nowMs),
    actor,
    places,
    zoneOf,
    customerRef: (raw: string) => vault.customerRef(raw),
  }
  const judged = judgeLine(line.bytes, context)
  if (judged.kind === 'refused') return { reason: judged.reason }
  const { event, personal } = judged
  const stated = instant.safeParse(recordedAt).data ?? event.occurredAt
  if (backfill && toMs(stated) > nowMs) return { reason: `recordedAt lies in the future: ${stated}` }
  const kept = backfill
    ? ({
        ...event,
        // What is said to have been recorded before it happened was recorded when it happened, at the earliest.
        recordedAt: stated < event.occurredAt ? event.occurredAt : stated,
        meta: { ...event.meta, backfilled: true },
      } as Event)
    : event
  const { occurredAt, data } = kept
  const draft = { type: kept.type, occurredAt, recordedAt: kept.recordedAt, data, notification: '' }
  return { event: kept, personal, draft, source: kept.meta.source, file, line: line.number }
}

/** What a line says of itself before it is judged. */
function glance(bytes: Buffer): { readonly type?: unknown; readonly recordedAt?: unknown } {
  try {
    const sent: unknown = JSON.parse(bytes.toString())
    return typeof sent === 'object' && sent !== null ? sent : {}
  } catch {
    return {}
  }
}

async function store(
  taken: readonly Taken[],
  { writer, vault }: EventsTarget,
  report: ImportReport,
): Promise<void> {
  for (let at = 0; at < taken.length; at += batchEvents) {
    const batch = taken.slice(at, at + batchEvents)
    for (const { event, personal } of batch) {
      if (event.type !== 'ComplaintReceived') continue
      await sealNewPersonal(vault, event.data.complaintId, event.data.customerRef, personal)
    }
    const outcomes = await writer.write(batch.map(({ event }) => event))
    batch.forEach(({ file, line }, index) => {
      const outcome = outcomes[index]?.outcome
      if (outcome === 'stored') report.counts.stored += 1
      else if (outcome === 'duplicate') report.counts.known += 1
      else report.refuse({ file, line, reason: 'is known already with other content; what is stored stays' })
    })
    report.progress()
  }
}
