import { toInstant } from '../../schemas/instant.ts'
import type { CommandUserAdd, CommandUserChange } from '../../schemas/user.ts'
import type { AccessRecords, AccessWrite } from './access-records.ts'
import type { Passwords } from './passwords.ts'
import { endSessionsOf } from './sessions.ts'
import { isAdministrator, user, type User } from './user-record.ts'
import { changeOf, noteFor, rightsOf, type Unrecorded, type UserNote } from './user-journal.ts'

/** What became of a change to users. `no-administrator`: nobody would be left who may change users. */
export type UserOutcome =
  | { readonly kind: 'done'; readonly user: User }
  | { readonly kind: 'exists' | 'unknown' | 'no-administrator' | 'full' }

/** People with a password that is kept here. */
export interface Users {
  list(): readonly User[]
  get(user: string): User | undefined
  any(): boolean
  add(command: CommandUserAdd): Promise<UserOutcome>
  /** Ends the sessions of the user, as all changes below. */
  change(user: string, command: CommandUserChange): UserOutcome
  setPassword(user: string, password: string): Promise<UserOutcome>
  /** `orNone`: the last user may go. */
  remove(user: string, orNone?: 'orNone'): UserOutcome
}

export interface UsersOptions {
  readonly records: AccessRecords
  readonly passwords: Passwords
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly maxUsers: number
  /** Only where no server records what is done. */
  readonly unrecorded?: Unrecorded | undefined
}

const prefix = 'user/'

export function createUsers({ records, passwords, nowMs, maxUsers, unrecorded }: UsersOptions): Users {
  const note = (write: AccessWrite, told: Pick<UserNote, 'type' | 'data'>) => {
    if (unrecorded === undefined) return
    noteFor(write, { ...told, actor: unrecorded.actor, atMs: nowMs() } as UserNote, unrecorded)
  }
  const now = () => toInstant(nowMs())
  const get = (name: string): User | undefined => {
    const stored = records.get(prefix + name)
    return stored === undefined ? undefined : parsed(stored)
  }
  const list = () => [...records.scan(prefix)].map(([, text]) => parsed(text))
  const put = (write: AccessWrite, changed: User): UserOutcome => {
    write.put(prefix + changed.user, JSON.stringify(changed))
    return { kind: 'done', user: changed }
  }
  const replace = (name: string, change: (before: User) => User, passwordSet?: 'passwordSet'): UserOutcome =>
    records.change((write) => {
      const before = get(name)
      if (before === undefined) return { kind: 'unknown' }
      const after = { ...change(before), changedAt: now() }
      if (isAdministrator(before) && !isAdministrator(after) && !hasOther(list(), name)) {
        return { kind: 'no-administrator' }
      }
      endSessionsOf(records, write, name)
      note(write, { type: 'UserChanged', data: changeOf(after, passwordSet) })
      return put(write, after)
    })

  return {
    list,
    get,
    any: () => {
      for (const _ of records.scan(prefix)) return true
      return false
    },
    add: async ({ password, ...command }) => {
      const passwordHash = await passwords.hash(password)
      return records.change((write) => {
        const others = list()
        if (others.some((other) => other.user === command.user)) return { kind: 'exists' }
        if (others.length >= maxUsers) return { kind: 'full' }
        const added = { ...command, disabled: false, passwordHash, addedAt: now(), changedAt: now() }
        if (others.length === 0 && !isAdministrator(added)) return { kind: 'no-administrator' }
        note(write, { type: 'UserAdded', data: rightsOf(added) })
        return put(write, added)
      })
    },
    change: (name, { regions, ...command }) =>
      replace(name, (before) => ({
        ...before,
        name: command.name ?? before.name,
        roles: command.roles ?? before.roles,
        regions: regions === undefined ? before.regions : (regions ?? undefined),
        personalData: command.personalData ?? before.personalData,
        disabled: command.disabled ?? before.disabled,
      })),
    setPassword: async (name, password) => {
      const passwordHash = await passwords.hash(password)
      return replace(name, (before) => ({ ...before, passwordHash }), 'passwordSet')
    },
    remove: (name, orNone) =>
      records.change((write) => {
        const before = get(name)
        if (before === undefined) return { kind: 'unknown' }
        const all = list()
        const mayGo = !isAdministrator(before) || hasOther(all, name) || (orNone && all.length === 1)
        if (!mayGo) return { kind: 'no-administrator' }
        endSessionsOf(records, write, name)
        write.remove(prefix + name)
        note(write, { type: 'UserRemoved', data: { user: name } })
        return { kind: 'done', user: before }
      }),
  }
}

function hasOther(all: readonly User[], name: string): boolean {
  return all.some((other) => other.user !== name && isAdministrator(other))
}

function parsed(text: string): User {
  return user.parse(JSON.parse(text))
}
