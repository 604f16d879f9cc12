import { defer, fromEvent, lastValueFrom, race, retry, throwError, timer } from 'rxjs'
import { AppendRefusedError, LogUnavailableError } from '../event-log/event-log.ts'

/** How long to wait before the log is asked again; the pause doubles from the first to the longest. */
export interface RetryLimits {
  readonly firstRetryMs: number
  readonly maxRetryMs: number
}

/** How a log that cannot be written is dealt with. */
export interface RetryOptions {
  readonly retryLimits: RetryLimits
  /** Told of every failure that is tried again. */
  readonly onTrouble: (error: Error) => void
  /** Ends the trying. */
  readonly signal: AbortSignal
}

/** Tries again, with growing pauses, while the log cannot be written or is full, until told to stop. All else is thrown. */
export function retried<T>(
  { retryLimits: { firstRetryMs, maxRetryMs }, onTrouble, signal }: RetryOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  return lastValueFrom(
    defer(attempt).pipe(
      retry({
        delay: (error: unknown, failures) => {
          if (signal.aborted || !isPassing(error)) return throwError(() => error)
          onTrouble(error)
          const pauseMs = Math.min(maxRetryMs, firstRetryMs * 2 ** (failures - 1))
          return race(timer(pauseMs), fromEvent(signal, 'abort'))
        },
      }),
    ),
  )
}

function isPassing(error: unknown): error is Error {
  return (
    error instanceof LogUnavailableError ||
    (error instanceof AppendRefusedError && error.reason === 'queue-full')
  )
}
