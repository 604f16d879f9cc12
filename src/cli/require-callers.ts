import type { Access } from '../access/access.ts'
import { isAdministrator } from '../access/user-record.ts'
import { ConfigError, type Config } from '../config/config.ts'
import { isLoopback } from '../config/loopback.ts'

/** Where other machines reach the server, somebody must be known who may call it. Throws `ConfigError`. */
export function requireSomebodyBeyondLoopback({ host, apiKeys, oidc }: Config, { users }: Access): void {
  if (apiKeys.length > 0 || oidc !== undefined || isLoopback(host) || users.list().some(isAdministrator))
    return
  throw new ConfigError(
    `${host} can be reached from other machines, and nobody is known who may call: add an administrator ` +
      '(causeway user add NAME --roles administrator), set CAUSEWAY_API_KEYS=name:key, apiKeys or oidc in the --config file, ' +
      'or use --host 127.0.0.1',
  )
}

/** What somebody did must tell who it was. Throws `ConfigError`. */
export function requireOtherNames({ apiKeys }: Config, { users }: Access): void {
  const same = apiKeys.find(({ name }) => users.get(name.toLowerCase()) !== undefined)
  if (same === undefined) return
  throw new ConfigError(`apiKeys: ${same.name} is also the name of a user: give the key another name`)
}
