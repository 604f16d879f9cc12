import { z } from 'zod'
import { locatedPoint } from './geo.ts'
import { instantInput } from './instant.ts'
import { service, symptom } from './service.ts'
import { identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** Is it the network at all? Billing and barring are `notNetwork`, handset, SIM and router `customerSide`. */
export const complaintScope = z.enum(['network', 'notNetwork', 'customerSide'])
export type ComplaintScope = z.infer<typeof complaintScope>

export const accountState = z.enum(['active', 'barred', 'suspended', 'allowance-used', 'unknown'])
export const deviceState = z.enum(['ok', 'faulty', 'unregistered', 'unknown'])
export const setting = z.enum(['indoor', 'basement-or-lift', 'outdoor', 'moving'])
export const pattern = z.enum(['sudden', 'intermittent', 'chronic'])
export const stillOut = z.enum(['yes', 'no', 'unknown'])

/** When the trouble was, which is not when the customer called. */
export const trouble = z
  .strictObject({
    from: instantInput.optional(),
    to: instantInput.optional(),
    uncertaintyMs: z
      .int()
      .min(0)
      .max(30 * 86_400_000)
      .optional(),
    pattern: pattern.optional(),
    /** The customer's words that `from` was read from; left out where the sender stated it. */
    fromWords: z.string().max(40).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    message: 'must not be earlier than from',
    path: ['to'],
  })

/** Where the trouble was, which is not where the customer called from. */
export const complaintPlace = z.strictObject({
  location: locatedPoint,
  uncertaintyMeters: z.number().min(0).max(100_000).optional(),
  source: z.enum(['words', 'map', 'home', 'network']).default('words'),
  name: label.optional(),
  placeId: identifier.optional(),
})

/** What the customer said to a confirming question: was it near this element, gap, cutover, or in this setting? */
export const confirmation = z.strictObject({
  about: z.strictObject({ kind: z.enum(['element', 'gap', 'cutover', 'advisory']), id: identifier }),
  answer: z.enum(['yes', 'no', 'unknown']),
})
export type Confirmation = z.infer<typeof confirmation>

const complaintFields = z.strictObject({
  /** Keyed hash of the customer's number or account; unknown customers count as one each. */
  customerRef: z.string().min(1).max(100).optional(),
  service: service.optional(),
  network: identifier.optional(),
  symptom: symptom.optional(),
  scope: complaintScope.default('network'),
  /** Which rule of the intake decided the scope. */
  scopeReason: label.optional(),
  trouble: trouble.default({}),
  reportedAt: instantInput,
  place: complaintPlace.optional(),
  setting: setting.optional(),
  stillOut: stillOut.default('unknown'),
  /** Last serving cell, site, or port: beats geometry. */
  servedBy: identifier.optional(),
  customerClass: label.optional(),
  /** Puts a callback first; no evidence. */
  escalated: z.boolean().optional(),
  channel: label.optional(),
  accountState: accountState.optional(),
  deviceState: deviceState.optional(),
  confirmations: z.array(confirmation).max(20).optional(),
  /** What the free text said, in the vocabulary's terms; the text itself is sealed. */
  wordFeatures: z.array(z.string().max(40)).max(64).optional(),
})

/** One customer, one trouble. */
export const complaintReceived = complaintFields.extend({ complaintId: identifier })
export type ComplaintReceived = z.infer<typeof complaintReceived>

export const complaintAmended = z.strictObject({
  complaintId: identifier,
  set: complaintFields.omit({ customerRef: true, reportedAt: true }).partial().extend({
    scope: complaintScope.optional(),
    trouble: trouble.optional(),
    stillOut: stillOut.optional(),
  }),
  unset: z
    .array(
      z.enum([
        'service',
        'network',
        'symptom',
        'place',
        'setting',
        'servedBy',
        'customerClass',
        'channel',
        'accountState',
        'deviceState',
        'confirmations',
      ]),
    )
    .optional(),
})
export type ComplaintAmended = z.infer<typeof complaintAmended>

export const complaintWithdrawn = z.strictObject({ complaintId: identifier, reason: prose.optional() })
export type ComplaintWithdrawn = z.infer<typeof complaintWithdrawn>

/** Customers without traffic (零通话), from a CRM job: weak evidence, many are merely away. */
export const customersSilentReported = z.strictObject({
  reportId: identifier,
  customers: z
    .array(
      z.strictObject({
        customerRef: z.string().min(1).max(100),
        silentSince: instantInput,
        location: locatedPoint.optional(),
        servedBy: identifier.optional(),
      }),
    )
    .min(1)
    .max(2000),
})
export type CustomersSilentReported = z.infer<typeof customersSilentReported>
