import type { Event } from '../../schemas/event.ts'
import { decisionTypes, machineTypes } from '../../schemas/event.ts'
import type { EventLog, RecordedEvent } from '../event-log/event-log.ts'
import { ImportError } from './import-error.ts'
import type { SourcedDraft } from './import-target.ts'

/** The most events of one backfill: they are sorted in memory, where each takes about 1.4 kB. */
export const maxBackfillEvents = 1_000_000

/** History in the order in which it was recorded; what was recorded at once keeps the order of the files. */
export function inRecordedOrder(drafts: readonly SourcedDraft[]): readonly SourcedDraft[] {
  return drafts.toSorted((a, b) =>
    a.draft.recordedAt < b.draft.recordedAt ? -1 : a.draft.recordedAt > b.draft.recordedAt ? 1 : 0,
  )
}

/**
 * Lets history into a log only where it makes sense there. The engine's time is the latest `recordedAt` so far: behind
 * an event of today everything old would be too late to weigh. Throws `ImportError` where the log has gone live (it
 * holds an event that is neither backfilled nor inventory nor the machine's own), and where its clock stands behind the
 * first row that it does not know yet.
 */
export async function checkBackfill(
  log: EventLog,
  drafts: readonly SourcedDraft[],
  idOf: (item: SourcedDraft) => string,
): Promise<void> {
  const unknown = new Map(drafts.map((item) => [idOf(item), item]))
  let clock = ''
  for await (const events of log.readAll()) {
    for (const event of events) {
      if (isLive(event)) throw goneLive(event)
      unknown.delete(event.id)
      if (event.recordedAt > clock) clock = event.recordedAt
    }
  }
  const late = [...unknown.values()].filter(({ draft }) => draft.recordedAt < clock)
  const [first] = late
  if (first !== undefined) throw tooLate(clock, first, late.length)
}

const quietTypes: ReadonlySet<string> = new Set<Event['type']>([
  ...machineTypes,
  'ElementRegistered',
  'ElementChanged',
  'ElementRetired',
  'ElementLinked',
  'ElementUnlinked',
])
const decisions: ReadonlySet<string> = new Set<Event['type']>(decisionTypes)

function isLive({ type, meta }: RecordedEvent): boolean {
  // Decisions follow from inputs; the clock tells whether they were made live.
  return meta.backfilled !== true && !quietTypes.has(type) && !decisions.has(type)
}

function goneLive({ type, recordedAt }: RecordedEvent): ImportError {
  return new ImportError(
    `this log has gone live: it holds a ${type} recorded at ${recordedAt} that is no history. Load the history into ` +
      'a new data folder and start the server there, or leave --backfill out: the rows are then recorded as arriving now',
  )
}

function tooLate(clock: string, { file, line, draft }: SourcedDraft, count: number): ImportError {
  return new ImportError(
    `the log's clock stands at ${clock}, and ${count} of these events were recorded before that, the first at ` +
      `${draft.recordedAt} (${file}, line ${line}): the engine would take them as too late. Load all files of one ` +
      'history with a single "causeway import history", into a new data folder',
  )
}
