import { createHmac, hkdfSync } from 'node:crypto'
import { keyBytes } from './box.ts'

const refBytes = 16

/** The key of all references: the same in every process that has the same master key. */
export function refKeyOf(masterKey: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'causeway customer reference', keyBytes))
}

/**
 * The pseudonym of a phone number or account: a keyed hash (HMAC-SHA-256, cut to 128 bits, base64url). Spellings of one
 * number give one reference; without the key nobody can try numbers out.
 */
export function customerRefOf(key: Buffer, raw: string): string {
  return createHmac('sha256', key)
    .update(normaliseCustomer(raw))
    .digest()
    .subarray(0, refBytes)
    .toString('base64url')
}

/** Full-width signs, spaces, dashes, brackets, letter case and China's country code make no other customer. */
export function normaliseCustomer(raw: string): string {
  const compact = raw.normalize('NFKC').replace(/[\s\p{Dash}().]/gu, '')
  const mobile = /^(?:\+|00)?86(1\d{10})$/.exec(compact)?.[1]
  return mobile ?? compact.replace(/^00(?=[1-9]\d{6,})/, '+').toUpperCase()
}
