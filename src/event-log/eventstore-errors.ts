import { LogUnavailableError } from './event-log.ts'

/** Why a call on the server failed, as far as it decides what is to be done. */
export type Failure =
  /** The server is down, starting, shutting down, busy or not the leader. Whether a write was stored is open. */
  | { readonly kind: 'away'; readonly reason: string }
  /** Nothing was heard in time: the server is frozen, or the client is stuck. Whether a write was stored is open. */
  | { readonly kind: 'silent'; readonly reason: string }
  | { readonly kind: 'wrong-revision' }
  | { readonly kind: 'no-stream' }
  | { readonly kind: 'too-large'; readonly reason: string }
  | { readonly kind: 'bad-position' }
  /** The server will not do it, however often it is asked. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No answer of the server at all: an error of this program, or one that has its type already. */
  | { readonly kind: 'other' }

/** Our own timer ran out. */
export class SilentServerError extends Error {
  override readonly name = 'SilentServerError'
}

/** The client was given up while a call was using it, or a subscription ended by itself. */
export class LostClientError extends Error {
  override readonly name = 'LostClientError'
}

const deniedReason =
  'it does not accept the credentials, or their user lacks the rights (causeway log grant): check the log setting'

/** gRPC's status codes, as errors carry them that the client did not put into a class of its own. */
const grpc = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  unauthenticated: 16,
}

/** Sorts what the client throws: its own errors by `type`, raw ones of gRPC by `code`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SilentServerError) return { kind: 'silent', reason: error.message }
  if (error instanceof LostClientError) return { kind: 'away', reason: error.message }
  if (!(error instanceof Error)) return { kind: 'other' }
  const reason = error.message
  switch ('type' in error ? error.type : undefined) {
    case 'wrong-expected-version':
      return { kind: 'wrong-revision' }
    case 'stream-not-found':
    case 'no-stream':
      return { kind: 'no-stream' }
    case 'maximum-append-size-exceeded':
      return { kind: 'too-large', reason }
    case 'stream-deleted':
      return { kind: 'refused', reason: 'a stream was deleted in it: restore the server from a backup' }
    case 'access-denied':
      return { kind: 'refused', reason: deniedReason }
    case 'timeout':
    case 'deadline-exceeded':
    case 'unavailable':
    case 'cancelled':
    case 'not-leader':
      return { kind: 'away', reason }
    default:
      return failureOfCode(error)
  }
}

function failureOfCode(error: Error): Failure {
  const reason = error.message
  if (!('code' in error) || typeof error.code !== 'number') {
    // The client has no class for a cluster in which it finds no node.
    return /failed to discover/i.test(reason) ? { kind: 'away', reason } : { kind: 'other' }
  }
  switch (error.code) {
    case grpc.invalidArgument:
      return /position/i.test(reason) ? { kind: 'bad-position' } : { kind: 'refused', reason }
    case grpc.resourceExhausted:
      return { kind: 'too-large', reason }
    case grpc.permissionDenied:
    case grpc.unauthenticated:
      return { kind: 'refused', reason: deniedReason }
    case grpc.unimplemented:
      // So gRPC words an answer that came twice, too; that call was served, and sent again it tells how.
      return /too many responses/i.test(reason) ? { kind: 'away', reason } : { kind: 'refused', reason }
    case grpc.failedPrecondition:
      return { kind: 'refused', reason }
    default:
      // A server that starts answers "unknown"; one that dies, anything.
      return { kind: 'away', reason }
  }
}

/** What a caller of the log gets where the server did not answer as hoped. `server` is its name, without credentials. */
export function toLogError(server: string, error: unknown): unknown {
  const failure = failureOf(error)
  switch (failure.kind) {
    case 'away':
    case 'silent':
      return new LogUnavailableError(
        `EventStoreDB at ${server} is away (${failure.reason}): send again later; what was sent may be stored, and is then known by its ids`,
        { cause: error },
      )
    case 'refused':
    case 'too-large':
      return new LogUnavailableError(`EventStoreDB at ${server} refuses: ${failure.reason}`, { cause: error })
    case 'bad-position':
      return new RangeError('the position does not lie in this log: pass one that it gave out', {
        cause: error,
      })
    case 'wrong-revision':
    case 'no-stream':
    case 'other':
      return error
  }
}
