import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { headerNames, signatureFault, signatureOf } from '../../src/exchange/signature.ts'

/** What an order system keeps of an order. */
export interface KeptOrder {
  readonly number: string
  readonly messages: readonly { readonly id: string; readonly type: string; readonly data: unknown }[]
}

/**
 * An order system in small, as another product would write it: it checks the signature, knows a message by its key, gives each
 * order a number of its own, and tells statuses by webhook or when it is asked.
 */
export interface ExampleReceiver {
  readonly url: string
  /** By Causeway's order id. */
  readonly orders: ReadonlyMap<string, KeptOrder>
  /** Every arrival, known messages too, by key. */
  readonly arrivals: readonly string[]
  /** What it answers instead of taking messages; `undefined`: it takes them. */
  answerWith(status: number | undefined, headers?: Readonly<Record<string, string>>): void
  /** It neither answers nor hangs up. */
  fallSilent(): void
  /** Told at `GET /statuses?cursor=`, each once. */
  readonly statuses: object[]
  close(): Promise<void>
}

export async function startExampleReceiver(secret: string): Promise<ExampleReceiver> {
  const orders = new Map<string, KeptOrder>()
  const known = new Set<string>()
  const arrivals: string[] = []
  const statuses: object[] = []
  let instead: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined
  let silent = false

  const take = (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
    const key = String(request.headers[headerNames.delivery])
    arrivals.push(key)
    if (silent) return
    if (instead !== undefined) return response.writeHead(instead.status, instead.headers).end()
    const fault = signatureFault(
      {
        timestamp: String(request.headers[headerNames.timestamp]),
        signature: String(request.headers[headerNames.signature]),
        body,
      },
      { secret, nowMs: Date.now(), maxSkewMs: 300_000 },
    )
    if (fault !== undefined) return response.writeHead(401).end(fault)
    const message = JSON.parse(body.toString('utf8')) as KeptOrder['messages'][number] & { orderId: string }
    const order = orders.get(message.orderId) ?? { number: `TT-${orders.size + 1}`, messages: [] }
    if (!known.has(key)) {
      known.add(key)
      orders.set(message.orderId, { ...order, messages: [...order.messages, message] })
    }
    return response.writeHead(200).end(JSON.stringify({ externalId: order.number }))
  }
  const tell = (url: URL, response: ServerResponse) => {
    const from = Number(url.searchParams.get('cursor') ?? 0)
    response.end(JSON.stringify({ items: statuses.slice(from), cursor: String(statuses.length) }))
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      if (url.pathname === '/statuses') tell(url, response)
      else take(request, Buffer.concat(chunks), response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    orders,
    arrivals,
    statuses,
    answerWith: (status, headers = {}) => (instead = status === undefined ? undefined : { status, headers }),
    fallSilent: () => (silent = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A status as the example sends it: the body as it is, under a signature over time and body. */
export function signedStatus(
  secret: string,
  status: object,
  sentMs: number,
): { readonly body: string; readonly headers: Record<string, string> } {
  const body = JSON.stringify(status)
  const timestamp = String(Math.floor(sentMs / 1000))
  return {
    body,
    headers: {
      'content-type': 'application/json',
      [headerNames.timestamp]: timestamp,
      [headerNames.signature]: signatureOf(secret, timestamp, body),
    },
  }
}
