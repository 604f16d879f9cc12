import type { RecordedEvent } from '../event-log.ts'
import { idKey, packOrdinal, type LogTables } from '../lmdb-tables.ts'
import { toOrdinal, toPosition } from '../position.ts'
import { findingAt, type Finding } from './finding.ts'

/** Whether the tables that lead to events lead to these: the one that finds ids, and the one that finds revisions. */
export function checkIndexes(tables: LogTables, events: readonly RecordedEvent[]): readonly Finding[] {
  const findings: Finding[] = []
  let last: { name: string; number: number | undefined } | undefined
  for (const event of events) {
    if (last?.name !== event.stream) {
      last = { name: event.stream, number: tables.streams.get(event.stream)?.number }
    }
    const { number } = last
    if (number === undefined) {
      findings.push(findingAt(event, 'index', 'the table of streams does not have its stream'))
      continue
    }
    const ordinal = toOrdinal(event.position)
    const packed = tables.ids.get(idKey(number, event.id))
    if (packed === undefined || !packed.equals(packOrdinal(ordinal))) {
      findings.push(
        findingAt(event, 'index', `its id ${event.id} leads elsewhere, or comes twice in the stream`),
      )
    }
    const isFirstOfBlock = tables.blocks.doesExist(ordinal)
    if (isFirstOfBlock && tables.revisions.get([number, event.revision]) !== ordinal) {
      findings.push(findingAt(event, 'index', 'its revision leads elsewhere'))
    }
  }
  return findings
}

/** Whether each stream ends where its last event lies. `lastRevisions` is what the events say. */
export function checkStreams(
  tables: LogTables,
  lastRevisions: ReadonlyMap<string, number>,
  head: number,
): readonly Finding[] {
  const findings: Finding[] = []
  for (const { key: stream, value } of tables.streams.getRange({})) {
    const last = lastRevisions.get(stream)
    if (last === value.last) continue
    findings.push({
      kind: 'index',
      position: toPosition(head),
      stream,
      revision: value.last,
      what: `the table of streams ends it at this revision, its events ${last === undefined ? 'are nowhere' : `at ${last}`}`,
    })
  }
  return findings
}
