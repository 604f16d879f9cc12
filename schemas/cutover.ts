import { z } from 'zod'
import { area } from './geo.ts'
import { instantInput } from './instant.ts'
import { service, symptom } from './service.ts'
import { identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

const window = { plannedStart: instantInput, plannedEnd: instantInput }
const startsBeforeEnd = (cutover: { plannedStart: string; plannedEnd: string }): boolean =>
  cutover.plannedStart < cutover.plannedEnd
const endFirst = { message: 'must be later than plannedStart', path: ['plannedEnd'] }

/** Planned work, on elements or standing alone as a feature on the map. */
export const cutoverPlanned = z
  .strictObject({
    cutoverId: identifier,
    title: label,
    elementIds: z.array(identifier).max(1000).default([]),
    area: area.optional(),
    ...window,
    work: z.enum(['migration', 'swap', 'upgrade', 'maintenance', 'other']).default('other'),
    /** Left out: all services of the elements. */
    services: z.array(service).max(4).optional(),
    symptoms: z.array(symptom).max(12).optional(),
    description: prose.optional(),
    owner: label.optional(),
  })
  .refine(startsBeforeEnd, endFirst)
  .refine((cutover) => cutover.elementIds.length > 0 || cutover.area !== undefined, {
    message: 'needs elementIds or an area',
    path: ['elementIds'],
  })
export type CutoverPlanned = z.infer<typeof cutoverPlanned>

export const cutoverRescheduled = z
  .strictObject({ cutoverId: identifier, ...window, reason: prose.optional() })
  .refine(startsBeforeEnd, endFirst)
export type CutoverRescheduled = z.infer<typeof cutoverRescheduled>

/** `CutoverStarted` and `CutoverCancelled`; when, is the event's `occurredAt`. */
export const cutoverStep = z.strictObject({ cutoverId: identifier, reason: prose.optional() })
export type CutoverStep = z.infer<typeof cutoverStep>

export const cutoverFinished = z.strictObject({
  cutoverId: identifier,
  outcome: z.enum(['done', 'rolled-back']).default('done'),
})
export type CutoverFinished = z.infer<typeof cutoverFinished>
