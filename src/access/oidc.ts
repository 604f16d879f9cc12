import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  ResponseBodyError,
  type Configuration,
} from 'openid-client'
import type { OidcConfig } from '../config/oidc.ts'
import { personOf, type Person } from './oidc-grant.ts'

/** The provider cannot be asked now, or does not answer as one. */
export type OidcUnavailable = { readonly kind: 'unavailable'; readonly why: string }

export type OidcFinish =
  (Person & { readonly next: string }) | { readonly kind: 'refused'; readonly why: string } | OidcUnavailable

/** Sign-in with a provider of OpenID Connect: authorization code, PKCE, state and nonce. */
export interface Oidc {
  /** Where to send the browser, and the state that it must come back with. */
  begin(
    next: string,
  ): Promise<{ readonly kind: 'begun'; readonly url: string; readonly state: string } | OidcUnavailable>
  /** `query` is what the provider sent the browser back with; `state` what the browser was given. */
  finish(query: string, state: string | undefined): Promise<OidcFinish>
}

export interface OidcOptions {
  readonly config: OidcConfig
  readonly clientSecret: string | undefined
  /** Where the provider sends browsers back to. */
  readonly redirectUri: string
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

/** Who has begun has so long to come back. */
export const oidcPendingMs = 600_000
/** Beyond so many the oldest are forgotten. */
const maxPending = 1_000

interface Pending {
  readonly verifier: string
  readonly nonce: string
  readonly next: string
  readonly untilMs: number
}

export function createOidc(options: OidcOptions): Oidc {
  const { config, redirectUri, nowMs } = options
  const provider = lazyProvider(options)
  const pending = new Map<string, Pending>()
  const take = (state: string | undefined) => {
    const found = state === undefined ? undefined : pending.get(state)
    if (state !== undefined) pending.delete(state)
    return found !== undefined && nowMs() < found.untilMs ? found : undefined
  }
  return {
    begin: async (next) => {
      try {
        const [verifier, nonce, state] = [randomPKCECodeVerifier(), randomNonce(), randomState()]
        const url = buildAuthorizationUrl(await provider(), {
          redirect_uri: redirectUri,
          scope: config.scopes,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          nonce,
          state,
        })
        pending.set(state, { verifier, nonce, next, untilMs: nowMs() + oidcPendingMs })
        const oldest = pending.size > maxPending ? pending.keys().next().value : undefined
        if (oldest !== undefined) pending.delete(oldest)
        return { kind: 'begun', url: url.href, state }
      } catch (error) {
        return { kind: 'unavailable', why: reasonOf(error) }
      }
    },
    finish: async (query, state) => {
      const begun = take(state)
      if (state === undefined || begun === undefined) {
        return { kind: 'refused', why: 'it was not begun in this browser, or too long ago' }
      }
      try {
        const known = await provider()
        const tokens = await authorizationCodeGrant(known, new URL(`${redirectUri}${query}`), {
          pkceCodeVerifier: begun.verifier,
          expectedNonce: begun.nonce,
          expectedState: state,
          idTokenExpected: true,
        })
        const claims = tokens.claims() ?? { sub: '' }
        const more =
          known.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await fetchUserInfo(known, tokens.access_token, claims.sub)
        return { ...personOf(config, { ...claims, ...more }), next: begun.next }
      } catch (error) {
        return { kind: isRefusal(error) ? 'refused' : 'unavailable', why: reasonOf(error) }
      }
    },
  }
}

/** Asked for at the first sign-in and again after a failure: the provider may start after us, and be away. */
function lazyProvider({ config, clientSecret }: OidcOptions): () => Promise<Configuration> {
  let known: Promise<Configuration> | undefined
  return () => {
    known ??= discovery(new URL(config.issuer), config.clientId, clientSecret, undefined, {
      timeout: config.timeoutMs / 1_000,
      // The configuration allows http on loopback alone.
      execute: config.issuer.startsWith('http:') ? [allowInsecureRequests] : [],
    }).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}

/** What says that the provider itself does not work, rather than that it refuses this person. */
const troubles = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
])

function isRefusal(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError) return error.error !== 'temporarily_unavailable'
  if (error instanceof ResponseBodyError) return error.error === 'invalid_grant'
  return error instanceof ClientError && !troubles.has(String(error.code))
}

const maxReasonChars = 300

/** Never what the provider sent in full: it may hold tokens. */
function reasonOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return (error.error_description ?? error.error).slice(0, maxReasonChars)
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined
  const code = cause !== undefined && 'code' in cause ? ` (${String(cause.code)})` : ''
  return error instanceof Error ? `${error.message}${code}` : 'unknown error'
}
