import { clientSecretOf, type OidcConfig } from '../config/oidc.ts'
import type { Limits } from '../config/limits.ts'
import type { AccessRecords } from './access-records.ts'
import { createOidc, type Oidc } from './oidc.ts'
import { createPasswords } from './passwords.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createPasswordCheck, type CheckPassword } from './sign-in.ts'
import { recordNotes, type Unrecorded, type UserNote } from './user-journal.ts'
import { createUsers, type Users } from './users.ts'

/** People: who there are, who is signed in, and how they come in. */
export interface Access {
  readonly users: Users
  readonly sessions: Sessions
  readonly checkPassword: CheckPassword
  /** Gives what was done to users without a server to `record`, and forgets it once that has resolved. */
  recordNotes(record: (note: UserNote) => Promise<void>): Promise<void>
  /** Only where a provider is configured. */
  readonly oidc?: Oidc | undefined
}

export interface AccessOptions {
  readonly records: AccessRecords
  readonly limits: Limits
  readonly oidc?: OidcConfig | undefined
  /** Where browsers find this server, without a slash at its end. */
  readonly publicUrl?: string | undefined
  readonly unrecorded?: Unrecorded | undefined
  /** The wall clock. Milliseconds since 1970. */
  readonly nowMs: () => number
}

/** Where a provider sends browsers back to. */
const callbackPath = '/v1/session/oidc/callback'

export function createAccess(options: AccessOptions): Access {
  const { records, limits, oidc, publicUrl, nowMs, unrecorded } = options
  const passwords = createPasswords()
  const users = createUsers({ records, passwords, nowMs, maxUsers: limits.maxUsers, unrecorded })
  return {
    users,
    sessions: createSessions({ records, limits, nowMs }),
    checkPassword: createPasswordCheck({ users, passwords, limits, nowMs }),
    recordNotes: (record) => recordNotes(records, record),
    ...(oidc === undefined || publicUrl === undefined
      ? {}
      : {
          oidc: createOidc({
            config: oidc,
            clientSecret: clientSecretOf(oidc),
            redirectUri: publicUrl + callbackPath,
            nowMs,
          }),
        }),
  }
}
