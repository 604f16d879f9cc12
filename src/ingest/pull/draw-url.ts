import { readFile } from 'node:fs/promises'
import type { Puller } from '../../config/puller.ts'
import { ImportError } from '../import-error.ts'
import type { Drawn } from './listed-rows.ts'

export type Env = Readonly<Record<string, string | undefined>>

/**
 * One answer of a system, whole and in memory before any of it is used: half an answer is none. Throws `ImportError` with
 * what went wrong: nobody there, TLS, a time-out, a redirect, an error, too many bytes, a line that broke.
 */
export async function drawUrl(url: string, puller: Puller, env: Env, stopped: AbortSignal): Promise<Drawn> {
  const { timeoutMs, maxBytes } = puller
  try {
    const response = await fetch(url, {
      // Whoever answers with one could lead the token anywhere.
      redirect: 'manual',
      signal: AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)]),
      headers: {
        accept: 'application/json, text/csv',
        ...puller.headers,
        ...(await authorization(puller, env)),
      },
    })
    requireGood(response)
    const bytes = await boundedBytes(response, maxBytes)
    return {
      bytes: once(bytes),
      format: puller.format ?? formatOf(response.headers.get('content-type') ?? ''),
    }
  } catch (error) {
    if (error instanceof ImportError) throw error
    throw new ImportError(troubleOf(error, timeoutMs))
  }
}

async function authorization({ bearerEnv, bearerFile }: Puller, env: Env): Promise<Record<string, string>> {
  if (bearerEnv === undefined && bearerFile === undefined) return {}
  const token = bearerEnv === undefined ? await tokenIn(bearerFile ?? '') : env[bearerEnv]
  if (token === undefined || token.trim() === '') {
    throw new ImportError(`there is no token in ${bearerEnv ?? bearerFile}`)
  }
  return { authorization: `Bearer ${token.trim()}` }
}

async function tokenIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new ImportError(`the token cannot be read from ${path}`)
  }
}

function requireGood({ status, ok }: Response): void {
  if (ok) return
  if (status >= 300 && status < 400) {
    throw new ImportError(`it answered with a redirect (${status}): configure the address itself`)
  }
  const hint = status === 401 || status === 403 ? ': is its token right?' : ''
  throw new ImportError(`it answered ${status}${hint}`)
}

async function boundedBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (response.body === null) return new Uint8Array()
  // Leaving the loop early hangs up.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new ImportError(`its answer is longer than ${maxBytes} bytes (maxBytes)`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function formatOf(contentType: string): 'json' | 'csv' {
  return /json/i.test(contentType) ? 'json' : 'csv'
}

/** What a failed call means. */
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNRESET: 'it hung up',
  UND_ERR_SOCKET: 'the line broke before the end of its answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted (name its authority in NODE_EXTRA_CA_CERTS)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted (name its authority in NODE_EXTRA_CA_CERTS)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not trusted (name its authority in NODE_EXTRA_CA_CERTS)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

function troubleOf(error: unknown, timeoutMs: number): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  if (cause.name === 'TimeoutError') return `its answer was not there after ${timeoutMs} ms (timeoutMs)`
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  if (code === undefined) return cause.message || cause.name
  return `${meanings[code] ?? cause.message} (${code})`
}
