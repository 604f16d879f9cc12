import helmet from '@fastify/helmet'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { authenticateCallers } from './authenticate.ts'
import type { Api } from './api.ts'
import { hangUpWhenIdle } from './hang-up-when-idle.ts'
import { readJsonBodies } from './json-body.ts'
import { answerUnknownRoutes } from './not-found.ts'
import { errorHandler } from './on-error.ts'
import { describeApi, serveDocs } from './openapi.ts'
import { ProblemError, sendProblem } from './problem.ts'
import { answerBadSocket } from './bad-socket.ts'
import { createLiveTickets } from './live-tickets.ts'
import { liveRoutes } from './routes/live.ts'
import { orderHooks } from './routes/order-hooks.ts'
import { machineRoutes } from './routes/machine.ts'
import { vaultRoute } from './routes/vault.ts'
import { routesOfV1 } from './routes/v1.ts'
import { hangUpOnStalledReaders, refuseSlowBodies } from './request-timeout.ts'
import { requireRegions } from './require-regions.ts'
import { recordUserNotes } from './record-user-notes.ts'
import { requireRights } from './require-rights.ts'
import { seedFeeds } from './seed-feeds.ts'
import type { Services } from './services.ts'
import { serveSignIn } from './sign-in-page.ts'
import { validateByZod } from './validate.ts'
import { watchWriter } from './watch-writer.ts'

/** Ids of causes name source, alarm and moment, percent-encoded. */
const maxParamChars = 2_000

export interface AppOptions {
  readonly version: string
  readonly logger?: FastifyServerOptions['logger']
}

/** The whole HTTP edge over given services; not listening yet. */
export async function buildApp(parts: Services, options: AppOptions): Promise<FastifyInstance> {
  const writer = watchWriter(parts.writer, parts.clock)
  const services: Services = { ...parts, writer }
  const app = Fastify({
    logger: options.logger ?? false,
    bodyLimit: services.config.limits.maxBodyBytes,
    routerOptions: { maxParamLength: maxParamChars },
    trustProxy: [...services.config.trustedProxies],
    // Reading a bulk request may take hours; a stalled one is seen where it is read.
    requestTimeout: 0,
    frameworkErrors: (error, _request, reply) =>
      void sendProblem(reply, new ProblemError(error.statusCode ?? 400, error.message)),
    clientErrorHandler: answerBadSocket,
  })
  let damage: string | undefined
  app.setErrorHandler(
    errorHandler(({ message }) => {
      damage ??= message
    }),
  )
  answerUnknownRoutes(app)
  hangUpWhenIdle(app)
  readJsonBodies(app, services.config.limits.maxDepth)
  refuseSlowBodies(app, services.config.limits.requestTimeoutMs)
  hangUpOnStalledReaders(app, services.config.limits.requestTimeoutMs)
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: contentSecurity } })
  await describeApi(app, options.version)
  countRequests(app, services)
  // A projector that never is ready says so under /ready.
  seedFeeds(services).catch(() => undefined)
  machineRoutes(app, services, { append: () => writer.trouble(), damage: () => damage })
  if (services.vaultHost !== undefined) vaultRoute(app, services.vaultHost)
  serveDocs(app)
  serveSignIn(app, services.config)
  const stopRecording = recordUserNotes(services)
  app.addHook('onClose', stopRecording)
  await app.register(
    async (scope) => {
      scope.setValidatorCompiler(validateByZod)
      // Answers are made here and not judged again: a read model of another version must not turn into a 500.
      scope.setSerializerCompiler(() => (payload) => JSON.stringify(payload))
      const tickets = createLiveTickets(services.clock, services.randomId)
      authenticateCallers(scope, services, tickets)
      requireRights(scope, services)
      requireRegions(scope, services)
      const api: Api = scope.withTypeProvider()
      for (const add of routesOfV1) add(api, services)
      liveRoutes(api, services, tickets)
    },
    { prefix: '/v1' },
  )
  await app.register(async (scope) => orderHooks(scope, services), { prefix: '/hooks' })
  return app
}

/** No `upgrade-insecure-requests`: intranets without TLS must work. */
const contentSecurity = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'worker-src': ["'self'"],
  'connect-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'self'"],
  'form-action': ["'self'"],
}

function countRequests(app: FastifyInstance, { metrics }: Services): void {
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the address: addresses hold ids.
    const route = request.routeOptions.url ?? 'none'
    metrics.requests.inc({ method: request.method, route, status: String(reply.statusCode) })
  })
}
