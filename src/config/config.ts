import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { orderSystem, type OrderSystem } from '../../schemas/order-system.ts'
import { role } from '../../schemas/role.ts'
import { callbackDays, orders } from './calls-and-orders.ts'
import { limits } from './limits.ts'
import { region } from './region.ts'
import { oidcFault, oidcSchema, withOidcSecret } from './oidc.ts'
import { pullers } from './puller.ts'

const ms = z.int().min(0)
const count = z.int().min(1)

/** Someone who may call the server; the name becomes the `actor` of what they send. */
const apiKey = z.strictObject({
  name: z.string().min(1).max(100),
  key: z.string().min(16, 'must have at least 16 characters'),
  /** May read names, phone numbers and free text. */
  personalData: z.boolean().default(false),
  /** Left out, it may do everything that any role may. */
  roles: z.array(role).min(1).optional(),
  /** Ids of `regions`; left out, the whole network. */
  regions: z.array(z.string()).min(1).optional(),
})

/** What is expected of one source of events. */
const feed = z.strictObject({
  source: z.string().min(1).max(100),
  /** The source is stale when nothing, not even a heartbeat, came for this long. */
  heartbeatMs: ms.default(300_000),
  /** The source is stale when its newest event happened this long before it came. */
  maxLagMs: ms.default(900_000),
  /** Taken for times without an offset, like `Asia/Shanghai`. */
  zone: z.string().max(64).refine(isTimeZone, 'is no IANA time zone').optional(),
})

/** `both`: decides and serves, whoever decided before. `correlator`: decides while no other does, and serves. `reader`: serves. */
const roles = ['both', 'correlator', 'reader'] as const

/** How the list that network operations watches is ranked; the formula is that of `projections/notice-rank.ts`. */
const noc = z.strictObject({
  /** Growth is by how many customers more than so long ago. */
  growthMs: ms.default(3_600_000),
  customerPoints: z.number().min(0).default(1),
  growthPoints: z.number().min(0).default(2),
  /** For each subscriber whom an outage reaches, whether they called or not. */
  subscriberPoints: z.number().min(0).default(0.01),
  /** For a source that fell silent: without it nobody knows what else is wrong. */
  feedPoints: z.number().min(0).default(100),
  /** For each hour since it began, up to `maxAgeHours`. */
  hourPoints: z.number().min(0).default(1),
  maxAgeHours: z.number().min(0).default(24),
  /** What is repaired and watched, or restored, counts for this share of its points. */
  overShare: z.number().min(0).max(1).default(0.25),
  /** Outages of elements that depend on one other and that began within this time of each other are one row; 0: never. */
  togetherMs: ms.default(300_000),
  /** Open outages and clusters that one answer looks at; beyond it the answer says that it is not complete. */
  maxNotices: count.max(9_000).default(5_000),
})

const portRange = 'must be a whole number from 0 to 65535'

export const configSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int(portRange).min(0, portRange).max(65_535, portRange).default(8620),
  /** The folder that holds the log, the rows and the sealed personal data. */
  data: z.string().min(1).default('causeway-data'),
  /** Where the key is that seals personal data; left out, `master.key` in the data folder. */
  masterKeyFile: z.string().min(1).optional(),
  log: z
    .string()
    .regex(/^(lmdb|memory|esdb(\+discover)?:\/\/.+)$/, 'must be lmdb, memory or esdb://…')
    .default('lmdb'),
  /** Names this log among all that an EventStoreDB server holds; its streams are called `prefix:…`. */
  logPrefix: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'must be up to 100 letters, digits, "_" and "-"')
    .default('causeway'),
  /**
   * Days older than this are moved out of the embedded log into files beside it, which may be taken away; left out, everything
   * stays in the log.
   */
  retentionDays: z.int('must be a whole number of days').min(1).optional(),
  /** What this process does among those that share a log in EventStoreDB. */
  role: z.enum(roles, `must be ${roles.join(', ')}`).default('both'),
  /** Where customers' keys are: `own`, in the data folder, or with another process, by its URL. Left out, `own` for `both`. */
  vault: z
    .string()
    .regex(/^(own|https?:\/\/.+)$/, 'must be own or http://…')
    .optional(),
  apiKeys: z.array(apiKey).max(1_000).default([]),
  regions: z.array(region).max(200).default([]),
  /** Where browsers find the server, like `https://causeway.example`; left out, where they say that they found it. */
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'must be like https://causeway.example' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Addresses or networks of proxies that are believed when they say who called, and how (X-Forwarded-For, -Proto, -Host). */
  trustedProxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(100)
    .default([]),
  oidc: oidcSchema.optional(),
  feeds: z.array(feed).max(1_000).default([]),
  noc: noc.prefault({}),
  callbackDays: callbackDays.prefault({}),
  orders: orders.prefault({}),
  /** Of several processes on one log, one alone may have them: each would tell of every order. */
  orderSystems: z.array(orderSystem).max(20).default([]),
  /** What is drawn from other systems, by `causeway pull`; `serve` runs that beside itself. */
  pullers,
  limits: limits.prefault({}),
})

/** Everything that can be set, checked and frozen. */
export type Config = Readonly<z.infer<typeof configSchema>>
export type ApiKey = z.infer<typeof apiKey>
export type Feed = z.infer<typeof feed>

