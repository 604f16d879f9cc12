import { userName } from '../../schemas/user.ts'
import { createAttemptLimit } from './attempt-limit.ts'
import type { Passwords } from './passwords.ts'
import type { User } from './user-record.ts'
import type { Users } from './users.ts'

export type PasswordOutcome =
  | { readonly kind: 'fits'; readonly user: User }
  /** `user` only where there is such a one: what is typed in its place may be a password. */
  | {
      readonly kind: 'refused'
      readonly reason: 'unknown-user' | 'wrong-password' | 'disabled'
      readonly user?: string | undefined
    }
  /** `busy`: too many passwords are being compared just now. */
  | { readonly kind: 'wait' | 'busy'; readonly ms: number; readonly user?: string | undefined }

/** Judges a name and a password; `address` is where they came from. */
export type CheckPassword = (typed: string, password: string, address: string) => Promise<PasswordOutcome>

export interface SignInLimits {
  readonly signInWindowMs: number
  readonly maxSignInsPerAccount: number
  readonly maxSignInsPerAddress: number
  readonly maxPasswordChecks: number
}

export interface CheckPasswordOptions {
  readonly users: Pick<Users, 'get'>
  readonly passwords: Passwords
  readonly limits: SignInLimits
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

/** Of how many names and addresses failures are remembered. */
const maxRemembered = 20_000
const busyMs = 1_000

export function createPasswordCheck(options: CheckPasswordOptions): CheckPassword {
  const { users, passwords, limits, nowMs } = options
  const limitOf = (maxAttempts: number) =>
    createAttemptLimit({ maxAttempts, windowMs: limits.signInWindowMs, maxRemembered, nowMs })
  const byAccount = limitOf(limits.maxSignInsPerAccount)
  const byAddress = limitOf(limits.maxSignInsPerAddress)
  let checking = 0

  return async (typed, password, address) => {
    const name = userName.safeParse(typed).data
    const user = name === undefined ? undefined : users.get(name)
    if (checking >= limits.maxPasswordChecks) return { kind: 'busy', ms: busyMs, user: user?.user }
    const from = networkOf(address)
    const addressWaitMs = byAddress.begin(from)
    if (addressWaitMs > 0) return { kind: 'wait', ms: addressWaitMs, user: user?.user }
    const account = name ?? ''
    const accountWaitMs = byAccount.begin(account)
    if (accountWaitMs > 0) return { kind: 'wait', ms: accountWaitMs, user: user?.user }
    checking += 1
    try {
      const fits = await passwords.fits(password, user?.passwordHash)
      if (user === undefined) return { kind: 'refused', reason: 'unknown-user' }
      if (!fits) return { kind: 'refused', reason: 'wrong-password', user: user.user }
      if (user.disabled) return { kind: 'refused', reason: 'disabled', user: user.user }
    } finally {
      checking -= 1
    }
    byAccount.giveBack(account)
    byAddress.giveBack(from)
    return { kind: 'fits', user }
  }
}

/** Of IPv6 the first 64 bits: whoever has one address there has all. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
