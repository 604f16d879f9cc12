import { z } from 'zod'
import { area } from './geo.ts'
import { instantInput } from './instant.ts'
import { service, symptom } from './service.ts'
import { bilingual, identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** Hand-published information (网维信息): what the NMS does not know, with a type that the operator names. */
export const advisoryPublished = z.strictObject({
  advisoryId: identifier,
  advisoryType: label,
  title: label,
  text: prose.optional(),
  area: area.optional(),
  elementIds: z.array(identifier).max(1000).default([]),
  network: identifier.optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
  /** Makes it a cause: a fibre cut, a mains failure, known to people before any alarm. */
  outage: z
    .strictObject({
      services: z.array(service).max(4).optional(),
      symptoms: z.array(symptom).max(12).optional(),
      expectedEnd: instantInput.optional(),
    })
    .optional(),
  /** Words for the customer; left out: the ruleset's. */
  words: bilingual.optional(),
})
export type AdvisoryPublished = z.infer<typeof advisoryPublished>

export const advisoryWithdrawn = z.strictObject({ advisoryId: identifier, note: prose.optional() })
export type AdvisoryWithdrawn = z.infer<typeof advisoryWithdrawn>
