import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { liveTopic } from '../../../schemas/live.ts'
import { problems, type Api } from '../api.ts'
import { ticketMs, type LiveTickets } from '../live-tickets.ts'
import { liveEyesOf } from '../on-behalf.ts'
import { ProblemError } from '../problem.ts'
import type { Services } from '../services.ts'

const tags = ['live']

/** `outage,cluster` */
const topicList = z
  .string()
  .max(200)
  .transform((text) => text.split(','))
  .pipe(z.array(liveTopic).min(1).max(liveTopic.options.length))

/** How things change, as they change. */
export function liveRoutes(api: Api, services: Services, tickets: LiveTickets): void {
  const { live, metrics, config, access } = services
  metrics.follow('live', 'Readers of the live feed; how often one was reset or hung up', () => live.counts())
  /** Ends each open stream whose session has ended. */
  const sessionChecks = new Set<() => void>()
  const beats = setInterval(() => {
    for (const check of sessionChecks) check()
    live.beat()
  }, config.limits.liveHeartbeatMs)
  beats.unref()
  // Open streams would keep the server from closing.
  api.addHook('preClose', async () => {
    clearInterval(beats)
    live.close()
  })

  api.get(
    '/live',
    {
      // A HEAD would take a reader's place and read nothing.
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'Server-sent events: how outages, clusters, orders, complaints, elements and feeds stand',
        description:
          'Each message says how its entity stands now. `Last-Event-ID` (or `lastEventId`) resumes; where too much was missed, a `reset` comes first and then everything as it stands. A browser, which cannot send a key, sends a ticket.',
        produces: ['text/event-stream'],
        querystring: z.strictObject({
          topics: topicList.optional().describe('Separated by commas; left out: all'),
          lastEventId: z.string().max(200).optional(),
          ticket: z.string().max(100).optional(),
        }),
        response: { 200: z.string(), ...problems },
      },
    },
    async (request, reply) => {
      const { topics, lastEventId } = request.query
      const header = request.headers['last-event-id']
      const after = typeof header === 'string' ? header : lastEventId
      const { raw } = reply
      const connection = live.connect(
        {
          ...(after === undefined ? {} : { after }),
          ...(topics === undefined ? {} : { topics }),
          eyes: liveEyesOf(services, request.caller),
          onEnd: () => void raw.end(),
        },
        sendTo(raw, () => openStream(raw, reply.getHeaders())),
      )
      if (connection.kind === 'full') {
        throw new ProblemError(
          503,
          `${connection.maxClients} read the live feed, and no more may (maxLiveClients).`,
          {
            headers: { 'retry-after': '10' },
          },
        )
      }
      reply.hijack()
      openStream(raw, reply.getHeaders())
      raw.on('error', () => undefined)
      const { signedIn } = request
      const check = (): void => {
        if (signedIn !== undefined && access.sessions.look(signedIn.token) === undefined) raw.end()
      }
      sessionChecks.add(check)
      raw.on('close', () => {
        sessionChecks.delete(check)
        connection.disconnect()
      })
      return reply
    },
  )

  api.post(
    '/live/tickets',
    {
      schema: {
        tags,
        summary: 'A ticket for one connection to the live feed, good for a short while',
        response: { 201: z.strictObject({ ticket: z.string(), expiresInMs: z.int() }), ...problems },
      },
    },
    async (request, reply) =>
      reply.code(201).send({ ticket: tickets.issue(request.caller), expiresInMs: ticketMs }),
  )
}

function openStream(
  raw: ServerResponse,
  headers: Readonly<Record<string, string | number | string[] | undefined>>,
): void {
  if (raw.headersSent) return
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that gather bytes would hold messages back.
    'x-accel-buffering': 'no',
  })
  raw.flushHeaders()
}

/** Resolves when the client's socket can take more: a stalled client holds one chunk and no more (H2). */
function sendTo(raw: ServerResponse, open: () => void): (chunk: string) => Promise<void> {
  return (chunk) =>
    new Promise((resolve, reject) => {
      if (raw.destroyed || raw.writableEnded) {
        reject(new Error('the client is gone'))
        return
      }
      open()
      if (raw.write(chunk)) {
        resolve()
        return
      }
      const onDrain = (): void => {
        raw.off('close', onClose)
        resolve()
      }
      const onClose = (): void => {
        raw.off('drain', onDrain)
        reject(new Error('the client is gone'))
      }
      raw.once('drain', onDrain)
      raw.once('close', onClose)
    })
}
