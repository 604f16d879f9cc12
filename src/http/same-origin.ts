import type { FastifyRequest } from 'fastify'
import type { Config } from '../config/config.ts'

/** Methods that change nothing (RFC 9110, 9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export function isSafe({ method }: FastifyRequest): boolean {
  return safeMethods.has(method)
}

/** Whether a request comes from our own pages, as far as the browser says; what is no browser says nothing. */
export function isSameOrigin(request: FastifyRequest, { publicUrl }: Pick<Config, 'publicUrl'>): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin } = request.headers
  if (origin === undefined) return true
  const ours = publicUrl === undefined ? `${request.protocol}://${request.host}` : new URL(publicUrl).origin
  return origin === ours
}

/** A path of this server to go on at: never another host, however it is written. */
export function ownPath(next: string | undefined, otherwise: string): string {
  if (next === undefined || !/^\/(?![/\\])[^\\\p{C}]*$/u.test(next)) return otherwise
  const base = 'http://own.invalid'
  return URL.canParse(next, base) && new URL(next, base).origin === base ? next : otherwise
}
