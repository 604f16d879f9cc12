import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { startServer, type Server, type ServerOptions } from '../../src/cli/start-server.ts'
import { configSchema, type Config } from '../../src/config/config.ts'
import { runningClock } from '../../src/pipeline/clock.ts'

export interface ServerHere extends Omit<Server, 'close'> {
  readonly close: () => Promise<void>
  /** What it told its operator. */
  readonly troubles: readonly unknown[]
}

type Settings = Partial<Pick<ServerOptions, 'freeBytes' | 'clockFor'>>

/** The server as `causeway serve` starts it, on a free port, within this process. Closed when the test ends, if not before. */
export async function serveHere(
  config: Partial<Omit<Config, 'limits'>> & { readonly limits?: Partial<Config['limits']> },
  settings: Settings = {},
): Promise<ServerHere> {
  const troubles: unknown[] = []
  const server = await startServer({
    config: configSchema.parse({ ...config, port: 0 }),
    nowMs: Date.now,
    randomId: randomUUID,
    version: '0.0.0-test',
    clockFor: async () => runningClock({ readMs: Date.now }),
    onTrouble: (error) => troubles.push(error),
    ...settings,
  })
  server.failed.catch(() => {})
  let closing: Promise<void> | undefined
  const close = () => (closing ??= server.close())
  onTestFinished(close)
  return { ...server, close, troubles }
}
