import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { Config } from '../config/config.ts'

type Where = Pick<Config, 'publicUrl'>

/** What browsers keep for us: the session, and while they are with a provider of OpenID Connect, what they must bring back. */
export type CookieKind = 'session' | 'oidc'

/** Over https the name binds the cookie to this very host (RFC 6265bis, 4.1.3.2): no neighbouring host can set it. */
function nameOf(kind: CookieKind, secure: boolean): string {
  return `${secure ? '__Host-' : ''}causeway-${kind}`
}

export function readCookie(request: FastifyRequest, where: Where, kind: CookieKind): string | undefined {
  const { cookie } = request.headers
  return cookie === undefined ? undefined : parseCookie(cookie)[nameOf(kind, isSecure(request, where))]
}

/** `value` left out: the browser is to forget it. */
export function writeCookie(
  { request, where, kind }: { request: FastifyRequest; where: Where; kind: CookieKind },
  reply: FastifyReply,
  value: { readonly text: string; readonly maxAgeMs: number } | undefined,
): void {
  const secure = isSecure(request, where)
  reply.header(
    'set-cookie',
    stringifySetCookie({
      name: nameOf(kind, secure),
      value: value?.text ?? '',
      maxAge: Math.floor((value?.maxAgeMs ?? 0) / 1_000),
      path: '/',
      httpOnly: true,
      // A provider sends browsers back by a link from its own site, which `strict` would leave without the cookie.
      sameSite: 'lax',
      secure,
    }),
  )
}

function isSecure(request: FastifyRequest, { publicUrl }: Where): boolean {
  return publicUrl?.startsWith('https:') ?? request.protocol === 'https'
}
