import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** Argon2id with 19 MiB and two passes, the library's own default (OWASP, Password Storage Cheat Sheet). */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes as long where there is no hash to compare with: the time tells nobody who has an account. */
  fits(password: string, stored: string | undefined): Promise<boolean>
}

export function createPasswords(): Passwords {
  let nobodys: Promise<string> | undefined
  return {
    hash: (password) => hash(bytesOf(password)),
    fits: async (password, stored) => {
      nobodys ??= hash(randomBytes(16))
      const fits = await verify(stored ?? (await nobodys), bytesOf(password))
      return stored !== undefined && fits
    },
  }
}

/** One spelling for what looks the same, whatever keyboard it came from. */
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'))
}
