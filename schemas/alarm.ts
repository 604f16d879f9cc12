import { z } from 'zod'
import { instantInput } from './instant.ts'
import { attributes, identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** Event types of 3GPP TS 28.111 (X.733 and X.736). */
export const alarmType = z.enum([
  'COMMUNICATIONS_ALARM',
  'QUALITY_OF_SERVICE_ALARM',
  'PROCESSING_ERROR_ALARM',
  'EQUIPMENT_ALARM',
  'ENVIRONMENTAL_ALARM',
  'INTEGRITY_VIOLATION',
  'OPERATIONAL_VIOLATION',
  'PHYSICAL_VIOLATION',
  'SECURITY_SERVICE_OR_MECHANISM_VIOLATION',
  'TIME_DOMAIN_VIOLATION',
  'OTHER',
])
export type AlarmType = z.infer<typeof alarmType>

export const perceivedSeverity = z.enum(['INDETERMINATE', 'CRITICAL', 'MAJOR', 'MINOR', 'WARNING'])
export type PerceivedSeverity = z.infer<typeof perceivedSeverity>

/** A standard name, a vendor's name, or a number; stored as text. */
const probableCause = z.union([label, z.int().transform(String)])

/** `alarmId` is the sender's id and is unique within its source. Raised again after its clear it is a new occurrence. */
export const alarmRaised = z.strictObject({
  alarmId: identifier,
  /** The managed object. An element that the inventory does not know is stored, and listed as unknown. */
  elementId: identifier,
  alarmType: alarmType.default('OTHER'),
  probableCause,
  specificProblem: label.optional(),
  perceivedSeverity: perceivedSeverity.default('INDETERMINATE'),
  text: prose.optional(),
  serviceAffecting: z.boolean().optional(),
  /** The NMS itself says that planned work causes it. */
  plannedOutage: z.boolean().optional(),
  attributes: attributes.optional(),
})
export type AlarmRaised = z.infer<typeof alarmRaised>

export const alarmChanged = z.strictObject({
  alarmId: identifier,
  perceivedSeverity: perceivedSeverity.optional(),
  text: prose.optional(),
  serviceAffecting: z.boolean().optional(),
  attributes: attributes.optional(),
})
export type AlarmChanged = z.infer<typeof alarmChanged>

/**
 * Ends an alarm: by its id, or by X.733's rule: every alarm on the object with the same type, probable cause and,
 * where given, specific problem.
 */
export const alarmCleared = z
  .strictObject({
    alarmId: identifier.optional(),
    elementId: identifier.optional(),
    alarmType: alarmType.optional(),
    probableCause: probableCause.optional(),
    specificProblem: label.optional(),
    reason: z.enum(['cleared', 'absent-from-snapshot', 'by-hand']).default('cleared'),
  })
  .refine(
    (clear) =>
      clear.alarmId !== undefined || (clear.elementId !== undefined && clear.probableCause !== undefined),
    {
      message: 'needs alarmId, or elementId with probableCause (and alarmType, specificProblem)',
      path: ['alarmId'],
    },
  )
export type AlarmCleared = z.infer<typeof alarmCleared>

/** What people do with an alarm. `source` and `alarmId` together name it. */
export const alarmAct = z.strictObject({
  alarmSource: identifier,
  alarmId: identifier,
  note: prose.optional(),
})
export type AlarmAct = z.infer<typeof alarmAct>

/** RFC 8632: shelving keeps the alarm's state and silences it. */
export const alarmShelved = alarmAct.extend({ until: instantInput.optional() })
export type AlarmShelved = z.infer<typeof alarmShelved>
