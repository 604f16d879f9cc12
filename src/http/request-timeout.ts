import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './problem.ts'

/** Reading these takes as long as their sender does; `chunksInTime` sees one that has stalled. */
const streamed: ReadonlySet<string> = new Set(['/v1/events'])

/** Refuses a body that has not come whole in time: who sends a byte now and then must not hold a connection for ever. */
export function refuseSlowBodies(scope: FastifyInstance, timeoutMs: number): void {
  scope.addHook('preParsing', (request, reply, payload, done) => {
    if (isAwaited(request)) {
      const late = setTimeout(() => {
        // The rest of the body must not be taken for a next request.
        reply.header('connection', 'close')
        const detail = `The body did not come whole within ${timeoutMs} ms (requestTimeoutMs).`
        payload.emit('error', new ProblemError(408, detail))
      }, timeoutMs)
      for (const end of ['end', 'close']) payload.once(end, () => clearTimeout(late))
    }
    done(null, payload)
  })
}

/**
 * Passes a body on as it comes, however long it takes, as long as something comes. Throws a `ProblemError` where nothing
 * does: a sender that is gone without a word must not hold its place for ever. The time in which nobody asks does not count.
 */
export async function* chunksInTime(
  body: AsyncIterable<Buffer>,
  silenceMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = body[Symbol.asyncIterator]()
  for (;;) {
    const next = await within(chunks.next(), silenceMs)
    if (next.done === true) return
    yield next.value
  }
}

async function within<T>(awaited: Promise<T>, silenceMs: number): Promise<T> {
  let late: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_resolve, reject) => {
    const detail = `Nothing came of the body for ${silenceMs} ms (bulkSilenceMs). What was taken until then is stored; send all of it again.`
    late = setTimeout(
      () => reject(new ProblemError(408, detail, { headers: { connection: 'close' } })),
      silenceMs,
    )
  })
  try {
    return await Promise.race([awaited, silence])
  } finally {
    clearTimeout(late)
  }
}

/** Hangs up on a client that has not taken its whole answer in time. The live feed looks after its own readers. */
export function hangUpOnStalledReaders(app: FastifyInstance, timeoutMs: number): void {
  app.addHook('onSend', async (_request, { raw }) => {
    const late = setTimeout(() => raw.destroy(), timeoutMs)
    raw.once('close', () => clearTimeout(late))
    raw.once('finish', () => clearTimeout(late))
  })
}

function isAwaited({ headers, routeOptions }: FastifyRequest): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
  return hasBody && !streamed.has(routeOptions.url ?? '')
}
