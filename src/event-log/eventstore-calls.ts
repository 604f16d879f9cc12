import { setTimeout as pause } from 'node:timers/promises'
import { LogUnavailableError } from './event-log.ts'
import type { Connection, Lease } from './eventstore-client.ts'
import { failureOf, SilentServerError, toLogError } from './eventstore-errors.ts'
import type { EventStoreLimits } from './eventstore-limits.ts'

/** What everything that talks to the server needs. */
export interface EventStoreParts {
  readonly connection: Connection
  readonly limits: EventStoreLimits
  /** Begins the name of every stream of this log, and of no other. */
  readonly prefix: string
  /** Aborts when the log closes. */
  readonly closing: AbortSignal
}

/** Our own timer on a call: the client's deadlines do not all hold. What comes later is ignored, even a failure. */
export async function within<T>(timeoutMs: number, call: Promise<T>): Promise<T> {
  call.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SilentServerError(`nothing was heard for ${timeoutMs} ms`)),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([call, silence])
  } finally {
    clearTimeout(timer)
  }
}

/** Bears with a server that is away, for a time. */
export interface Patience {
  /** Resolves when it is worth trying again; throws what the caller of the log gets where it is not. */
  afterFailure(lease: Lease, error: unknown): Promise<void>
  /** Something went well: the time begins anew. */
  renew(): void
}

/** `forMs` is how long after the first failure another try may begin. */
export function patience(
  { connection, limits, closing }: EventStoreParts,
  forMs = limits.retryForMs,
): Patience {
  let failures = 0
  let firstFailureMs = 0
  return {
    async afterFailure(lease, error) {
      const { kind } = failureOf(error)
      if (kind === 'silent') connection.giveUp(lease)
      if (kind !== 'away' && kind !== 'silent') throw toLogError(connection.server, error)
      if (failures === 0) firstFailureMs = performance.now()
      const pauseMs = Math.min(limits.maxRetryMs, limits.firstRetryMs * 2 ** failures)
      failures += 1
      if (closing.aborted || performance.now() - firstFailureMs + pauseMs > forMs) {
        throw toLogError(connection.server, error)
      }
      await pause(pauseMs, undefined, { signal: closing }).catch(() => {
        throw new LogUnavailableError('the log was closed while its server was away: open it again')
      })
    },
    renew() {
      failures = 0
    },
  }
}
