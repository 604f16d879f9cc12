import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

const agent = new Agent({ keepAlive: true })
/** Lines sent as one chunk of a stream. */
const chunkLines = 500

export interface Answered {
  readonly status: number
  readonly body: string
}

export async function send(
  method: 'GET' | 'POST',
  url: string,
  body?: string | Readable,
  contentType = 'application/json',
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': contentType }
    const sent = request(url, { method, agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    if (body instanceof Readable) body.pipe(sent)
    else sent.end(body)
  })
}

/** One bulk request; throws where a line was refused. */
export async function postLines(url: string, lines: readonly string[]): Promise<void> {
  const { status, body } = await send(
    'POST',
    `${url}/v1/events`,
    Readable.from(chunksOf(lines)),
    'application/x-ndjson',
  )
  const { refused } = JSON.parse(body) as { readonly refused?: number }
  if (status !== 200 || (refused ?? 0) > 0) throw new Error(`bulk input: ${status} ${body.slice(0, 500)}`)
}

function* chunksOf(lines: readonly string[]): Generator<string> {
  for (let at = 0; at < lines.length; at += chunkLines)
    yield `${lines.slice(at, at + chunkLines).join('\n')}\n`
}

/** Waits until the engine has decided all that is stored. */
export async function allDecided(url: string): Promise<void> {
  await untilZero(url, 'causeway_lag_events{of="correlator"}')
}

/** The same, and until the read models show it: the server has nothing left to do. */
export async function allTakenIn(url: string): Promise<void> {
  await allDecided(url)
  await untilZero(url, 'causeway_lag_milliseconds{of="projector"}')
}

async function untilZero(url: string, gauge: string): Promise<void> {
  for (;;) {
    const { body } = await send('GET', `${url}/metrics`)
    const line = body.split('\n').find((text) => text.startsWith(gauge))
    if (line === undefined) throw new Error(`the server does not tell ${gauge}`)
    if (Number(line.slice(gauge.length)) === 0) return
    await pause(20)
  }
}
