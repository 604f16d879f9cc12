import { setImmediate as nextTurn } from 'node:timers/promises'
import { LogUnavailableError, type Batch, type RecordedEvent } from './event-log.ts'

/** The most events of a batch, where its reader names no number. */
const defaultBatchSize = 500

/**
 * The next events behind one already read (`undefined`: from the start of the read), about `wanted` of them and more only
 * where they lie in one record; none at the end. Synchronous, so that no cursor stays open between two batches.
 */
export type Load = (last: RecordedEvent | undefined, wanted: number) => readonly RecordedEvent[]

/** What a reader needs to know about a log that may grow or close while it reads. */
export interface Growth {
  isClosed(): boolean
  /** Whether anything lies behind this event. */
  isLast(event: RecordedEvent): boolean
  /** Calls back once: at the next commit or when the log closes. Returns how to cancel. */
  onChange(callback: () => void): () => void
}

/**
 * A finite read. Gives the event loop a turn between batches: reading a long log must not starve everything else.
 * Throws `LogUnavailableError` where the log is closed before the end: what was read so far is not the whole.
 */
export async function* readInBatches(
  load: Load,
  growth: Pick<Growth, 'isClosed'>,
  maxEvents = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly RecordedEvent[]> {
  const cut = cutter(load)
  let left = maxEvents
  for (;;) {
    if (growth.isClosed()) throw closedError()
    const events = cut(Math.min(left, defaultBatchSize))
    if (events.length === 0) return
    yield events
    left -= events.length
    await nextTurn()
  }
}

/** Catches up, then follows, until the signal aborts or the log closes. Holds no more than one record beyond a batch. */
export async function* follow(
  load: Load,
  growth: Growth,
  signal: AbortSignal,
  batchSize = defaultBatchSize,
): AsyncGenerator<Batch> {
  const cut = cutter(load)
  let toldCaughtUp = false
  while (!signal.aborted && !growth.isClosed()) {
    const events = cut(batchSize)
    const last = events.at(-1)
    if (last !== undefined || !toldCaughtUp) {
      const caughtUp = last === undefined || growth.isLast(last)
      toldCaughtUp ||= caughtUp
      yield { events, caughtUp }
      await nextTurn()
    } else {
      // Nothing was awaited since the empty read, so no commit can slip in between the two.
      await nextChange(growth, signal)
    }
  }
}

/** Takes batches of at most `size` events off a `Load`, keeping what a record held beyond. */
function cutter(load: Load): (size: number) => readonly RecordedEvent[] {
  let last: RecordedEvent | undefined
  let kept: readonly RecordedEvent[] = []
  return (size) => {
    if (size <= 0) return []
    if (kept.length < size) {
      const loaded = load(kept.at(-1) ?? last, size - kept.length)
      kept = kept.length === 0 ? loaded : [...kept, ...loaded]
    }
    const batch = kept.slice(0, size)
    kept = kept.slice(size)
    last = batch.at(-1) ?? last
    return batch
  }
}

function nextChange(growth: Growth, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = growth.onChange(done)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** What every call on a closed log throws. */
export function closedError(): LogUnavailableError {
  return new LogUnavailableError('the log is closed: open it again')
}

/** Calls back all who wait, each once. */
export function changeBell(): { onChange: Growth['onChange']; ring(): void } {
  const waiting = new Set<() => void>()
  return {
    onChange(callback) {
      waiting.add(callback)
      return () => waiting.delete(callback)
    },
    ring() {
      const callbacks = [...waiting]
      waiting.clear()
      for (const callback of callbacks) callback()
    },
  }
}
