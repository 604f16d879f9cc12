import { CliError, type CliContext } from './context.ts'

/** What a command needs to know of a running server. */
export interface ServerAt {
  readonly url: string
  readonly apiKey: string | undefined
}

export const defaultServerUrl = 'http://127.0.0.1:8620'
export const urlHelp = `the running server (key: CAUSEWAY_API_KEY; default: ${defaultServerUrl})`

/** Throws `CliError` where the address is none. */
export function serverAt(url: string, { env }: CliContext): ServerAt {
  if (!URL.canParse(url)) throw new CliError(`--url ${url} is no address like ${defaultServerUrl}`)
  return { url, apiKey: env['CAUSEWAY_API_KEY'] }
}

/** Asks a running server; answers the JSON that it sends. Throws `CliError`, with what the server says of it, where it does not do it. */
export async function askServer(
  { url, apiKey }: ServerAt,
  path: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<unknown> {
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const response = await fetch(new URL(path, url), { method, headers }).catch((error: unknown) => {
    throw new CliError(`${url} cannot be reached (${reasonOf(error)}): is the server running?`)
  })
  const text = await response.text()
  if (response.ok) return JSON.parse(text)
  throw new CliError(`the server says no: ${response.status} ${detailOf(text)}`)
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

const maxDetailLength = 500

/** Of a problem its detail; else what there is. */
function detailOf(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'detail' in parsed) return String(parsed.detail)
  } catch {
    // It is no problem of ours, but of something in between.
  }
  return text.slice(0, maxDetailLength)
}
