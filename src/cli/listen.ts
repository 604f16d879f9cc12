import type { Config } from '../config/config.ts'
import { CliError } from './context.ts'

/** Has the app listen; answers its URL. Throws `CliError` where the port cannot be used. */
export async function listen(
  app: { listen(options: { host: string; port: number }): Promise<string>; close(): Promise<unknown> },
  { host, port }: Config,
): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw new CliError(listenTrouble(error, host, port))
  }
}

function listenTrouble(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken: stop what uses it, or choose another with --port`
    case 'EACCES':
      return `this user may not listen on port ${port}: choose one above 1023 with --port`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: choose another with --host`
    default:
      return `cannot listen on ${host} port ${port} (${code})`
  }
}
