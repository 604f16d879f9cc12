import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** The line between a client and the server, and what can happen to it. */
export interface Wire {
  readonly port: number
  /** Breaks all connections; new ones are taken. */
  drop(): void
  /** Ends the server's side of all connections in good order, and goes on listening to the client's. */
  halfClose(): void
  /** Passes nothing on, in either direction, and keeps connections open, like a stopped process. */
  freeze(): void
  thaw(): void
  /** Refuses connections, and breaks those there are. */
  takeDown(): Promise<void>
  bringUp(): Promise<void>
  /** Every packet takes so much longer. */
  slowDown(delayMs: number): void
  connections(): number
  close(): Promise<void>
}

export async function openWire(serverPort: number): Promise<Wire> {
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  let isFrozen = false
  let delayMs = 0

  const pass = (from: Socket, to: Socket) => {
    from.setNoDelay(true)
    const write = (bytes: Buffer) => {
      if (to.writable) to.write(bytes)
    }
    from.on('data', (bytes: Buffer) => {
      if (delayMs > 0) setTimeout(() => write(bytes), delayMs)
      else write(bytes)
    })
    from.on('end', () => to.destroy())
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
    sockets.add(from)
    from.on('close', () => sockets.delete(from))
    if (isFrozen) from.pause()
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(serverPort, '127.0.0.1')
    clients.add(client)
    client.on('close', () => clients.delete(client))
    pass(client, upstream)
    pass(upstream, client)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }

  const takeDown = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    drop()
    await closed
  }
  return {
    port,
    drop,
    halfClose() {
      for (const client of clients) client.end()
    },
    freeze() {
      isFrozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw() {
      isFrozen = false
      for (const socket of sockets) socket.resume()
    },
    takeDown,
    bringUp: () => listen(port),
    slowDown(ms) {
      delayMs = ms
    },
    connections: () => sockets.size / 2,
    close: takeDown,
  }
}
