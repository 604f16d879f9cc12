import { LogUnavailableError } from '../event-log/event-log.ts'
import type { Writer } from '../pipeline/writer.ts'

/** For so long after a failed append the log counts as not writable, unless one succeeds before. */
const troubleMs = 30_000

/** A writer that tells how its last append went: only an append shows whether the log takes events. */
interface WatchedWriter extends Writer {
  /** Why nothing could be stored a moment ago. */
  trouble(): string | undefined
}

export function watchWriter(writer: Writer, clock: () => number): WatchedWriter {
  let last: { readonly atMs: number; readonly reason: string } | undefined
  return {
    ...writer,
    async write(events) {
      try {
        const outcomes = await writer.write(events)
        last = undefined
        return outcomes
      } catch (error) {
        if (error instanceof LogUnavailableError) last = { atMs: clock(), reason: error.message }
        throw error
      }
    },
    // However long ago, or ahead where the clock was set back meanwhile.
    trouble: () =>
      last !== undefined && Math.abs(clock() - last.atMs) < troubleMs ? last.reason : undefined,
  }
}
