import { createHash, timingSafeEqual } from 'node:crypto'
import { roles } from '../../schemas/role.ts'
import type { Access } from '../access/access.ts'
import type { Session } from '../access/sessions.ts'
import type { ApiKey } from '../config/config.ts'
import type { Caller } from './caller.ts'

/** Who calls where nobody has to say who they are. */
export const anyone: Caller = { actor: 'unverified', personal: true, roles: new Set(roles) }
/** Who calls what is open to all, and does not say who they are. */
export const nobody: Caller = { actor: 'unverified', personal: false, roles: new Set() }

/**
 * Says who holds a key; `undefined`: nobody. Every key is compared, each in constant time, so that the time taken tells
 * nothing.
 */
export function keyHolders(keys: readonly ApiKey[]): (presented: string) => Caller | undefined {
  const known = keys.map(({ name, key, personalData, roles: held, regions }) => ({
    caller: { actor: name, personal: personalData, roles: new Set(held ?? roles), regions } satisfies Caller,
    digest: digestOf(key),
  }))
  return (presented) => {
    const digest = digestOf(presented)
    return known.filter((key) => timingSafeEqual(key.digest, digest))[0]?.caller
  }
}

/** Who is signed in by a session; `undefined` where they may not be any more. */
export function sessionHolder({ users }: Pick<Access, 'users'>, session: Session): Caller | undefined {
  const { actor, name, grant, by } = session
  switch (by) {
    case 'oidc':
      return grant === undefined
        ? undefined
        : {
            actor,
            name,
            personal: grant.personalData,
            roles: new Set(grant.roles),
            regions: grant.regions,
          }
    case 'password': {
      const user = users.get(actor)
      if (user === undefined || user.disabled) return undefined
      const { personalData: personal, regions } = user
      return { actor, name: user.name, personal, roles: new Set(user.roles), regions }
    }
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
