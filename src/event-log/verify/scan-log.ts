import { DamagedRecordError, type LogReader, type Position } from '../event-log.ts'
import type { Scan, Scanned } from './finding.ts'

/** Scans any log through the port: a damaged record is found, and reading goes on behind it. */
export function scanLog(log: Pick<LogReader, 'readAll'>): Scan {
  return async function* scan(after?: Position): AsyncGenerator<Scanned> {
    let from = after
    for (;;) {
      try {
        for await (const events of log.readAll(from === undefined ? {} : { after: from })) {
          yield { events, findings: [] }
          from = events.at(-1)?.position ?? from
        }
        return
      } catch (error) {
        if (!(error instanceof DamagedRecordError)) throw error
        from = error.position
        yield {
          events: [],
          findings: [{ kind: 'damaged', position: from, what: error.message }],
        }
      }
    }
  }
}
