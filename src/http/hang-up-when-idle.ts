import type { FastifyInstance } from 'fastify'

/**
 * Lets a closing server hang up as soon as nothing is under way. Some clients open connections that they then do not use;
 * Node counts those as busy and would wait for the client.
 */
export function hangUpWhenIdle(app: FastifyInstance): void {
  let underWay = 0
  let closing = false
  const look = (): void => {
    if (closing && underWay === 0) app.server.closeAllConnections()
  }
  app.addHook('onRequest', async (_request, reply) => {
    underWay += 1
    reply.raw.once('close', () => {
      underWay -= 1
      // What was answered must leave before its connection is cut.
      setImmediate(look)
    })
  })
  app.addHook('preClose', async () => {
    closing = true
    setImmediate(look)
  })
}
