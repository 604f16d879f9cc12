import { Metadata, status, type ServiceError } from '@grpc/grpc-js'

/** What a call can come to instead of its answer. */
export type Fault =
  /** The server names another one as the leader. */
  | 'not-leader'
  | 'starting'
  | 'shutting-down'
  /** No answer, ever. */
  | 'silent'
  /** Done, but the answer is never sent. */
  | 'silent-after'
  /** Done, but the connection breaks before the answer. */
  | 'lost-after'
  /** Done, but the server's side of the connection ends before the answer; the client's stays open. */
  | 'half-closed-after'
  /** Done, and the answer comes twice. */
  | 'answered-twice'
  /** The server ends the call in good order, before its time. */
  | 'ended'
  | 'denied'

export type Method = 'append' | 'read' | 'subscribe'

export interface Faults {
  /** The next calls of this kind come to this, once each in turn. */
  next(method: Method, ...faults: Fault[]): void
  take(method: Method): Fault | undefined
  /** How many calls of this kind are still to come to something. */
  waiting(method: Method): number
}

export function createFaults(): Faults {
  const waiting: Record<Method, Fault[]> = { append: [], read: [], subscribe: [] }
  return {
    next: (method, ...faults) => void waiting[method].push(...faults),
    take: (method) => waiting[method].shift(),
    waiting: (method) => waiting[method].length,
  }
}

/** How a real server words its refusals. */
export function serverError(
  fault: 'not-leader' | 'starting' | 'shutting-down' | 'denied' | 'too-large' | 'bad-position',
  leaderPort: number,
): Partial<ServiceError> {
  const metadata = new Metadata()
  switch (fault) {
    case 'not-leader':
      metadata.set('exception', 'not-leader')
      metadata.set('leader-endpoint-host', '127.0.0.1')
      metadata.set('leader-endpoint-port', String(leaderPort))
      return { code: status.NOT_FOUND, details: 'Leader info available', metadata }
    case 'starting':
      return { code: status.UNKNOWN, details: 'Server Is Not Ready', metadata }
    case 'shutting-down':
      return { code: status.UNAVAILABLE, details: 'Server Is Shutting Down', metadata }
    case 'denied':
      metadata.set('exception', 'access-denied')
      return { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata }
    case 'too-large':
      metadata.set('exception', 'maximum-append-size-exceeded')
      metadata.set('maximum-append-size', '1048576')
      return { code: status.INVALID_ARGUMENT, details: 'Maximum Append Size of 1048576 Exceeded.', metadata }
    case 'bad-position':
      return { code: status.INVALID_ARGUMENT, details: 'Trying to read from an invalid position.', metadata }
  }
}
