import { z } from 'zod'
import { role } from './role.ts'
import { label } from './text.ts'

/** What is shorter is guessed, whatever signs it holds (OWASP ASVS 4.0, 2.1.1). */
const minPasswordChars = 12
/** Hashing takes the longer the more there is. */
const maxPasswordChars = 200

/** Small and capital letters make no difference; a colon divides names that another system gave (`oidc:ana`). */
export const userName = z
  .string()
  .trim()
  .transform((name) => name.normalize('NFKC').toLowerCase())
  .pipe(
    z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,99}$/u, 'must be up to 100 letters, digits, . _ @ -'),
  )
  .refine((name) => name !== 'unverified', 'is what callers without a name are called')

export const newPassword = z
  .string()
  .min(minPasswordChars, `must have at least ${minPasswordChars} characters`)
  .max(maxPasswordChars, `must have at most ${maxPasswordChars} characters`)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')

const rightsFields = {
  roles: z.array(role).min(1).max(role.options.length),
  /** Ids of regions; left out: the whole network. */
  regions: z.array(z.string().min(1).max(50)).min(1).max(200).optional(),
  /** May see names, numbers and free text unmasked. */
  personalData: z.boolean(),
}

export const commandUserAdd = z.strictObject({
  user: userName,
  /** As people call them. */
  name: label.optional(),
  ...rightsFields,
  personalData: rightsFields.personalData.default(false),
  password: newPassword,
})
export type CommandUserAdd = z.infer<typeof commandUserAdd>

/** What is left out stays; `null` for regions is the whole network. */
export const commandUserChange = z.strictObject({
  name: label.optional(),
  roles: rightsFields.roles.optional(),
  regions: rightsFields.regions.unwrap().nullable().optional(),
  personalData: rightsFields.personalData.optional(),
  /** They cannot sign in, and everything that they have done stays theirs. */
  disabled: z.boolean().optional(),
})
export type CommandUserChange = z.infer<typeof commandUserChange>

export const commandUserPassword = z.strictObject({ password: newPassword })
export const commandOwnPassword = z.strictObject({
  current: z.string().max(maxPasswordChars),
  password: newPassword,
})
export const commandSignIn = z.strictObject({
  user: z.string().min(1).max(maxPasswordChars),
  password: z.string().min(1).max(maxPasswordChars),
})

/** A person who signs in with a password kept here. */
export const answerUser = z
  .strictObject({
    user: z.string(),
    name: z.string().optional(),
    ...rightsFields,
    disabled: z.boolean(),
    addedAt: z.string(),
    changedAt: z.string(),
    /** Where they are signed in, by how many browsers. */
    sessions: z.int(),
  })
  .meta({ id: 'User' })
export type AnswerUser = z.infer<typeof answerUser>

/** Who calls, and until when a session lasts. */
export const answerSession = z
  .strictObject({
    actor: z.string(),
    name: z.string().optional(),
    by: z.enum(['password', 'oidc', 'key', 'nothing']),
    ...rightsFields,
    /** To be sent as `x-csrf-token` with everything that changes something. */
    csrfToken: z.string().optional(),
    /** When it ends at the latest; without use it ends sooner. */
    expiresAt: z.string().optional(),
  })
  .meta({ id: 'Session' })
export type AnswerSession = z.infer<typeof answerSession>
