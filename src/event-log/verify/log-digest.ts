import { createHash } from 'node:crypto'
import type { Position, RecordedEvent } from '../event-log.ts'

/** One figure for all that a log says, in its order: noted elsewhere, it shows later that nothing of it was changed since. */
export interface LogDigest {
  take(event: RecordedEvent): void
  /** SHA-256, in hex. */
  end(): string
}

/** Of the events up to and with a position; left out, of all. Where they lie, in the log or in archived files, makes no difference. */
export function logDigest(upTo: Position | undefined): LogDigest {
  const hash = createHash('sha256')
  return {
    take(event) {
      if (upTo !== undefined && event.position > upTo) return
      const { id, type, schemaVersion, stream, revision, occurredAt, recordedAt, data, meta } = event
      const said = [stream, revision, id, type, schemaVersion, occurredAt, recordedAt, data, meta]
      hash.update(`${JSON.stringify(said)}\n`)
    },
    end: () => hash.digest('hex'),
  }
}
