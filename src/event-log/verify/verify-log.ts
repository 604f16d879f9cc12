import type { LogReader, Position, RecordedEvent } from '../event-log.ts'
import type { LogTables } from '../lmdb-tables.ts'
import { toOrdinal } from '../position.ts'
import { decisionCheck, isDecision, isReport, type DecisionCheck } from './check-decisions.ts'
import { checkSchema, orderCheck } from './check-events.ts'
import { checkIndexes, checkStreams } from './check-indexes.ts'
import type { Finding, Scan } from './finding.ts'
import { logDigest } from './log-digest.ts'
import { scanLog } from './scan-log.ts'
import { scanTables } from './scan-tables.ts'

export interface VerifyReport {
  readonly events: number
  readonly streams: number
  /** The last position read. */
  readonly head?: string
  /** Archived events whose files are elsewhere: nothing of them was checked, nor whether decisions follow from them. */
  readonly away: number
  /** See `logDigest`. Absent where not everything could be read, or was asked for up to a position that the log does not reach. */
  readonly digest?: string
  readonly findingCount: number
  /** The first of them, at most `maxListed`. */
  readonly findings: readonly Finding[]
}

export interface VerifyOptions {
  /** Without it, records, order and indexes are checked, and not what the events say. */
  readonly contents?: boolean
  readonly maxListed?: number
  /** Up to where the digest goes; left out, to the end. */
  readonly digestUpTo?: Position | undefined
  /** Called often; what it throws ends the work. */
  readonly onProgress?: (events: number) => void
}

/** A log that can be verified; one on disk with the tables that hold it. */
export type Verifiable = LogReader & { readonly tables?: LogTables }

const defaultMaxListed = 100

/**
 * Reads a whole log and checks everything that its readers rely on: checksums, positions, revisions, indexes, the schema of
 * every event, and that decisions follow from inputs. Nothing is changed. Memory grows with streams, not with events.
 */
export async function verifyLog(
  log: Verifiable,
  { contents = true, maxListed = defaultMaxListed, digestUpTo, onProgress = () => {} }: VerifyOptions = {},
): Promise<VerifyReport> {
  const { tables } = log
  const scan: Scan = tables === undefined ? scanLog(log) : scanTables(tables)
  const order = orderCheck()
  const digest = logDigest(digestUpTo)
  const decisions = new Map<string, DecisionCheck>()
  const listed: Finding[] = []
  let findingCount = 0
  let events = 0
  let damaged = 0
  let away = 0
  let last: RecordedEvent | undefined
  const add = (...findings: readonly (Finding | undefined)[]) => {
    for (const finding of findings) {
      if (finding === undefined) continue
      findingCount += 1
      if (finding.kind === 'damaged') damaged += 1
      if (listed.length < maxListed) listed.push(finding)
    }
  }
  /** How many events before this one could not be read. On disk positions count all events. */
  const lostBefore = ({ position }: RecordedEvent) =>
    tables === undefined ? damaged : toOrdinal(position) - 1 - events
  const checkDecision = async (event: RecordedEvent) => {
    // Each failure costs a walk along the inputs: beyond the list nobody would read of it.
    if (findingCount >= maxListed || away > 0) return
    const check = decisions.get(event.stream) ?? decisionCheck(scan)
    decisions.set(event.stream, check)
    add(await check.check(event))
  }

  for await (const scanned of scan()) {
    add(...scanned.findings)
    away += scanned.away ?? 0
    for (const event of scanned.events) {
      add(order.check(event, lostBefore(event)))
      events += 1
      last = event
      digest.take(event)
      if (!contents) continue
      add(checkSchema(event))
      if (isDecision(event) || isReport(event)) await checkDecision(event)
    }
    if (tables !== undefined) add(...checkIndexes(tables, scanned.events))
    onProgress(events)
  }
  const head = tables === undefined || last === undefined ? 0 : toOrdinal(last.position)
  // At once, for a log that is being written to has moved on at the next turn.
  if (tables !== undefined && head === events && damaged === 0) {
    add(...checkStreams(tables, order.lastRevisions, head))
  }
  for (const check of decisions.values()) add(await check.end())
  return {
    events,
    away,
    streams: order.lastRevisions.size,
    ...(last === undefined ? {} : { head: last.position }),
    ...(away > 0 || findingCount > 0 || isBeyond(digestUpTo, last) ? {} : { digest: digest.end() }),
    findingCount,
    findings: listed.toSorted((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0)),
  }
}

function isBeyond(upTo: Position | undefined, last: RecordedEvent | undefined): boolean {
  return upTo !== undefined && (last === undefined || last.position < upTo)
}