/** Something in the command line, the environment or the file cannot be used. Says where and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export interface ConfigSources {
  /** What the command line says; goes before everything else. */
  readonly flags?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A JSON file with the shape of `configSchema`. */
  readonly file?: string | undefined
}

/** Command line before environment before file before defaults. Throws `ConfigError`. */
export function loadConfig({ flags = {}, env = {}, file }: ConfigSources = {}): Config {
  const path = file ?? env['CAUSEWAY_CONFIG']
  const fromFile = path === undefined ? {} : readConfigFile(path)
  const merged = {
    ...fromFile,
    ...withOidcSecret(fromFile['oidc'], env['CAUSEWAY_OIDC_CLIENT_SECRET']),
    ...withoutUndefined(fromEnvironment(env)),
    ...withoutUndefined(flags),
  }
  const parsed = configSchema.safeParse(merged)
  if (!parsed.success) throw new ConfigError(describe(parsed.error, path))
  requireDistinctKeys(parsed.data.apiKeys)
  requireKnownRegions(parsed.data)
  requireOidcPlaces(parsed.data)
  requireSharedLog(parsed.data)
  requireDistinctNames(parsed.data.orderSystems)
  return deepFreeze(parsed.data)
}

/** The environment's part of the configuration, not yet checked. */
function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  return {
    host: env['CAUSEWAY_HOST'],
    port: toNumberOr(env['CAUSEWAY_PORT']),
    data: env['CAUSEWAY_DATA'],
    log: env['CAUSEWAY_LOG'],
    logPrefix: env['CAUSEWAY_LOG_PREFIX'],
    role: env['CAUSEWAY_ROLE'],
    vault: env['CAUSEWAY_VAULT'],
    publicUrl: env['CAUSEWAY_PUBLIC_URL'],
    masterKeyFile: env['CAUSEWAY_MASTER_KEY_FILE'],
    retentionDays: toNumberOr(env['CAUSEWAY_RETENTION_DAYS']),
    apiKeys: env['CAUSEWAY_API_KEYS']?.split(',').map(toApiKey),
  }
}

function toNumberOr(text: string | undefined): unknown {
  return text === undefined ? undefined : toNumber(text)
}

function toNumber(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text
}

function toApiKey(entry: string): Record<string, unknown> {
  const colon = entry.indexOf(':')
  if (colon < 1) throw new ConfigError('CAUSEWAY_API_KEYS must be name:key, several divided by commas')
  return { name: entry.slice(0, colon).trim(), key: entry.slice(colon + 1).trim() }
}

function readConfigFile(path: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(
      `the configuration ${path} cannot be read (${codeOf(error)}): check --config or CAUSEWAY_CONFIG`,
    )
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new ConfigError(
      `the configuration ${path} is no JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
  throw new ConfigError(`the configuration ${path} must be a JSON object`)
}

function describe(error: z.ZodError, path: string | undefined): string {
  const [issue] = error.issues
  const where = issue?.path.join('.') || 'configuration'
  // The value itself is not repeated: it may be a key.
  return `${where}: ${issue?.message ?? 'is wrong'} (command line, environment${path === undefined ? '' : ` or ${path}`})`
}

function requireDistinctKeys(keys: readonly ApiKey[]): void {
  if (new Set(keys.map(({ key }) => key)).size < keys.length) {
    throw new ConfigError('apiKeys: two names share one key; give each a key of its own')
  }
}

function requireKnownRegions({ apiKeys, regions, orderSystems }: Config): void {
  const known = new Set(regions.map(({ id }) => id))
  if (known.size < regions.length) {
    throw new ConfigError('regions: two regions share one id; give each an id of its own')
  }
  for (const { name, regions: asked = [] } of apiKeys) {
    const unknown = asked.find((id) => !known.has(id))
    if (unknown !== undefined) {
      throw new ConfigError(`apiKeys: ${name} is for region ${unknown}, which regions does not list`)
    }
  }
  for (const { name, takes } of orderSystems) {
    const unknown = takes.regions?.find((id) => !known.has(id))
    if (unknown !== undefined) {
      throw new ConfigError(
        `orderSystems: ${name} takes orders of region ${unknown}, which regions does not list`,
      )
    }
  }
}

function requireOidcPlaces(config: Config): void {
  const fault = oidcFault(config)
  if (fault !== undefined) throw new ConfigError(fault)
}

function requireSharedLog({ role, log, vault }: Config): void {
  if (role === 'both') return
  if (log.startsWith('esdb') && vault !== undefined) return
  if (log.startsWith('esdb')) {
    throw new ConfigError(
      `vault: a ${role} shares customers' keys with the other processes: name the one that holds them (--vault http://…), or hold them here (--vault own)`,
    )
  }
  throw new ConfigError(
    `role: a ${role} shares its log with other processes, which ${log} cannot: put the log into EventStoreDB (--log esdb://…), or leave the role out`,
  )
}

function requireDistinctNames(systems: readonly OrderSystem[]): void {
  if (new Set(systems.map(({ name }) => name)).size < systems.length) {
    throw new ConfigError('orderSystems: two systems share one name; give each a name of its own')
  }
}

function withoutUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
