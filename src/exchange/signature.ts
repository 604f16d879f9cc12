import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * A message between Causeway and an order system bears three headers: its idempotency key, when it was sent (seconds since 1970),
 * and `v1=` with the HMAC-SHA256, in hex, over that time, a dot and the body's bytes, under the secret that both know.
 */
export const headerNames = {
  delivery: 'causeway-delivery',
  timestamp: 'causeway-timestamp',
  signature: 'causeway-signature',
} as const

const version = 'v1='

export function signatureOf(secret: string, timestamp: string, body: Uint8Array | string): string {
  return version + createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
}

export interface Signed {
  readonly timestamp: string | undefined
  readonly signature: string | undefined
  readonly body: Uint8Array
}

/** What is wrong with a message, or `undefined`. Compared in constant time; one sent long ago is refused though it is genuine. */
export function signatureFault(
  { timestamp, signature, body }: Signed,
  {
    secret,
    nowMs,
    maxSkewMs,
  }: { readonly secret: string; readonly nowMs: number; readonly maxSkewMs: number },
): string | undefined {
  if (timestamp === undefined || signature === undefined) {
    return `needs the headers ${headerNames.timestamp} and ${headerNames.signature}`
  }
  if (!/^\d{1,12}$/.test(timestamp)) return `${headerNames.timestamp} must be seconds since 1970`
  const expected = Buffer.from(signatureOf(secret, timestamp, body))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return `${headerNames.signature} does not fit the body and the secret`
  }
  return Math.abs(nowMs - Number(timestamp) * 1000) > maxSkewMs
    ? `was sent more than ${maxSkewMs} ms away from now: send it anew, and look at both clocks`
    : undefined
}
