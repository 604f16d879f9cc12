import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerProblem } from '../../schemas/answer-problem.ts'
import type { Caller } from './caller.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; set before any route under /v1 runs. */
    caller: Caller
  }
}

/** The app inside /v1: zod judges what comes in and types what the routes see. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Part of every route's documentation. */
export const problems = { '4XX': answerProblem, '5XX': answerProblem }
