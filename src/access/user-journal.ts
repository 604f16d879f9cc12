import { z } from 'zod'
import { userAdded, userChanged, userRemoved } from '../../schemas/audit.ts'
import type { AccessRecords, AccessWrite } from './access-records.ts'
import type { User } from './user-record.ts'

/** What was done to users without a server, to be put into the audit log by the next one that runs. As stored. */
const userNote = z.discriminatedUnion('type', [
  z.object({ type: z.literal('UserAdded'), data: userAdded, actor: z.string(), atMs: z.number() }),
  z.object({ type: z.literal('UserChanged'), data: userChanged, actor: z.string(), atMs: z.number() }),
  z.object({ type: z.literal('UserRemoved'), data: userRemoved, actor: z.string(), atMs: z.number() }),
])
export type UserNote = Readonly<z.infer<typeof userNote>>

/** Who works on users where no server records it. */
export interface Unrecorded {
  readonly actor: string
  readonly randomId: () => string
}

const prefix = 'unrecorded/'

/** As part of the change itself, so that none goes without. */
export function noteFor(write: AccessWrite, note: UserNote, { randomId }: Unrecorded): void {
  const order = String(note.atMs).padStart(15, '0')
  write.put(`${prefix}${order}-${randomId()}`, JSON.stringify(note))
}

/** Gives each note to `record`, the oldest first, and forgets it once that has resolved. */
export async function recordNotes(
  records: AccessRecords,
  record: (note: UserNote) => Promise<void>,
): Promise<void> {
  const notes = Array.from(records.scan(prefix))
  for (const [key, text] of notes) {
    await record(userNote.parse(JSON.parse(text)))
    records.change((write) => write.remove(key))
  }
}

/** What a user may do, as the audit log tells it. */
export function rightsOf({ user, roles, regions, personalData }: User) {
  return {
    user,
    roles: [...roles],
    ...(regions === undefined ? {} : { regions: [...regions] }),
    personalData,
  }
}

/** The same after a change, with what else there is to tell. */
export function changeOf(user: User, passwordSet?: 'passwordSet') {
  return {
    ...rightsOf(user),
    ...(user.disabled ? { disabled: true as const } : {}),
    ...(passwordSet === undefined ? {} : { passwordSet: true as const }),
  }
}
