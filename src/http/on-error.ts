import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import {
  AppendRefusedError,
  ArchivedError,
  DamagedRecordError,
  LogUnavailableError,
} from '../event-log/event-log.ts'
import { DiskFullError } from '../event-log/disk-room.ts'
import { GazetteerFullError } from '../intake/gazetteer-store.ts'
import { VaultError } from '../vault/vault-error.ts'
import { ProblemError, sendProblem } from './problem.ts'

/** Seconds after which a caller may try again what failed for want of room. */
const retryAfterSeconds = '1'

/**
 * Renders whatever a route or Fastify itself threw as a problem. Only what nobody foresaw is a 500, and it is logged.
 * `onDamage` is told of a damaged record: it does not heal while the server runs.
 */
export function errorHandler(onDamage: (damage: DamagedRecordError) => void) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof DamagedRecordError) onDamage(error)
    return sendProblem(reply, asProblem(error, request))
  }
}

function asProblem(error: FastifyError, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof AppendRefusedError) {
    return error.reason === 'queue-full'
      ? new ProblemError(503, error.message, { headers: { 'retry-after': retryAfterSeconds } })
      : new ProblemError(error.reason === 'archived' ? 410 : 422, error.message)
  }
  if (error instanceof ArchivedError) return new ProblemError(410, `Archived: ${error.message}`)
  if (error instanceof LogUnavailableError) {
    request.log.error({ err: error }, 'the event log is unavailable')
    return new ProblemError(503, error.message, { headers: { 'retry-after': retryAfterSeconds } })
  }
  if (error instanceof DamagedRecordError) {
    request.log.error({ err: error }, 'the event log is damaged')
    return new ProblemError(503, `The event log is damaged: ${error.message}. Restore a copy of it.`)
  }
  if (error instanceof DiskFullError) return new ProblemError(503, error.message)
  if (error instanceof GazetteerFullError) return new ProblemError(422, error.message)
  if (error instanceof VaultError) {
    request.log.error({ err: error }, 'the vault failed')
    return new ProblemError(503, 'Personal data cannot be kept now; send again.', {
      headers: { 'retry-after': retryAfterSeconds },
    })
  }
  const status = error.statusCode ?? 500
  if (status === 415) return new ProblemError(status, `Send it as ${bodyTypeOf(request)} (Content-Type).`)
  if (status >= 400 && status < 500) return new ProblemError(status, error.message)
  request.log.error({ err: error }, 'unforeseen error')
  return new ProblemError(
    status,
    `Unforeseen error; the server's log tells more under request ${request.id}.`,
  )
}

/** What a route takes; of several spellings the usual one. */
function bodyTypeOf({ routeOptions }: FastifyRequest): string {
  const schema: { readonly consumes?: readonly string[] } = routeOptions.schema ?? {}
  return schema.consumes?.[0] ?? 'application/json'
}
