import { accessEvent } from '../domain/access-event.ts'
import type { Services } from './services.ts'

/** How long after a command has changed users a server has recorded it. */
const everyMs = 5_000

/**
 * Puts into the audit log what commands did to users, beside this process or before it. What cannot be recorded now is tried
 * again. Gives what stops it and waits for what is under way.
 */
export function recordUserNotes({ access, writer, clock, randomId }: Services): () => Promise<void> {
  let current: Promise<void> | undefined
  const record = async (): Promise<void> => {
    try {
      await access.recordNotes(async ({ atMs, ...note }) => {
        const nowMs = clock()
        await writer.write([accessEvent({ ...note, nowMs, doneMs: Math.min(atMs, nowMs), id: randomId() })])
      })
    } catch {
      // It stays where it is.
    } finally {
      current = undefined
    }
  }
  const timer = setInterval(() => {
    current ??= record()
  }, everyMs)
  timer.unref()
  current = record()
  return async () => {
    clearInterval(timer)
    await current
  }
}
