import type { Event } from '../../schemas/event.ts'
import { streamOf } from '../../schemas/stream.ts'
import { readable } from '../../schemas/read-stored.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { checkBackfill, inRecordedOrder, maxBackfillEvents } from './backfill.ts'
import type { FactKind } from './fact-layouts.ts'
import { fileInstant } from './file-bytes.ts'
import { ImportError } from './import-error.ts'
import { sourceOf, type ImportOptions } from './import-options.ts'
import type { ImportReport } from './import-report.ts'
import type { ImportTarget, SourcedDraft } from './import-target.ts'
import {
  createInventoryDifferences,
  maxInventoryFacts,
  type InventoryEvent,
} from './inventory-differences.ts'
import type { LogTarget } from './log-target.ts'
import { readFacts } from './read-facts.ts'
import { readInventory, type InventoryFiles } from './read-inventory.ts'

export interface FactFile {
  readonly kind: FactKind
  readonly path: string
}

export interface ImportFiles {
  readonly inventory: InventoryFiles
  readonly facts: readonly FactFile[]
}

export type Destination =
  | {
      readonly kind: 'folder'
      readonly log: EventLog
      readonly target: LogTarget
    }
  | { readonly kind: 'server'; readonly target: ImportTarget }

/** Events handed to the target at once. */
const batchEvents = 1_000

/**
 * Reads the files and stores what they say. Refused rows go to the report and cost nothing else. Throws `ImportError`
 * where the import as a whole cannot go on; what was stored until then stays, and the same import again completes it.
 */
export async function runImport(
  files: ImportFiles,
  options: ImportOptions,
  destination: Destination,
  report: ImportReport,
): Promise<void> {
  if (!options.backfill) {
    for await (const batch of inventoryDrafts(files, options, destination, report, undefined)) {
      await store(batch, destination.target, report)
    }
    for (const { kind, path } of files.facts) {
      for await (const batch of readFacts(kind, path, options, report)) {
        await store(batch, destination.target, report)
      }
    }
    return
  }
  if (destination.kind === 'server') {
    throw new ImportError('--backfill needs --data: the clock of a running server stands at today', 'usage')
  }
  await storeHistory(await collect(files, options, destination, report), destination, report)
}

async function collect(
  files: ImportFiles,
  options: ImportOptions,
  destination: Destination,
  report: ImportReport,
): Promise<SourcedDraft[]> {
  const facts: SourcedDraft[] = []
  for (const { kind, path } of files.facts) {
    for await (const batch of readFacts(kind, path, options, report)) {
      facts.push(...batch)
      if (facts.length > maxBackfillEvents) {
        throw new ImportError(
          `the history has more than ${maxBackfillEvents} events (maxBackfillEvents): load its older part first, then the newer`,
        )
      }
      report.progress()
    }
  }
  // The network stood before anything happened in it.
  const inventory: SourcedDraft[] = []
  const earliest = facts.reduce<string | undefined>(
    (first, { draft }) => (first === undefined || draft.recordedAt < first ? draft.recordedAt : first),
    undefined,
  )
  for await (const batch of inventoryDrafts(files, options, destination, report, earliest)) {
    for (const item of batch) inventory.push(item)
  }
  return [...inventory, ...facts]
}

async function storeHistory(
  collected: readonly SourcedDraft[],
  { log, target }: Destination & { kind: 'folder' },
  report: ImportReport,
): Promise<void> {
  const history = inRecordedOrder(collected)
  await checkBackfill(log, history, target.idOf)
  for (let at = 0; at < history.length; at += batchEvents) {
    await store(history.slice(at, at + batchEvents), target, report)
  }
}

/** The events of an inventory: its differences from what the log has of the same source. */
async function* inventoryDrafts(
  { inventory }: ImportFiles,
  options: ImportOptions,
  destination: Destination,
  report: ImportReport,
  historyStart: string | undefined,
): AsyncGenerator<readonly SourcedDraft[]> {
  const [first] = inventory.elements.length > 0 ? inventory.elements : inventory.links
  if (first === undefined) return
  const source = sourceOf(first, options)
  const occurredAt =
    options.asOf ?? (options.backfill ? historyStart : await fileInstant(first, options.nowMs))
  if (occurredAt === undefined) {
    throw new ImportError(
      '--backfill of an inventory alone needs --as-of: since when the network was so',
      'usage',
    )
  }
  if (options.retireMissing && destination.kind === 'server') {
    throw new ImportError('--retire-missing needs --data: only the log tells what is missing', 'usage')
  }
  const differences = createInventoryDifferences()
  if (destination.kind === 'folder') await foldInventory(destination.log, source, differences.fold)
  let facts = 0
  for await (const batch of readInventory(inventory, options, report)) {
    facts += batch.length
    if (facts > maxInventoryFacts) {
      throw new ImportError(
        `the inventory has more than ${maxInventoryFacts} elements and links (maxInventoryFacts)`,
      )
    }
    const items: SourcedDraft[] = []
    for (const { fact, file, line } of batch) {
      const result = differences.differences(fact, { occurredAt })
      if ('refused' in result) report.refuse({ file, line, reason: result.refused })
      else if (result.drafts.length === 0) report.counts.known += 1
      else for (const draft of result.drafts) items.push({ draft, source, file, line })
    }
    yield items
  }
  if (!options.retireMissing) return
  const missing = differences.missing({ occurredAt })
  if ('drafts' in missing) yield missing.drafts.map((draft) => ({ draft, source, file: first, line: 0 }))
}

async function foldInventory(
  log: EventLog,
  source: string,
  fold: (event: InventoryEvent) => void,
): Promise<void> {
  const stream = streamOf({ type: 'ElementRetired', meta: { source } } as Event)
  for await (const events of log.readStream(stream)) {
    for (const event of readable(events)) fold(event as InventoryEvent)
  }
}

async function store(
  items: readonly SourcedDraft[],
  target: ImportTarget,
  report: ImportReport,
): Promise<void> {
  for (let at = 0; at < items.length; at += batchEvents) {
    const { stored, known, refused, unlisted } = await target.write(items.slice(at, at + batchEvents))
    report.counts.stored += stored
    report.counts.known += known
    report.counts.refused += unlisted
    if (unlisted > 0) report.note(`${unlisted} more were refused: the server lists them under /v1/refused`)
    for (const { item, reason } of refused) report.refuse({ file: item.file, line: item.line, reason })
    report.progress()
  }
  report.progress()
}
