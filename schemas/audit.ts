import { z } from 'zod'
import { role } from './role.ts'
import { identifier, label } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/*
 * Who came in, what they saw, what they took along. `meta.actor` says who it was; none of it holds a password, a key or anything of
 * a customer but the ids of what was looked at. Written by the server alone, and no input of the engine.
 */

/** A route as it is declared, with its parameters' names: addresses as they are sent hold whatever the sender likes. */
const route = label

/** So many like it came before, since the last that was recorded, and were only counted. */
const unrecordedBefore = z.int().min(1).optional()

export const signedIn = z.strictObject({
  user: identifier,
  method: z.enum(['password', 'oidc']),
  /** The network address that it came from. */
  address: z.string().max(64).optional(),
})

export const signInRefused = z.strictObject({
  /** Only where there is such a user: what is typed in its place may be a password. */
  user: identifier.optional(),
  reason: z.enum(['unknown-user', 'wrong-password', 'too-many-attempts', 'disabled', 'not-entitled', 'oidc']),
  address: z.string().max(64).optional(),
  unrecordedBefore,
})

export const signedOut = z.strictObject({ user: identifier })

export const accessRefused = z.strictObject({
  method: z.string().min(1).max(20),
  route,
  reason: z.enum(['no-key', 'unknown-key', 'session-ended', 'csrf', 'role', 'region', 'personal-data']),
  /** What was asked for, where there is such a thing: what else stands in an address may be anything. */
  about: z.strictObject({ kind: z.string().min(1).max(40), id: z.string().min(1).max(500) }).optional(),
  unrecordedBefore,
})

/** The most things whose personal data one look may show. */
export const maxSeenAtOnce = 1_000

export const personalDataSeen = z.strictObject({
  /** All whose data were shown unmasked. */
  about: z
    .array(z.strictObject({ kind: z.enum(['complaint', 'customer']), id: identifier }))
    .min(1)
    .max(maxSeenAtOnce),
  /** The names of the fields, never what they hold. */
  fields: z.array(z.string().min(1).max(100)).max(50),
  route,
})
export type PersonalDataSeen = z.infer<typeof personalDataSeen>

/** Something left in bulk, or the audit log was read. Free of personal data, unless a `PersonalDataSeen` says otherwise. */
export const dataExported = z.strictObject({
  what: z.enum(['complaints', 'attributions', 'outages', 'events', 'audit', 'callbacks']),
  route,
  format: z.string().min(1).max(20),
  /** The period that was asked for, as it was asked. */
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  rows: z.int().min(0).optional(),
})

/** A customer's personal data are gone for ever. */
export const personalDataErased = z.strictObject({ customerRef: identifier, complaints: z.int().min(0) })

const userRights = {
  user: identifier,
  roles: z.array(role).max(20),
  /** Left out: the whole network. */
  regions: z.array(identifier).max(1_000).optional(),
  personalData: z.boolean(),
}
export const userAdded = z.strictObject(userRights)
export const userChanged = z.strictObject({
  ...userRights,
  disabled: z.literal(true).optional(),
  passwordSet: z.literal(true).optional(),
})
export const userRemoved = z.strictObject({ user: identifier })
