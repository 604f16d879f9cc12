import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { role } from '../../schemas/role.ts'
import { isLoopback } from './loopback.ts'

/** Stands in `regions` for the whole network. */
export const wholeNetwork = '*'

/** A provider of OpenID Connect where people sign in, and what its claims mean here. */
export const oidcSchema = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .refine(
      (url) => url.startsWith('https:') || isLoopback(new URL(url).hostname),
      'must be https; http is for this machine alone',
    ),
  clientId: z.string().min(1).max(500),
  /** Or CAUSEWAY_OIDC_CLIENT_SECRET, or `clientSecretFile`; public clients have none. */
  clientSecret: z.string().min(1).optional(),
  clientSecretFile: z.string().min(1).optional(),
  scopes: z.string().min(1).max(500).default('openid profile'),
  /** Becomes the actor, as `oidc:…`: it must be one person's alone, and for ever. */
  nameClaim: z.string().min(1).max(200).default('preferred_username'),
  /** Holds a text or several; a dot leads into objects, as in `realm_access.roles`. */
  rolesClaim: z.string().min(1).max(200).default('roles'),
  /** What each of its values gives; whoever has none of them is not let in. */
  roles: z.record(z.string(), z.array(role).min(1)),
  /** Left out, everybody sees the whole network. */
  regionsClaim: z.string().min(1).max(200).optional(),
  /** The region that each of its values is, or `*`; whoever has none of them is not let in. */
  regions: z.record(z.string(), z.string()).default({}),
  /** The values of `rolesClaim` that entitle to personal data. */
  personalData: z.array(z.string()).max(100).default([]),
  /** Each call of the provider. */
  timeoutMs: z.int().min(100).max(60_000).default(5_000),
})
export type OidcConfig = Readonly<z.infer<typeof oidcSchema>>

/** The secret from wherever it is. Throws what reading the file throws. */
export function clientSecretOf({ clientSecret, clientSecretFile }: OidcConfig): string | undefined {
  return (
    clientSecret ??
    (clientSecretFile === undefined ? undefined : readFileSync(clientSecretFile, 'utf8').trim())
  )
}

/** The secret alone may come from the environment; the rest of `oidc` is in the file. */
export function withOidcSecret(oidc: unknown, clientSecret: string | undefined): Record<string, unknown> {
  const isThere = typeof oidc === 'object' && oidc !== null && clientSecret !== undefined
  return isThere ? { oidc: { ...oidc, clientSecret } } : {}
}

/** What does not fit the rest of the configuration. */
export function oidcFault(config: {
  readonly oidc?: OidcConfig | undefined
  readonly publicUrl?: string | undefined
  readonly regions: readonly { readonly id: string }[]
}): string | undefined {
  const { oidc, publicUrl, regions } = config
  if (oidc === undefined) return undefined
  if (publicUrl === undefined) {
    return 'publicUrl: sign-in by oidc needs it, for the provider sends browsers back there'
  }
  const known = new Set([wholeNetwork, ...regions.map(({ id }) => id)])
  const unknown = Object.values(oidc.regions).find((id) => !known.has(id))
  return unknown === undefined ? undefined : `oidc.regions: ${unknown} is no region that regions lists`
}
