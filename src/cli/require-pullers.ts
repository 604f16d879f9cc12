import { resolve } from 'node:path'
import { ConfigError, type Config } from '../config/config.ts'
import { isLoopback } from '../config/loopback.ts'
import type { Puller } from '../config/puller.ts'
import { pullerFault } from '../ingest/pull/puller-fault.ts'

/** What would fail with everything that is drawn is refused before anything is. Throws `ConfigError`. */
export function requirePullers(
  chosen: readonly Puller[],
  { pullers }: Pick<Config, 'pullers'>,
  env: Readonly<Record<string, string | undefined>>,
): void {
  requireFoldersApart(pullers)
  for (const puller of chosen) {
    const fault = pullerFault(puller) ?? tokenFault(puller, env)
    if (fault !== undefined) throw new ConfigError(`pullers: ${puller.name}: ${fault}`)
  }
}

/** Two would take each other's files. */
function requireFoldersApart(pullers: readonly Puller[]): void {
  const takers = new Map<string, string>()
  for (const { name, folder } of pullers) {
    if (folder === undefined) continue
    const path = resolve(folder)
    const other = takers.get(path)
    if (other !== undefined) {
      throw new ConfigError(
        `pullers: ${name}: its folder ${folder} is also that of ${other}; give each a folder of its own`,
      )
    }
    takers.set(path, name)
  }
}

function tokenFault(
  { bearerEnv }: Puller,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (bearerEnv === undefined || (env[bearerEnv] ?? '').trim() !== '') return undefined
  return `bearerEnv: there is no token in the variable ${bearerEnv}; set it, or name a file in bearerFile`
}

/** The key of a feed, with which pullers deliver; undefined where the server asks for none. Throws `ConfigError`. */
export function pullKeyOf({ apiKeys, oidc, host }: Config): string | undefined {
  if (apiKeys.length === 0 && oidc === undefined && isLoopback(host)) return undefined
  const feeding = apiKeys.find(({ roles }) => roles === undefined || roles.includes('feed'))
  if (feeding !== undefined) return feeding.key
  throw new ConfigError(
    'pullers: they deliver with an API key of the role feed, and apiKeys has none: add one',
  )
}
