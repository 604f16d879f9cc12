import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { Thing } from '../../projections/region-view.ts'
import { issueFaults } from '../intake/issue-faults.ts'

/** One thing wrong with a request. `pointer` is a JSON pointer into the part that `in` names. */
export interface Fault {
  readonly in?: 'body' | 'query' | 'path' | 'headers'
  readonly pointer: string
  readonly detail: string
}

interface RefusedFor {
  readonly reason: 'region'
  /** What of which there is one was asked for, where that is known. */
  readonly thing?: Thing | undefined
}

interface ProblemExtras {
  readonly errors?: readonly Fault[]
  /** Members beside the standard ones: what the caller needs to go on. */
  readonly more?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** It is refused for what the caller may not have, which the audit log tells; the caller is not told that. */
  readonly audited?: RefusedFor
}

/** An answer that is no success, as RFC 9457 writes it. Thrown by routes, rendered by the app's error handler. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  readonly extras: ProblemExtras
  constructor(status: number, detail: string, extras: ProblemExtras = {}) {
    super(detail)
    this.status = status
    this.extras = extras
  }
}

/** The most faults named in one answer. */
const maxFaults = 50

export function faultsOf(error: z.core.$ZodError, part?: Fault['in']): Fault[] {
  const faults = issueFaults(error.issues, maxFaults)
  return part === undefined ? faults : faults.map((fault) => ({ in: part, ...fault }))
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { errors, more, headers } = problem.extras
  return reply
    .code(problem.status)
    .headers(headers ?? {})
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({
      type: 'about:blank',
      title: STATUS_CODES[problem.status] ?? 'Error',
      status: problem.status,
      detail: problem.message,
      ...(errors === undefined ? {} : { errors }),
      ...more,
    })
}

/** `knownAt`: the moment whose knowledge was asked for, where it was not that of now. */
export function notFound(
  what: string,
  id: string,
  knownAt?: string,
  extras: Pick<ProblemExtras, 'audited'> = {},
): ProblemError {
  return new ProblemError(
    404,
    knownAt === undefined ? `No ${what} ${id}.` : `No ${what} ${id} was known at ${knownAt}.`,
    extras,
  )
}
